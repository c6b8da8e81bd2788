(** D6.response, appendix D.1, proof of Theorem 3, step 3: the best response wastes much less. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
From Claims Require Import D6.
Open Scope R_scope.

(** Each step agent 1 plays its part of the secret with probability own, the others theirs with probability others.
    Much less: at most a share < 1 of the learner's waste. *)
Definition claim_D6_response : Prop := exists share, share < 1 /\ forall own others C,
  0 < own <= 1 -> 0 < others <= 1 -> (1 <= C)%nat -> waste others C <= share * waste (own * others) C.
