From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows.
From Claims Require Import B34.
From Instances Require Import B34.
Open Scope R_scope.

Theorem B34_refuted : ~ claim_B34.
Proof.
  intros C. specialize (C r bonus low own best). unfold r, bonus, low, own, best in C.
  assert (E : Rmax (0 + 0 - 1) 0 - (0 + 0) = Rmax (0 - 0 - 1) (0 - (0 + 1))) by (apply C; lra).
  rewrite Rmax_right, Rmax_left in E; lra.
Qed.
