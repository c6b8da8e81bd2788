From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Hardness Sums.
From Claims Require Import D7.
From Instances Require Import D7.
Open Scope R_scope.

(** Two episodes of one step in the trap, which play the two actions. *)
Theorem D7_refuted : ~ claim_D7.
Proof.
  intros C. specialize (C M 1%nat 2%nat (fun k j => nth j (nth k plays nil) 0%nat)). unfold M, plays in C.
  cbn in C. enough (E : Rmax (0 + 0 + 1) (0 + 1 + 0) = 0 + Rmax 0 1 + Rmax 1 0).
  { revert E. unfold Rmax. repeat destruct (Rle_dec _ _); lra. }
  apply C; [lia|]. intros k j. destruct k as [|[|k]]; [| |destruct k]; destruct j as [|[|j]]; cbn; lia.
Qed.
