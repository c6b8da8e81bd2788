(** B2, Lemma 5 with eq. (10): the span of the values whose worst case is eq. (10) as printed. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games.
From Claims Require Import A3.
Open Scope R_scope.

Definition by_eq_10 (n : nat) (P : nat -> nat -> nat -> vec) (rho : R) (H : nat) : nat -> nat -> nat -> vec -> R :=
  fun s a b V => real (eq_10 n (P s a b) V rho (INR H)).
(** With k steps to go the values of two states differ by at most min { 1 / rho, k }. *)
Definition claim_B2 : Prop := forall n A B r P pi rho H k s t,
  kernel n A B P -> rewards n A B r -> policy n A B pi -> 0 < rho <= 1 -> (k <= H)%nat -> (s < n)%nat -> (t < n)%nat ->
  let V := value A B r (by_eq_10 n P rho H) pi k in V s - V t <= Rmin (1 / rho) (INR k).
