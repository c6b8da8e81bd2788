From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Tactics.
From Claims Require Import B9.
From Instances Require Import B9.
Open Scope R_scope.

Theorem B9_refuted : ~ claim_B9.
Proof.
  intros C. specialize (C 1%nat nominal U L 1). unfold sdrop in C.
  rewrite (sup_is _ _ _ 1 1), (sup_is _ _ _ 0 0), (sup_is _ _ _ 0 0) in C;
    try (intros t T); try lra; unfold nominal, U, L in *; expand; try (cases_minmax; lra).
  enough (E : Rbar_le (1 - 0) 0) by (cbn in E; lra). apply C; [distribution|each_state; lra].
Qed.
