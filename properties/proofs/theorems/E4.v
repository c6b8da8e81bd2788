From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Hardness Sums Duality Values Tactics.
From Claims Require Import E4.
From Instances Require Import E4.
Import ListNotations.
Open Scope R_scope.

Lemma arm p : 0 < p < 1 -> simplex 2 (vector [1 - p; p]). Proof. intros. distribution. Qed.

(** From rho = - log (1 - p) on the arm may pay nothing. *)
Lemma nothing : real (g (1 / 2 + eps) radius) <= 0.
Proof.
  unfold g. eapply Rle_trans; [apply worst_le with (p := vector [1 - (1 / 2 + eps); 1 / 2 + eps]) (q := pure 0)|].
  - apply arm. unfold eps. lra.
  - apply kl_center; [unfold radius; lra|apply arm; unfold eps; lra].
  - apply simplex_pure. lia.
  - split; [unfold eps; each_state; lra|]. unfold eps, radius, pure. cbn. rewrite Rmult_0_l. interval with (i_prec 64).
  - rewrite expect_pure by lia. cbn. lra.
Qed.

Lemma something : 0 <= real (g (1 / 2) radius).
Proof.
  unfold g. apply worst_ge with (vector [1 - 1 / 2; 1 / 2]); [apply arm; lra|apply kl_center; [unfold radius; lra|apply arm; lra]|].
  intros q S _. by_minimum.
Qed.

Theorem E4_refuted : ~ claim_E4.
Proof.
  intros (k & K & C). specialize (C eps radius ltac:(unfold eps; lra) ltac:(unfold radius; lra)). assert (A := nothing). assert (B := something).
  unfold advantage in C. unfold eps in *. lra.
Qed.
