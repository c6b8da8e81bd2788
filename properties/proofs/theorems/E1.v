From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Hardness Sums Values Tactics.
From Claims Require Import E1.
From Instances Require Import E1.
Import ListNotations.
Open Scope R_scope.

Lemma above : real (g (1 / 2 + eps) radius) <= 6 / 10.
Proof.
  assert (S : simplex 2 (vector [1 - (1 / 2 + eps); 1 / 2 + eps])) by (unfold eps; distribution).
  unfold g. eapply Rle_trans; [apply worst_le with (p := vector [1 - (1 / 2 + eps); 1 / 2 + eps]) (q := vector [4 / 10; 6 / 10])|].
  - exact S.
  - apply kl_center; [unfold radius; lra|exact S].
  - distribution.
  - split; [unfold eps; each_state; lra|]. unfold eps, radius. cbn. interval with (i_prec 64).
  - cbn. lra.
Qed.

Theorem E1_refuted : ~ claim_E1.
Proof.
  intros C. specialize (C eps radius ltac:(unfold eps; lra) ltac:(unfold radius; lra)). assert (A := above).
  cbn [value sum] in C. unfold action_value, robust in C. rewrite kl_pure in C by (lia || (unfold radius; lra)).
  cbn [real] in C. unfold eps in *. lra.
Qed.
