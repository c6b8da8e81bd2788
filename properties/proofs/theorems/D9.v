From Coq Require Import Reals Lra Lia List Arith Bool.
From Drmg Require Import Rows Games Chance Hardness Sums Uniform Waste.
From Claims Require Import D9.
Open Scope R_scope.

(** Draw a joint action uniformly, and play it for ever: an agent alone escapes only if the other plays its part. *)
Definition const (i j : nat) : nat := i.

Lemma gains C a b i j : Rmax (gain_1 C a b (const i) (const j)) (gain_2 C a b (const i) (const j))
  <= INR C * ((if Nat.eqb j b then 1 else 0) * (if Nat.eqb i a then 0 else 1) + (if Nat.eqb i a then 1 else 0) * (if Nat.eqb j b then 0 else 1)).
Proof.
  unfold gain_1, gain_2. assert (P := pos_INR C).
  assert (E : forall x : bool, wasted C (fun _ => x) = if x then O else C).
  { intros [|]; [now apply wasted_always|now apply wasted_never]. }
  unfold both, const. rewrite !E. destruct (Nat.eqb i a), (Nat.eqb j b); cbn [andb INR]; apply Rmax_lub; lra.
Qed.

Theorem D9_refuted : ~ claim_D9.
Proof.
  intros (c & P & C). destruct (archimedean (2 / c)) as (m & M1 & L). set (M := (m + 1)%nat). assert (M2 : (2 <= M)%nat) by (unfold M; lia).
  assert (MP : 0 < INR M) by (apply lt_0_INR; lia).
  destruct (C M (M * M + 1)%nat (M * M)%nat M2 ltac:(nia) (uniform (M * M)) (fun w => const (w / M)) (fun w => const (w mod M))) as (a & b & A & B & G).
  - split; [intros; left; apply Rinv_0_lt_compat, lt_0_INR; nia|]. unfold uniform. rewrite sum_const. apply Rinv_r. rewrite mult_INR. nra.
  - rewrite plus_INR, mult_INR in G. cbn [INR] in G. rewrite Rmin_right in G by lra.
    replace (M * M + 1 - 1)%nat with (M * M)%nat in G by lia. set (T := INR (M * M)) in *. assert (ET : T = INR M * INR M) by apply mult_INR.
    assert (TP : 0 < T) by nra.
    set (one := fun i a => if Nat.eqb i a then 1 else 0). set (other := fun i a => if Nat.eqb i a then 0 else 1).
    assert (S1 : forall a, (a < M)%nat -> sum M (fun i => one i a) = 1).
    { intros d D. rewrite (sum_at M d); [unfold one; now rewrite Nat.eqb_refl|exact D|]. intros i _ N. unfold one. destruct (Nat.eqb_spec i d); easy. }
    assert (S0 : forall a, (a < M)%nat -> sum M (fun i => other i a) = INR M - 1).
    { intros d D. rewrite (sum_ext M _ (fun i => 1 - one i d)) by (intros; unfold one, other; destruct (Nat.eqb _ _); ring).
      rewrite sum_minus, S1, sum_const by exact D. ring. }
    assert (U : sum (M * M) (fun w => uniform (M * M) w * Rmax (gain_1 (M * M) a b (const (w / M)) (const (w mod M)))
                                                              (gain_2 (M * M) a b (const (w / M)) (const (w mod M)))) <= 2 * (INR M - 1)).
    { apply Rle_trans with (sum (M * M) (fun w => one (w mod M)%nat b * other (w / M)%nat a + one (w / M)%nat a * other (w mod M)%nat b)).
      - apply sum_le. intros w _. unfold uniform. fold T. assert (Z := gains (M * M) a b (w / M) (w mod M)). fold T in Z.
        apply Rmult_le_reg_l with T; [exact TP|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra. exact Z.
      - rewrite (sum_pairs M M (fun i j => one j b * other i a + one i a * other j b)) by lia.
        rewrite (sum_ext M _ (fun i => other i a + one i a * (INR M - 1))).
        + rewrite sum_plus, sum_scal_r, S0, S1 by exact A. lra.
        + intros i _. rewrite sum_plus, sum_scal_r, sum_scal, S1, S0 by exact B. ring. }
    assert (2 < c * INR M).
    { assert (2 / c < INR M) by (unfold M; rewrite plus_INR; cbn; lra). apply (Rmult_lt_compat_l c) in H; [|exact P].
      replace (c * (2 / c)) with 2 in H by (field; lra). lra. }
    assert (c * (INR M ^ 2) <= 2 * (INR M - 1)) by (eapply Rle_trans; [exact G|exact U]). nra.
Qed.
