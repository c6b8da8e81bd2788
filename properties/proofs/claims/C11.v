(** C11, eq. (132): empirical and true probabilities within constants of each other. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

Definition claim_C11 : Prop := forall n A H K p N, simplex n p -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= N < K)%nat ->
  with_chance n p N (1 - delta) (fun w => forall s, (s < n)%nat ->
    frequency n w s / exp 2 <= p s /\ p s / (8 * exp 2 * iota n A H K) <= frequency n w s / exp 2).
