From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Tactics.
From Claims Require Import B16.
From Instances Require Import B16.
Open Scope R_scope.

(** At (0, 0) the first agent's best reply is 1, the second's 0; at (1, 0) the second gets 1, not 0. *)
Theorem B16_refuted : ~ claim_B16.
Proof.
  intros C. specialize (C 2%nat 2%nat R1 R2 (nth 0 profile 0%nat) (nth 1 profile 0%nat) 1%nat 0%nat).
  unfold profile in C. cbn [nth] in C. destruct C as [_ C]; try lia; unfold R1, R2 in *.
  - each_state; lra.
  - each_state; lra.
  - cbn in C. lra.
Qed.
