From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A3.
From Instances Require Import A3.
Open Scope R_scope.

Lemma worst : worst_case 2 (tv 2 nominal radius) values = 0.
Proof.
  apply enclosed_exact, enclosed_by with (pure 0).
  - intros q S _. by_minimum.
  - apply simplex_pure; lia.
  - unfold nominal, radius. expand. cases_abs; lra.
  - rewrite expect_pure by lia. unfold values. cbn. lra.
Qed.

Lemma formula : eq_10 2 nominal values radius 1 = 1 / 2.
Proof.
  apply sup_is with 1; [lra| |]; unfold nominal, values, radius; expand; [|intros t T]; cases_minmax; lra.
Qed.

Theorem A3_refuted : ~ claim_A3.
Proof.
  intros C. specialize (C 2%nat nominal values radius 1). rewrite worst, formula in C.
  assert (E : Finite 0 = Finite (1 / 2)).
  { apply C; unfold nominal, values, radius; [distribution|lra|each_state; lra]. }
  injection E. lra.
Qed.
