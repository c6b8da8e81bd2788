From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Tactics Duality.
From Claims Require Import A3 B3.
From Instances Require Import B3.
Open Scope R_scope.

Lemma formula : eq_10 2 (pure 0) values radius 1 = 1 / 2.
Proof.
  apply sup_is with 1; [lra| |]; unfold values, radius; expand; [|intros t T]; cases_minmax; lra.
Qed.

Theorem B3_refuted : ~ claim_B3.
Proof.
  intros C. specialize (C values radius 1). rewrite formula in C. unfold values, radius in C. cbn in C.
  assert (E : Finite (1 / 2) = Finite ((1 - 1) * 1 + 1 * 0)) by (apply C; lra). injection E. lra.
Qed.
