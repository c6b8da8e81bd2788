From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums.
From Claims Require Import D6.
From Instances Require Import D6.
Open Scope R_scope.

(** At p = 1 nothing is wasted. *)
Theorem D6_refuted : ~ claim_D6.
Proof.
  intros (k & K & W). specialize (W p C). unfold p, C, waste in W. cbn in W.
  assert (k * Rmin (1 / 1) 1 <= 0 + (1 - 1) * 1) by (apply W; [lra|lia]). rewrite Rmin_right in H by lra. nra.
Qed.
