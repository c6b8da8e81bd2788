From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Hardness Sums Duality Values Tactics.
From Claims Require Import E5.
Import ListNotations.
Open Scope R_scope.

Lemma arm p : 0 < p < 1 -> simplex 2 (vector [1 - p; p]). Proof. intros. distribution. Qed.
Lemma range p rho : 0 < p < 1 -> 0 < rho -> 0 <= real (g p rho) <= 1.
Proof.
  intros P R. assert (S := arm p P). assert (K := kl_center 2 _ rho ltac:(lra) S). split.
  - apply worst_ge with (vector [1 - p; p]); auto. intros q Q _. by_minimum.
  - eapply Rle_trans; [apply (worst_le 2 _ _ (vector [1 - p; p]) S K _ S K)|]. cbn. lra.
Qed.

(** Uniform play: alone, an agent can only gain when the other happens to play its part, in K = M^2 episodes. *)
Theorem E5_refuted : ~ claim_E5.
Proof.
  intros (c & P & C). destruct (archimedean (/ c)) as (m & M1 & L). set (M := (m + 1)%nat). assert (MP : 0 < INR M) by (apply lt_0_INR; lia).
  destruct (C M (M * M)%nat 1 ltac:(unfold M; lia) ltac:(lia) ltac:(lra) (fun _ _ _ => / (INR M * INR M))) as (a & b & A & B & G).
  - intros _. split; [intros; left; apply Rinv_0_lt_compat; nra|]. rewrite !sum_const. field. lra.
  - rewrite sum_const, mult_INR in G. replace (INR M ^ 2 / (INR M * INR M)) with (1 * 1) in G by (field; lra).
    replace (INR M * INR M * INR M ^ 2) with ((INR M * INR M) * (INR M * INR M)) in G by ring.
    rewrite !sqrt_square in G by nra. unfold nash_gap, share_1, share_2 in G. rewrite sum_const in G. rewrite Rmax_left in G by lra.
    assert (D : advantage (1 / 4) 1 <= 1).
    { unfold advantage. assert (X := range (1 / 2 + 1 / 4) 1 ltac:(lra) ltac:(lra)). assert (Y := range (1 / 2) 1 ltac:(lra) ltac:(lra)). lra. }
    set (d := advantage (1 / 4) 1) in *. clearbody d.
    assert (H : INR M * INR M * (d * (INR M * / (INR M * INR M) - / (INR M * INR M))) = d * (INR M - 1)) by (field; lra).
    rewrite H in G. assert (1 < c * INR M).
    { assert (/ c < INR M) by (unfold M; rewrite plus_INR; cbn; lra). apply (Rmult_lt_compat_l c) in H0; [|exact P]. rewrite Rinv_r in H0; lra. }
    assert (1 <= INR M) by (unfold M; rewrite plus_INR; assert (0 <= INR m) by apply pos_INR; cbn; lra).
    assert (d * (INR M - 1) <= INR M - 1) by nra. nra.
Qed.
