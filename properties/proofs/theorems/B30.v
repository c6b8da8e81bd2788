From Coq Require Import Reals Lra Lia List Bool.
From Drmg Require Import Rows Games Chance Sums Tactics.
From Claims Require Import B30.
From Instances Require Import B30.
Open Scope R_scope.

(** Two outcomes; the second event fails at one of them, the third at the other. *)
Theorem B30_refuted : ~ claim_B30.
Proof.
  intros C. specialize (C n (uniform n) (1 / 2) (fun _ => false) (fun w => Nat.eqb w 0) (fun w => Nat.eqb w 1)).
  unfold n in C. revert C. cbv [probability uniform sum Nat.eqb orb]. intros C.
  enough (E : 0 + / INR 2 + / INR 2 <= 1 / 2) by (cbn in E; lra). apply C; try (cbn; lra). split; [each_state; lra|cbn; lra].
Qed.
