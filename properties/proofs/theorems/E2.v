From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Hardness Sums Duality Divergences Values Tactics.
From Claims Require Import E2.
From Instances Require Import E2.
Import ListNotations.
Open Scope R_scope.

Lemma arm p : 0 < p < 1 -> simplex 2 (vector [1 - p; p]). Proof. intros. distribution. Qed.

(** Primal: an adversary that is in the ball. *)
Lemma above : real (g (1 / 2 + eps) radius) <= 28 / 100.
Proof.
  unfold g. eapply Rle_trans; [apply worst_le with (p := vector [1 - (1 / 2 + eps); 1 / 2 + eps]) (q := vector [72 / 100; 28 / 100])|].
  - apply arm. unfold eps. lra.
  - apply kl_center; [unfold radius; lra|apply arm; unfold eps; lra].
  - distribution.
  - split; [unfold eps; each_state; lra|]. unfold eps, radius. cbn. interval with (i_prec 64).
  - cbn. lra.
Qed.

(** Dual: Donsker and Varadhan at x = 3. *)
Lemma below : 48 / 1000 <= real (g (1 / 2) radius).
Proof.
  unfold g. apply worst_ge with (vector [1 - 1 / 2; 1 / 2]); [apply arm; lra|apply kl_center; [unfold radius; lra|apply arm; lra]|].
  intros q S K. eapply Rle_trans; [|apply (kl_bound 2 _ (vector [0; 1]) radius (arm (1 / 2) ltac:(lra)) q 0 3 S K ltac:(lra))].
  unfold radius. cbn. interval with (i_prec 64).
Qed.

Theorem E2_refuted : ~ claim_E2.
Proof.
  intros C. specialize (C eps radius ltac:(unfold eps; lra) ltac:(unfold radius; lra)). assert (A := above). assert (B := below).
  unfold advantage in C. unfold eps in *. lra.
Qed.
