(** A11.corrected, eq. (31): values decrease as the radius grows. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

Definition claim_A11_corrected : Prop := forall n A B r P pi smaller larger k s,
  kernel n A B P -> policy n A B pi -> 0 <= smaller <= larger -> (s < n)%nat ->
  value A B r (robust n (tv_ball n larger) P) pi k s <= value A B r (robust n (tv_ball n smaller) P) pi k s.
