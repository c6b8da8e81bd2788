From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Hardness Sums Waste.
From Claims Require Import G5.
From Instances Require Import G5.
Open Scope R_scope.

(** Two steps: no plan wastes more than one, so that a small radius contradicts every constant. *)
Theorem G5_refuted : ~ claim_G5.
Proof.
  intros (k & P & C). assert (R1 : Rmin (k / 2) 1 <= k / 2) by apply Rmin_l. assert (R2 : 0 < Rmin (k / 2) 1) by (apply Rmin_glb_lt; lra).
  assert (R3 := Rmin_r (k / 2) 1).
  destruct (C M H (Rmin (k / 2) 1) ltac:(unfold M; lia) ltac:(unfold H; lia) ltac:(lra) (fun _ => 0%nat)) as (a & _ & L).
  unfold M, H in L. assert (W := wasted_most (2 - 1) (fun j => Nat.eqb 0 a)). apply le_INR in W. cbn [INR] in L, W.
  rewrite Rmin_left in L by lra. cbn [INR Nat.sub] in W. set (x := INR (wasted _ _)) in *. nra.
Qed.
