From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Sums Draws.
From Claims Require Import F2.
From Instances Require Import F2.
Import ListNotations.
Open Scope R_scope.

(** One step of 1 or -1 is always at the distance 1. *)
Theorem F2_refuted : ~ claim_F2.
Proof.
  intros C. specialize (C n (fun _ => 2) distance). unfold n, distance in C.
  destruct C as (event & D & H); [lia|intros; lra|lra|].
  assert (N : forall s, (s < 2)%nat -> event [s] = false).
  { intros s Hs. destruct (event [s]) eqn:E; [|reflexivity]. specialize (H [s] eq_refl E).
    destruct s as [|[|s]]; [| |lia]; cbn in H; revert H; unfold Rabs; destruct (Rcase_abs _); lra. }
  cbn in D. rewrite (N 0%nat), (N 1%nat) in D by lia.
  assert (exp (- 2 * (1 * (1 * 1)) / (0 + 2 * (2 * 1))) < 1) by interval with (i_prec 64). lra.
Qed.
