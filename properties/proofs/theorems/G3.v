From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games.
From Claims Require Import G3.
From Instances Require Import G3.
Open Scope R_scope.

Theorem G3_refuted : ~ claim_G3.
Proof.
  intros C. specialize (C n_states 4%nat H (1 / 10) radius (1 / 5)). unfold n_states, H, radius in C. cbn [INR] in C.
  match type of C with _ -> _ -> _ -> _ -> _ -> _ -> ?G => assert (D : G) by (apply C; lia || lra) end.
  revert D. apply Rlt_not_le. interval with (i_prec 64).
Qed.
