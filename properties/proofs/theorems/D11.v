From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Hardness Sums.
From Claims Require Import D11.
From Instances Require Import D11.
Open Scope R_scope.

(** Two actions: the learner plays the one that is paid. *)
Definition learner (paid : nat -> R) (j : nat) : nat := if Rlt_dec (paid 0%nat) 1 then 1 else 0.
Lemma reads a j : (a < 2)%nat -> learner (paid a) j = a.
Proof. intros H. unfold learner, paid. destruct a as [|[|a]]; [| |lia]; cbn; destruct (Rlt_dec _ _); try lra; reflexivity. Qed.

Theorem D11_refuted : ~ claim_D11.
Proof.
  intros (k & P & C). destruct (C M H ltac:(unfold M; lia) ltac:(unfold H; lia) learner) as (a & A & L). unfold M, H in *.
  cbn in L. rewrite reads, Nat.eqb_refl in L by exact A. cbn in L. rewrite Rmin_left in L by lra. nra.
Qed.
