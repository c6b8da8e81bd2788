From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Draws Tactics.
From Claims Require Import C11_above.
From Instances Require Import C11_above.
Import ListNotations.
Open Scope R_scope.

(** Of ten states of probability 1/10 the one that is drawn has the frequency 1. *)
Theorem C11_above_refuted : ~ claim_C11_above.
Proof.
  intros C. specialize (C 10%nat p N). unfold N in C.
  apply chance_of_one with (s := 0%nat) in C; try lia; try (unfold p; distribution); [|unfold p, delta; cbn; lra].
  assert (B := C 0%nat ltac:(lia)). rewrite frequency_of_one in B. unfold pure, p in B. cbn in B.
  assert (1 / 10 < 1 / exp 2) by interval with (i_prec 64). lra.
Qed.
