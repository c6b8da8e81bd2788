From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows.
From Claims Require Import C10.
From Instances Require Import C10.
Open Scope R_scope.

Theorem C10_refuted : ~ claim_C10.
Proof.
  intros C. specialize (C (n * n)%nat ltac:(unfold n; lia)). unfold n in C. cbn in C. rewrite sqrt_1 in C.
  assert (sqrt (2 / 1) < 3 / 2) by interval with (i_prec 64). lra.
Qed.
