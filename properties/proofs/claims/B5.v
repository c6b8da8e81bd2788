(** B5, eq. (5) against (48): the estimate of (5), clipped at H, is at most min { 1 / rho, H - h + 1 }. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** Optimistic estimates of one agent with k steps to go; the bonus beta is the same at every step. *)
Fixpoint optimistic (A : nat) (r : nat -> nat -> nat -> R) (sigma : nat -> nat -> nat -> vec -> R) (H beta : R) (k : nat) : vec :=
  match k with
  | O => fun _ => 0
  | S m => fun s => largest A (fun a => Rmin (action_value r sigma (optimistic A r sigma H beta m) s a 0 + beta) H)
  end.
Definition claim_B5 : Prop := forall n A r P rho f beta H k s,
  kernel n A 1 P -> rewards n A 1 r -> failure n A 1 P r f -> 0 < rho <= 1 -> 0 <= beta -> (0 < k <= H)%nat -> (s < n)%nat ->
  optimistic A r (robust n (tv_ball n rho) P) (INR H) beta k s <= Rmin (1 / rho) (INR k).
