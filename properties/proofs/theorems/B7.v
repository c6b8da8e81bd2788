From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows.
From Claims Require Import B7.
From Instances Require Import B7.
Open Scope R_scope.

Theorem B7_refuted : ~ claim_B7.
Proof.
  intros C. specialize (C m n_states 2%nat H K delta). unfold m, n_states, H, K, delta in C.
  cbv zeta in C. cbn [INR] in C. rewrite sqrt_1, exp_Ropp, exp_ln in C by lra.
  enough (E : 1 * (1 * (1 + 1) * (1 + 1) * ((1 + 1) * 1)) * ((1 + 1) * 1 * 1) *
          / ((1 + 1) ^ 2 * (1 + 1) * 1 ^ 2 * (1 * 1) / (1 / 20)) <= 1 / 20) by (field_simplify in E; lra).
  apply C; lia || lra.
Qed.
