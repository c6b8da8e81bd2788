From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Values Tactics.
From Claims Require Import C17.
Open Scope R_scope.

(** One state that pays 1: 1 = 1 + 1. *)
Definition P (s a b : nat) : vec := pure 0.
Definition sigma := robust 1 (tv_ball 1 0) P.
Lemma stays V : sigma 0%nat 0%nat 0%nat V = V 0%nat.
Proof.
  unfold sigma. rewrite (robust_tv 1 0 P 0 0 0 V 0 0); try lia; try lra; [reflexivity|].
  intros t Ht. replace t with 0%nat by lia. lra.
Qed.

Theorem C17_refuted : ~ claim_C17.
Proof.
  intros C. specialize (C 1%nat (fun _ _ _ => 1) P 0 0%nat 0%nat). cbv beta zeta in C. fold sigma in C.
  rewrite stays in C. cbn [best sum largest] in C. unfold action_value, others in C. cbn [sum] in C. rewrite !stays in C.
  enough (E : 0 + (0 + 1) * (1 + 0) = 1 + (0 + (0 + 1) * (1 + 0))) by lra. apply C; try lia; try lra.
  intros s a b _ _ _. apply simplex_pure. lia.
Qed.
