(** B30.corrected, Theorem 1, probability: three events that fail with at most delta each hold together with 1 - 3 delta. *)
From Coq Require Import Reals Bool.
From Drmg Require Import Rows Chance.
Open Scope R_scope.

Definition claim_B30_corrected : Prop := forall n p delta (fails1 fails2 fails3 : nat -> bool), simplex n p ->
  probability n p fails1 <= delta -> probability n p fails2 <= delta -> probability n p fails3 <= delta ->
  probability n p (fun w => fails1 w || fails2 w || fails3 w) <= 3 * delta.
