From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Duality Tactics.
From Claims Require Import G2.
From Instances Require Import G2.
Open Scope R_scope.

Theorem G2_refuted : ~ claim_G2.
Proof.
  intros C.
  assert (one : nash 2 2 R1 R2 0 (pure 0) (pure 0)).
  { split; intros z [N S]; unfold R1, R2; expand; assert (N0 := N 0%nat ltac:(lia)); assert (N1 := N 1%nat ltac:(lia)); lra. }
  assert (two : nash 2 2 R1 R2 0 (pure 1) (pure 1)).
  { split; intros z [N S]; unfold R1, R2; expand; assert (N0 := N 0%nat ltac:(lia)); assert (N1 := N 1%nat ltac:(lia)); lra. }
  assert (average : nash 2 2 R1 R2 ((0 + 0) / 2) (fun i => (pure 0 i + pure 1 i) / 2) (fun j => (pure 0 j + pure 1 j) / 2)).
  { apply C; auto; apply simplex_pure; lia. }
  destruct average as [_ A]. specialize (A (pure 1) (simplex_pure 2 1 ltac:(lia))). unfold R2 in A. expand. lra.
Qed.
