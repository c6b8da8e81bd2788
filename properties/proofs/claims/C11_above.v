(** C11.above, eq. (132), the first inequality: a next state that was seen is not rare. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

Definition claim_C11_above : Prop := forall n p N, simplex n p -> (1 <= N)%nat ->
  with_chance n p N (1 - delta) (fun w => forall s, (s < n)%nat -> frequency n w s / exp 2 <= p s).
