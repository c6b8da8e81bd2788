From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums.
From Claims Require Import D4.
From Instances Require Import D4.
Open Scope R_scope.

Theorem D4_refuted : ~ claim_D4.
Proof.
  intros C. specialize (C escape 1%nat). unfold escape in C. cbn in C.
  enough (E : 1 * 1 + (1 - 1) * 0 = 0 + 1 * 1 * (1 - 1 + 2)) by lra. apply C; [|lia].
  intros j. destruct j as [|[|j]]; lra.
Qed.
