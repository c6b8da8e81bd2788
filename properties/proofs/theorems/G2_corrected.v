From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Games Sums Values.
From Claims Require Import G2_corrected.
Open Scope R_scope.

Theorem G2_corrected_proved : claim_G2_corrected.
Proof.
  intros K gap H. destruct (least_some K gap ltac:(lia)) as (k & Hk & E). exists k. split; [exact Hk|]. rewrite <- E.
  assert (P : 0 < INR K) by (apply lt_0_INR; lia). apply Rmult_le_reg_l with (INR K); [exact P|].
  replace (INR K * (sum K gap / INR K)) with (sum K gap) by (field; lra). rewrite <- sum_const. apply sum_le. intros. now apply least_min.
Qed.
