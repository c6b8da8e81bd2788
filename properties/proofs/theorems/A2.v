From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A2.
From Instances Require Import A2.
Open Scope R_scope.

Lemma worst : worst_case 2 (tv 2 nominal radius) values = 0.
Proof.
  apply enclosed_exact, enclosed_by with (pure 0).
  - intros q S _. by_minimum.
  - apply simplex_pure; lia.
  - unfold nominal, radius. expand. cases_abs; lra.
  - rewrite expect_pure by lia. unfold values. cbn. lra.
Qed.

(** At lambda = 1/4 and eta = 1 the dual is 3/4. *)
Lemma formula : dual 2 nominal values radius (3 / 4).
Proof.
  exists (1 / 4), 1, (fun _ => 0). split; [lra|]. split.
  - unfold nominal, values. each_state; [lra|]. intros _. replace ((1 - 1) / (1 / 4)) with 0 by field. split.
    + intros x (t & T & ->). cbn. assert (0 <= Rabs (t - 1)) by apply Rabs_pos. lra.
    + intros b U. apply (U 0). exists 1. replace (1 - 1) with 0 by ring. rewrite Rabs_R0. split; lra.
  - unfold nominal, radius. cbn. field.
Qed.

Theorem A2_refuted : ~ claim_A2.
Proof.
  intros C. specialize (C 2%nat nominal values radius). rewrite worst in C.
  assert (U := proj1 (Lub_Rbar_correct (dual 2 nominal values radius)) (3 / 4) formula).
  rewrite <- C in U; [cbn in U; lra|unfold nominal; distribution|unfold radius; lra|unfold values; each_state; lra].
Qed.
