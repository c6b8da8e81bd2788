(** B4, Lemma 8, proof, eq. (48), with eq. (10): the clip of the action value. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
From Claims Require Import B2.
Open Scope R_scope.

(** With a failure state, eq. (10) and k + 1 steps to go, no action value exceeds min { 1 / rho, k + 1 }. *)
Definition claim_B4 : Prop := forall n A B r P pi rho H f k s a b,
  kernel n A B P -> rewards n A B r -> policy n A B pi -> failure n A B P r f -> 0 < rho <= 1 ->
  (k < H)%nat -> (s < n)%nat -> (a < A)%nat -> (b < B)%nat ->
  let sigma := by_eq_10 n P rho H in
  action_value r sigma (best A B r sigma pi k) s a b <= Rmin (1 / rho) (INR (S k)).
