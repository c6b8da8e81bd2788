(** B29.factors, definition of O-tilde: a regret of c sqrt K with a large enough factor c is not O-tilde of sqrt K. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** For some c it is more than log K sqrt K at every K. *)
Definition claim_B29_factors : Prop := exists c, forall K : nat, (1 <= K)%nat ->
  ln (INR K) * sqrt (INR K) <= c * sqrt (INR K).
