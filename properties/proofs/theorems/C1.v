From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Duality Divergences Draws Tactics.
From Claims Require Import C1.
Import ListNotations.
Open Scope R_scope.

Definition P := vector [0; 1].
Definition V := vector [0; 1].

(** In m^2 + 2 episodes iota grows like log m. *)
Lemma iota_grows x : 2 <= x -> 0 < ln (INR 2 ^ 3 * INR 1 * INR 1 ^ 2 * (x * x * sqrt (x * x)) / delta) <= 6 + 3 * x.
Proof.
  intros X. rewrite sqrt_square by lra. cbn [INR pow]. unfold delta.
  replace ((1 + 1) * ((1 + 1) * ((1 + 1) * 1)) * 1 * (1 * (1 * 1)) * (x * x * x) / (1 / 20)) with (160 * (x * (x * x))) by field.
  assert (0 < x * x) by nra. rewrite !ln_mult by (try lra; nra).
  assert (L := ln_le_sub x ltac:(lra)). assert (A : ln 160 <= 6) by interval with (i_prec 64).
  assert (B : 0 < ln 160) by interval with (i_prec 64). assert (C : 0 < ln x) by (rewrite <- ln_1; apply ln_increasing; lra). lra.
Qed.

(** Without a draw the frequencies are (1/2, 1/2); at the finest eta, 1 / (2 m), the distance is 2 m - log 2. *)
Theorem C1_refuted : ~ claim_C1.
Proof.
  intros (c & C). destruct (archimedean (12 + 6 * c ^ 2)) as (m & M & L). assert (Q := pow2_ge_0 c).
  assert (m12 : 12 < INR m) by lra. assert (M2 : (2 < m)%nat) by (apply INR_lt; cbn; lra).
  specialize (C 2%nat 1%nat 1%nat (m * m)%nat P V 1 0%nat).
  destruct C as (event & D & H); try lia; try lra; [unfold P; distribution|unfold V; each_state; lra|].
  assert (E : event [] = true) by (cbn in D; destruct (event []); [reflexivity|unfold delta in D; lra]).
  specialize (H [] eq_refl E 1%nat (/ INR 2) ltac:(lia) (least_of_uniform 2 ltac:(lia))). cbv zeta in H.
  unfold iota in H. rewrite mult_INR in H. set (x := INR m) in *.
  assert (I := iota_grows x ltac:(lra)). set (i := ln _) in *. clearbody i.
  rewrite sqrt_square in H by lra. unfold log_mean, P, V, frequency in H. cbn [expect sum vector nth INR] in H.
  unfold expect in H. cbn [sum vector nth] in H.
  replace (1 / (1 * (1 + 1) * x)) with (/ (2 * x)) in H by (field; lra).
  replace (- 0 / / (2 * x)) with 0 in H by (field; lra). replace (- (1) / / (2 * x)) with (- (2 * x)) in H by (field; lra).
  rewrite exp_0, Rmax_right in H by lra.
  replace (0 + 0 * 1 + 1 * exp (- (2 * x))) with (exp (- (2 * x))) in H by ring. rewrite ln_exp in H.
  assert (e := exp_pos (- (2 * x))).
  assert (B : ln (1 / 2) <= ln (0 + / (1 + 1) * 1 + / (1 + 1) * exp (- (2 * x)))) by (left; apply ln_increasing; lra).
  assert (G : - 1 <= ln (1 / 2)) by interval with (i_prec 64). set (y := ln (0 + _ + _)) in *. clearbody y.
  rewrite Rabs_pos_eq in H by lra.
  assert (R0 : 0 <= i / (1 * / (1 + 1))) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]).
  assert (S := sqrt_sqrt _ R0). assert (T := sqrt_pos (i / (1 * / (1 + 1)))). set (s := sqrt _) in *. clearbody s.
  replace (i / (1 * / (1 + 1))) with (2 * i) in S by (field; lra).
  assert ((2 * x - 1) * (2 * x - 1) <= c ^ 2 * (2 * i)).
  { apply Rle_trans with ((c * s) * (c * s)); [nra|]. rewrite <- S. right. ring. }
  assert (c ^ 2 * (2 * i) <= c ^ 2 * (2 * (6 + 3 * x))) by (apply Rmult_le_compat_l; lra). nra.
Qed.
