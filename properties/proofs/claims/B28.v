(** B28, eq. (37): (1 + 20 / H)^H is bounded by an absolute constant, e^20. *)
From Coq Require Import Reals.
Open Scope R_scope.

Definition claim_B28 : Prop := forall H : nat, (1 <= H)%nat -> (1 + 20 / INR H) ^ H <= exp 20.
