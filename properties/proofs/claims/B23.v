(** B23, eq. (29)-(32): the variance of the smallest radius in the place of each agent's. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** Two agents who are paid alike and have the radii rho and rho_min: Var of the next value of the one is at most
    that of the other, at every state and joint action with k + 1 steps to go. *)
Definition claim_B23 : Prop := forall n A r P pi rho rho_min f k s a,
  kernel n A 1 P -> rewards n A 1 r -> policy n A 1 pi -> failure n A 1 P r f -> 0 < rho_min <= rho -> rho <= 1 ->
  (s < n)%nat -> (a < A)%nat ->
  let V rho := value A 1 r (robust n (tv_ball n rho) P) pi k in
  variance n (P s a 0%nat) (V rho) <= variance n (P s a 0%nat) (V rho_min).
