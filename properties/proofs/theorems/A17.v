From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A17.
From Instances Require Import A17.
Open Scope R_scope.

(** The adversary moves all mass to the failure state. *)
Lemma worst : worst_case 3 (tv 3 nominal radius) values = expect 3 (pure 2) values.
Proof.
  apply enclosed_exact, enclosed_by with (pure 2).
  - intros q S _. rewrite expect_pure by lia. by_minimum.
  - apply simplex_pure; lia.
  - unfold nominal, radius. expand. cases_abs; lra.
  - lra.
Qed.

Theorem A17_refuted : ~ claim_A17.
Proof.
  intros C. specialize (C 3%nat nominal values radius (pure 2)).
  assert (Z : confined 3 nominal (pure 2)).
  { apply C; try lia; try (unfold radius; lra).
    - unfold nominal. distribution.
    - unfold values. each_state; lra.
    - reflexivity.
    - apply simplex_pure; lia.
    - unfold nominal, radius. expand. cases_abs; lra.
    - now rewrite worst. }
  assert (E : pure 2 2%nat = 0) by (apply Z; [lia|reflexivity]). unfold pure in E. cbn in E. lra.
Qed.
