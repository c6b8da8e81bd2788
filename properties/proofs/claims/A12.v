(** A12, definitions of robust equilibria against Definition 2: a policy without regret at s_1 is an equilibrium. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** Already for one agent: no gap at s_1 is no gap at any state. *)
Definition claim_A12 : Prop := forall n A r P pi rho k s1 s,
  kernel n A 1 P -> policy n A 1 pi -> 0 <= rho <= 1 -> (s1 < n)%nat -> (s < n)%nat ->
  let sigma := robust n (tv_ball n rho) P in
  gap A 1 r sigma pi k s1 <= 0 -> gap A 1 r sigma pi k s <= 0.
