(** What an event of large probability cannot avoid: outcomes that are likely enough. *)
From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Chance Sums.
Import ListNotations.
Open Scope R_scope.

(** The probability of a sequence of draws. *)
Fixpoint likelihood (p : vec) (w : list nat) : R := match w with nil => 1 | s :: w' => p s * likelihood p w' end.

Lemma drawn_range n p N event : simplex n p -> 0 <= drawn n p N event <= 1.
Proof.
  intros [P S]. revert event. induction N as [|N IH]; intros event; cbn; [destruct (event []); lra|]. split.
  - apply sum_nonneg. intros i Hi. apply Rmult_le_pos; [auto|apply IH].
  - rewrite <- S. apply sum_le. intros i Hi. rewrite <- (Rmult_1_r (p i)) at 2. apply Rmult_le_compat_l; [auto|apply IH].
Qed.

Lemma drawn_misses n p w event : simplex n p -> Forall (fun s => (s < n)%nat) w -> event w = false ->
  drawn n p (length w) event <= 1 - likelihood p w.
Proof.
  intros SP. assert (SP' := SP). destruct SP as [P S]. revert event. induction w as [|s w IH]; intros event F E; cbn.
  - rewrite E. lra.
  - inversion F as [|s' w' Hs Fw]; subst. specialize (IH (fun w => event (s :: w)) Fw E).
    apply Rle_trans with (sum n (fun i => p i - pure s i * (p s * likelihood p w))).
    + apply sum_le. intros i Hi. assert (R := drawn_range n p (length w) (fun w => event (i :: w)) SP'). assert (Pi := P i Hi).
      unfold pure. destruct (Nat.eqb_spec i s) as [->|N].
      * apply (Rmult_le_compat_l (p s)) in IH; [|exact Pi]. lra.
      * nra.
    + rewrite sum_minus, S, (sum_pure n s (fun _ => p s * likelihood p w)) by exact Hs. lra.
Qed.

Lemma chance_hits n p c A w : simplex n p -> Forall (fun s => (s < n)%nat) w -> 1 - likelihood p w < c ->
  with_chance n p (length w) c A -> A w.
Proof.
  intros S F L (event & C & H). apply H; [reflexivity|]. destruct (event w) eqn:E; [reflexivity|].
  assert (D := drawn_misses n p w event S F E). lra.
Qed.

(** One draw *)
Lemma chance_of_one n p c A s : simplex n p -> (s < n)%nat -> 1 - p s < c -> with_chance n p 1 c A -> A [s].
Proof.
  intros S H L C. apply (chance_hits n p c A [s]); auto. cbn. lra.
Qed.

Lemma frequency_of_one n s i : frequency n [s] i = pure s i.
Proof.
  unfold frequency, count, pure. cbn [count_occ length]. rewrite (Nat.eqb_sym i s).
  destruct (Nat.eq_dec s i) as [->|N]; [rewrite Nat.eqb_refl|destruct (Nat.eqb_spec s i); [easy|]]; cbn; field.
Qed.

Lemma least_of_pure n s p : (s < n)%nat -> (forall i, (i < n)%nat -> p i = pure s i) -> least_positive n p 1.
Proof.
  intros H E. split; [|split; [lra|]].
  - exists s. split; [exact H|]. rewrite E by exact H. unfold pure. now rewrite Nat.eqb_refl.
  - intros i Hi. rewrite E by exact Hi. unfold pure. destruct (Nat.eqb i s); lra.
Qed.

Lemma least_of_uniform n : (0 < n)%nat -> least_positive n (uniform n) (/ INR n).
Proof.
  intros H. assert (0 < INR n) by now apply lt_0_INR. split; [exists 0%nat; auto|]. split; [now apply Rinv_0_lt_compat|].
  intros. unfold uniform. lra.
Qed.

Lemma simplex_uniform n : (0 < n)%nat -> simplex n (uniform n).
Proof.
  intros H. assert (0 < INR n) by now apply lt_0_INR. split.
  - intros i _. left. now apply Rinv_0_lt_compat.
  - unfold uniform. rewrite sum_const. field. lra.
Qed.
