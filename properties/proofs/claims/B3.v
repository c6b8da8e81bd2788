(** B3, Example 1 and Lemma 5 against eq. (10): by eq. (10) the adversary forces a shock with probability rho. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
From Claims Require Import A3.
Open Scope R_scope.

(** The first step of Example 1: the good state, 0, stays good; the bad one, 1, is not worth more. *)
Definition claim_B3 : Prop := forall V rho H,
  0 <= rho <= 1 -> 0 <= V 1%nat <= V 0%nat -> V 0%nat <= H ->
  eq_10 2 (pure 0) V rho H = (1 - rho) * V 0%nat + rho * V 1%nat.
