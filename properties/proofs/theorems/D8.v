From Coq Require Import Reals Lra Lia List Arith.
From Drmg Require Import Rows Games Chance Hardness Sums Uniform Waste.
From Claims Require Import D8.
Open Scope R_scope.

(** Draw a joint action uniformly; the second agent repeats its part, the first sweeps through all actions. *)
Section Sweep.
  Variables M : nat.
  Hypothesis M2 : (2 <= M)%nat.
  Definition sweep (w j : nat) : nat := ((w / M + j) mod M)%nat.
  Definition repeated (w j : nat) : nat := (w mod M)%nat.

  Lemma meets a w : (a < M)%nat -> exists j, (j < M)%nat /\ sweep w j = a.
  Proof.
    intros A. exists ((a + M - (w / M) mod M) mod M)%nat. split; [apply Nat.mod_upper_bound; lia|]. unfold sweep.
    assert (R := Nat.mod_upper_bound (w / M) M ltac:(lia)). set (r := ((w / M) mod M)%nat) in *.
    rewrite Nat.add_mod_idemp_r by lia. rewrite (Nat.div_mod (w / M) M) by lia. fold r.
    replace (M * (w / M / M) + r + (a + M - r))%nat with (a + (w / M / M + 1) * M)%nat by nia.
    rewrite Nat.mod_add by lia. now apply Nat.mod_small.
  Qed.

  Lemma gain C a b w : (a < M)%nat -> gain_1 C a b (sweep w) (repeated w) <= if Nat.eqb (w mod M) b then INR (M - 1) else 0.
  Proof.
    intros A. unfold gain_1. destruct (Nat.eqb (w mod M) b) eqn:E.
    - destruct (meets a w A) as (j & J & S). assert (L : (wasted C (both a b (sweep w) (repeated w)) <= j)%nat).
      { apply wasted_before. unfold both, repeated. now rewrite S, Nat.eqb_refl, E. }
      assert (INR (wasted C (both a b (sweep w) (repeated w))) <= INR (M - 1)) by (apply le_INR; lia).
      assert (0 <= INR (wasted C (fun j => Nat.eqb (repeated w j) b))) by apply pos_INR. lra.
    - rewrite !wasted_never; [lra| |]; intros j; unfold both, repeated; rewrite E; [reflexivity|apply Bool.andb_false_r].
  Qed.
End Sweep.

(** Its regret is below 1 for every secret, and c M^2 is not. *)
Theorem D8_refuted : ~ claim_D8.
Proof.
  intros (c & P & C). destruct (archimedean (/ c)) as (m & M1 & L). set (M := (m + 1)%nat). assert (M2 : (2 <= M)%nat) by (unfold M; lia).
  assert (MP : 0 < INR M) by (apply lt_0_INR; lia).
  destruct (C M (M * M)%nat (M * M)%nat M2 ltac:(nia) (uniform (M * M)) (sweep M) (repeated M)) as (a & b & A & B & G).
  - split; [intros; left; apply Rinv_0_lt_compat, lt_0_INR; nia|]. unfold uniform. rewrite sum_const. apply Rinv_r. rewrite mult_INR. nra.
  - rewrite mult_INR in G. rewrite Rmin_left in G by lra.
    assert (U : sum (M * M) (fun w => uniform (M * M) w * gain_1 (M * M - 1) a b (sweep M w) (repeated M w)) <= 1).
    { apply Rle_trans with (sum (M * M) (fun w => / INR (M * M) * (if Nat.eqb (w mod M) b then INR (M - 1) else 0))).
      - apply sum_le. intros w _. apply Rmult_le_compat_l; [left; apply Rinv_0_lt_compat, lt_0_INR; nia|now apply gain].
      - rewrite sum_scal, (sum_pairs M M (fun i j => if Nat.eqb j b then INR (M - 1) else 0)) by lia.
        rewrite (sum_ext M _ (fun _ => INR (M - 1))).
        + rewrite sum_const, mult_INR, minus_INR by lia. cbn [INR]. apply Rmult_le_reg_l with (INR M * INR M); [nra|].
          rewrite <- Rmult_assoc, Rinv_r by nra. nra.
        + intros i _. rewrite (sum_at M b); [now rewrite Nat.eqb_refl|exact B|]. intros j _ N. destruct (Nat.eqb_spec j b); easy. }
    assert (1 < c * INR M).
    { assert (/ c < INR M) by (unfold M; rewrite plus_INR; cbn; lra). apply (Rmult_lt_compat_l c) in H; [|exact P]. rewrite Rinv_r in H; lra. }
    assert (1 <= INR M) by (apply (le_INR 1); lia). nra.
Qed.
