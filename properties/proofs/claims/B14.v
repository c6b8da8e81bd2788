(** B14, Lemma 11, term (i), eq. (86): Var[(a - X)+] <= Var[X]. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_B14 : Prop := forall n p X a, simplex n p -> variance n p (fun s => pos (a - X s)) <= variance n p X.
