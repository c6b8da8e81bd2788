From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows.
From Claims Require Import B8.
From Instances Require Import B8.
Open Scope R_scope.

Theorem B8_refuted : ~ claim_B8.
Proof.
  intros C. specialize (C (n * n)%nat ltac:(unfold n; lia)). unfold n in C. cbn in C.
  rewrite sqrt_1 in C. replace (4 / 1) with (2 * 2) in C by lra. rewrite sqrt_square in C; lra.
Qed.
