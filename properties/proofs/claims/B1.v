(** B1, Lemma 5: the span of robust values for total variation. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

Definition claim_B1 : Prop := forall n A B r P pi rho k s t,
  kernel n A B P -> rewards n A B r -> policy n A B pi -> 0 < rho <= 1 -> (s < n)%nat -> (t < n)%nat ->
  let V := value A B r (robust n (tv_ball n rho) P) pi k in V s - V t <= Rmin (1 / rho) (INR k).
