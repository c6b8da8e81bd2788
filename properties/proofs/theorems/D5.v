From Coq Require Import Reals Lra Lia.
From Interval Require Import Tactic.
From Drmg Require Import Rows Sums.
From Claims Require Import D6 D5 D5_tight.
From Theorems Require Import D5_tight.
Open Scope R_scope.

Theorem D5_proved : claim_D5.
Proof.
  intros p C P H. assert (L := half p C P H). assert (E : / exp 1 <= / 2) by interval with (i_prec 64).
  assert (0 <= (1 - p) / p) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]).
  assert (0 <= Rmin ((1 - p) / p) (INR C)) by (apply Rmin_glb; [assumption|apply pos_INR]). nra.
Qed.
