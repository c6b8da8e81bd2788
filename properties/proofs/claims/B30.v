(** B30, Theorem 1, probability: three events at the price of one. *)
From Coq Require Import Reals Bool.
From Drmg Require Import Rows Chance.
Open Scope R_scope.

(** Three events that fail with probability at most delta each hold together with 1 - delta. *)
Definition claim_B30 : Prop := forall n p delta (fails1 fails2 fails3 : nat -> bool), simplex n p ->
  probability n p fails1 <= delta -> probability n p fails2 <= delta -> probability n p fails3 <= delta ->
  probability n p (fun w => fails1 w || fails2 w || fails3 w) <= delta.
