From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Learning Sums Duality Divergences Values Tactics.
From Claims Require Import C1_which.
From Instances Require Import C1_which.
Import ListNotations.
Open Scope R_scope.

(** The frequencies err between two states of equal V: D = 0. *)
Lemma same eta : log_mean 3 Phat V eta = log_mean 3 P V eta.
Proof. unfold log_mean, Phat, P, V. f_equal. cbn. lra. Qed.

Lemma above : 38 / 100 <= real (worst_case 3 (kl 3 Phat radius) U).
Proof.
  apply worst_ge with Phat; [unfold Phat; distribution|apply kl_center; [unfold radius; lra|unfold Phat; distribution]|].
  intros q S B. eapply Rle_trans; [|apply (kl_bound 3 Phat U radius ltac:(unfold Phat; distribution) q 0 2 S B ltac:(lra))].
  unfold Phat, U, radius. cbn. interval with (i_prec 64).
Qed.

Lemma below : real (worst_case 3 (kl 3 P radius) U) <= 19 / 100.
Proof.
  eapply Rle_trans; [apply worst_le with (p := P) (q := vector [81 / 100; 19 / 200; 19 / 200])|].
  - unfold P. distribution.
  - apply kl_center; [unfold radius; lra|unfold P; distribution].
  - distribution.
  - split; [unfold P; each_state; lra|]. unfold P, radius. cbn. interval with (i_prec 64).
  - unfold U. cbn. lra.
Qed.

Theorem C1_which_refuted : ~ claim_C1_which.
Proof.
  intros (c & C). specialize (C 3%nat P Phat V U radius 0 1%nat (100 * 100)%nat).
  rewrite mult_INR, sqrt_square in C by apply pos_INR. assert (A := above). assert (B := below).
  rewrite Rabs_pos_eq in C by lra.
  assert (real (worst_case 3 (kl 3 Phat radius) U) - real (worst_case 3 (kl 3 P radius) U)
          <= c * INR 1 / radius * 0 + 1 / INR 100).
  { apply C; try lia; try (unfold radius; lra).
    - unfold P. distribution.
    - unfold Phat. distribution.
    - unfold P, Phat, V, U. each_state; lra.
    - intros eta _. rewrite same, Rminus_eq_0, Rabs_R0. lra. }
  rewrite Rmult_0_r in H. rewrite (INR_IZR_INZ 100) in H. change (IZR (Z.of_nat 100)) with 100 in H. lra.
Qed.
