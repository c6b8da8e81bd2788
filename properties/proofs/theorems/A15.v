From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Coquelicot.
From Drmg Require Import Rows Sums.
From Claims Require Import A15.
Open Scope R_scope.

(** An algorithm that errs once, in episode m: its regret is 1 at most. *)
Lemma once m K : 0 <= regret (pure m) K <= 1.
Proof.
  unfold regret. induction K as [|K IH]; cbn [sum]; [lra|].
  destruct (Nat.eq_dec K m) as [->|N].
  - assert (Z : sum m (pure m) = 0).
    { rewrite (sum_ext m _ (fun _ => 0)); [apply sum_0|]. intros i Hi. unfold pure. destruct (Nat.eqb_spec i m); [lia|reflexivity]. }
    rewrite Z. unfold pure. rewrite Nat.eqb_refl. lra.
  - unfold pure at 2 4. destruct (Nat.eqb_spec K m); [lia|]. lra.
Qed.

Theorem A15_refuted : ~ claim_A15.
Proof.
  intros (c & C). destruct (archimedean c) as (m & _ & M). specialize (C (pure m)).
  assert (G : pure m m <= c * (regret (pure m) (S m) / INR (S m))).
  { apply C.
    - intros k. unfold pure. destruct (Nat.eqb k m); lra.
    - apply is_lim_seq_le_le with (u := fun _ => 0) (w := fun K => / INR K).
      + intros K. assert (O := once m K). unfold Rdiv. destruct K as [|K].
        * cbn. unfold regret. cbn. rewrite Rmult_0_l. split; [lra|]. destruct (Req_dec (/ 0) 0); [lra|].
          rewrite Rinv_0. lra.
        * assert (0 < / INR (S K)) by (apply Rinv_0_lt_compat, lt_0_INR; lia). split; nra.
      + apply is_lim_seq_const.
      + apply (is_lim_seq_inv INR p_infty); [apply is_lim_seq_INR|easy]. }
  unfold pure at 1 in G. rewrite Nat.eqb_refl in G. assert (O := once m (S m)).
  assert (P : 0 < INR (S m)) by (apply lt_0_INR; lia). rewrite S_INR in *.
  destruct (Rle_dec c 0) as [L|L].
  - assert (0 <= regret (pure m) (S m) / (INR m + 1)) by (apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]). nra.
  - assert (regret (pure m) (S m) / (INR m + 1) <= 1 / (INR m + 1)).
    { apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|lra]. }
    assert (c * (1 / (INR m + 1)) < 1).
    { apply Rmult_lt_reg_r with (INR m + 1); [exact P|]. replace (c * (1 / (INR m + 1)) * (INR m + 1)) with c by (field; lra). lra. }
    assert (c * (regret (pure m) (S m) / (INR m + 1)) <= c * (1 / (INR m + 1))) by (apply Rmult_le_compat_l; lra). lra.
Qed.
