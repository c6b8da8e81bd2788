From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Chance Sums Tactics.
From Claims Require Import G2_random.
From Instances Require Import G2_random.
Open Scope R_scope.

(** Two of the three gaps are above their mean. *)
Theorem G2_random_refuted : ~ claim_G2_random.
Proof.
  intros C. specialize (C 3%nat gaps delta ltac:(lia)). unfold gaps, delta in C.
  assert (P : probability 3 (uniform 3) (fun k => negb (Nat.eqb k 0)) <= 1 / 2).
  { apply C; [intros k; destruct k as [|[|[|[|k]]]]; cbn; lra|lra|]. intros k Hk.
    destruct k as [|[|[|k]]]; [| | |lia]; cbn; split; intros; try easy; lra. }
  revert P. unfold probability, uniform. cbn. lra.
Qed.
