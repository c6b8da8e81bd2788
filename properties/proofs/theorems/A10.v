From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A10.
From Instances Require Import A10.
Open Scope R_scope.

Lemma worst (V : vec) : V 0%nat = 1 -> 0 <= V 1%nat <= 1 -> worst_case 2 (tv 2 nominal radius) V = V 1%nat.
Proof.
  intros V0 V1. apply enclosed_exact, enclosed_by with (pure 1).
  - intros q S _. by_minimum; rewrite ?V0; lra.
  - apply simplex_pure; lia.
  - unfold nominal, radius. expand. cases_abs; lra.
  - rewrite expect_pure by lia. lra.
Qed.

Theorem A10_refuted : ~ claim_A10.
Proof.
  intros C. specialize (C 2%nat nominal U L radius). rewrite !worst in C by (unfold U, L; cbn; lra).
  assert (E : U 1%nat - L 1%nat <= expect 2 nominal (fun s => U s - L s)).
  { apply C; unfold nominal, radius, U, L; [distribution|lra|each_state; lra]. }
  revert E. unfold nominal, U, L. cbn. lra.
Qed.
