From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A1.
From Instances Require Import A1.
Open Scope R_scope.

Lemma everywhere : worst_case 2 (tv 2 nominal radius) values = 0.
Proof.
  apply enclosed_exact, enclosed_by with (pure 0).
  - intros q S _. by_minimum.
  - apply simplex_pure; lia.
  - unfold nominal, radius. expand. cases_abs; lra.
  - rewrite expect_pure by lia. unfold values. cbn. lra.
Qed.

Lemma on_support : worst_case 2 (within 2 nominal (tv 2 nominal radius)) values = 1.
Proof.
  apply enclosed_exact, enclosed_by with nominal.
  - intros q [N S] [K _]. assert (q 0%nat = 0) by (apply K; [lia|reflexivity]). unfold values. expand. lra.
  - unfold nominal. distribution.
  - split; [intros s _ E; exact E|apply tv_center; unfold radius; lra].
  - unfold nominal, values. cbn. lra.
Qed.

Theorem A1_refuted : ~ claim_A1.
Proof.
  intros C. specialize (C 2%nat nominal values radius). rewrite everywhere, on_support in C.
  assert (E : Finite 0 = Finite 1).
  { apply C; unfold nominal, values, radius; [distribution|lra|each_state; lra]. }
  injection E. lra.
Qed.
