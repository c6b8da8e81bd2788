(** Uniform draws of a pair of actions, as one draw of M * M. *)
From Coq Require Import Reals Lra Lia Arith.
From Drmg Require Import Rows Sums.
Open Scope R_scope.

Lemma sum_add n m f : sum (n + m) f = sum n f + sum m (fun j => f (n + j)%nat).
Proof. induction m as [|m IH]; cbn; [rewrite Nat.add_0_r; ring|]. rewrite Nat.add_succ_r. cbn. rewrite IH. ring. Qed.

Lemma sum_pairs n m (f : nat -> nat -> R) : (0 < m)%nat ->
  sum (n * m) (fun w => f (w / m)%nat (w mod m)%nat) = sum n (fun i => sum m (f i)).
Proof.
  intros H. induction n as [|n IH]; [reflexivity|]. cbn [sum]. rewrite <- IH. replace (S n * m)%nat with (n * m + m)%nat by lia.
  rewrite sum_add. f_equal. apply sum_ext. intros j Hj. f_equal.
  - rewrite Nat.add_comm, Nat.div_add, Nat.div_small by lia. lia.
  - rewrite Nat.add_comm, Nat.mod_add, Nat.mod_small by lia. reflexivity.
Qed.

(** A sum to which one index alone contributes. *)
Lemma sum_at n s f : (s < n)%nat -> (forall i, (i < n)%nat -> i <> s -> f i = 0) -> sum n f = f s.
Proof.
  intros H Z. rewrite (sum_ext n f (fun i => pure s i * f i)); [now apply sum_pure|].
  intros i Hi. unfold pure. destruct (Nat.eqb_spec i s); [ring|]. rewrite Z; auto. ring.
Qed.
Lemma sum_at_le n s f c : (s < n)%nat -> (forall i, (i < n)%nat -> i <> s -> f i = 0) -> f s <= c -> sum n f <= c.
Proof. intros H Z L. now rewrite (sum_at n s). Qed.
