From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Tactics.
From Claims Require Import A13.
From Instances Require Import A13.
Open Scope R_scope.

Definition P (a : nat) : vec := if Nat.eqb a 0 then on else off.
Definition r (a : nat) : R := if Nat.eqb a 0 then 1 else 0.

Theorem A13_refuted : ~ claim_A13.
Proof.
  intros C. specialize (C 2%nat 2%nat P r 0%nat 1 1%nat 0%nat).
  assert (1 <= P 1%nat 0%nat); [|unfold P, off in *; cbn in *; lra]. apply C; try lia; unfold P, r, on, off.
  - each_state; distribution.
  - each_state; lra.
  - each_state; lra.
  - cbn. lra.
Qed.
