From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar Lub.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Sums Duality Divergences Values Tactics.
From Claims Require Import A4.
Import ListNotations.
Open Scope R_scope.

Definition P := vector [1 / 2; 1 / 2].
Definition V := vector [0; 1].

Lemma worst : worst_case 2 (kl 2 P 1) V = 0.
Proof.
  apply enclosed_exact, enclosed_by with (pure 0).
  - intros q S _. by_minimum.
  - apply simplex_pure; lia.
  - split; [unfold P; each_state; lra|]. unfold P, pure. cbn. rewrite Rmult_0_l. interval with (i_prec 64).
  - rewrite expect_pure by lia. unfold V. cbn. lra.
Qed.

(** Whatever eta_low, all values of the dual stay below 0. *)
Lemma formula low : 0 < low -> Rbar_le (eq_11 2 P V 1 1 low) (- (3 / 10) * low).
Proof.
  intros L. apply (proj2 (Lub_Rbar_correct _)). intros x (t & T & ->). unfold P, V. cbn.
  replace (- 0 / t) with 0 by (field; lra). rewrite exp_0. set (e := exp (- (1) / t)).
  assert (E : 0 < e) by apply exp_pos.
  assert (B : ln (1 / 2) <= ln (0 + 1 / 2 * 1 + 1 / 2 * e)) by (left; apply ln_increasing; lra).
  assert (C : - (7 / 10) <= ln (1 / 2)) by interval with (i_prec 64).
  set (y := ln (0 + 1 / 2 * 1 + 1 / 2 * e)) in *. nra.
Qed.

Theorem A4_refuted : ~ claim_A4.
Proof.
  intros (low & L & C). specialize (C 2%nat P V 1 1). assert (F := formula low L).
  rewrite <- C, worst in F; [cbn in F; lra|unfold P; distribution|lra|unfold V; each_state; lra|].
  exists 0%nat, 1%nat. unfold P, V. cbn. repeat split; try lia; lra.
Qed.
