From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Sums Duality Divergences Values Tactics.
From Claims Require Import C6.
From Instances Require Import C6.
Import ListNotations.
Open Scope R_scope.

Lemma row : simplex 2 nominal. Proof. unfold nominal. distribution. Qed.
Lemma center : kl 2 nominal radius nominal. Proof. apply kl_center; [unfold radius; lra|exact row]. Qed.

Lemma upper : 1 <= real (worst_case 2 (kl 2 nominal radius) U).
Proof. apply worst_ge with nominal; [exact row|exact center|]. intros q S _. by_minimum. Qed.

Lemma lower : real (worst_case 2 (kl 2 nominal radius) L) <= 2 / 100.
Proof.
  eapply Rle_trans; [apply (worst_le 2 _ L nominal row center (vector [98 / 100; 2 / 100]))|].
  - distribution.
  - split; [unfold nominal; each_state; lra|]. unfold nominal, radius. cbn. interval with (i_prec 64).
  - unfold L. cbn. lra.
Qed.

Theorem C6_refuted : ~ claim_C6.
Proof.
  intros C. specialize (C 2%nat nominal U L radius (INR H) row). assert (A := upper). assert (B := lower).
  assert (E : exp (INR H) < 2.94) by (unfold H; cbn [INR]; interval with (i_prec 64)).
  assert (D : expect 2 nominal (fun s => U s - L s) = 1 / 3) by (unfold nominal, U, L; cbn; lra). rewrite D in C.
  assert (real (worst_case 2 (kl 2 nominal radius) U) - real (worst_case 2 (kl 2 nominal radius) L) <= exp (INR H) * (1 / 3)); [|lra].
  apply C; [unfold radius; lra|unfold U, L, H; each_state; lra].
Qed.
