From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Duality Divergences Draws Tactics.
From Claims Require Import C1_one_visit.
Import ListNotations.
Open Scope R_scope.

(** The bad state has probability 1/100 and the value 0. *)
Definition P := vector [1 / 100; 99 / 100].
Definition V := vector [0; 1].

Lemma iota_grows x : 2 <= x -> 0 < ln (INR 2 ^ 3 * INR 1 * INR 1 ^ 2 * (x * x * sqrt (x * x)) / delta) <= 6 + 3 * x.
Proof.
  intros X. rewrite sqrt_square by lra. cbn [INR pow]. unfold delta.
  replace ((1 + 1) * ((1 + 1) * ((1 + 1) * 1)) * 1 * (1 * (1 * 1)) * (x * x * x) / (1 / 20)) with (160 * (x * (x * x))) by field.
  assert (0 < x * x) by nra. rewrite !ln_mult by (try lra; nra).
  assert (L := ln_le_sub x ltac:(lra)). assert (A : ln 160 <= 6) by interval with (i_prec 64).
  assert (B : 0 < ln 160) by interval with (i_prec 64). assert (C : 0 < ln x) by (rewrite <- ln_1; apply ln_increasing; lra). lra.
Qed.

(** After one visit, which led to the good state, the distance at the finest eta is 2 m - log 100 at least. *)
Theorem C1_one_visit_refuted : ~ claim_C1_one_visit.
Proof.
  intros (c & C). destruct (archimedean (12 + 6 * c ^ 2)) as (m & M & L). assert (Q := pow2_ge_0 c).
  assert (m12 : 12 < INR m) by lra. assert (M2 : (2 < m)%nat) by (apply INR_lt; cbn; lra).
  specialize (C 2%nat 1%nat 1%nat (m * m)%nat P V 1 1%nat).
  apply chance_of_one with (s := 1%nat) in C; try lia; try lra; try (unfold P; distribution); try (unfold V; each_state; lra);
    try (unfold P, delta; cbn; lra); try nia.
  specialize (C 1%nat 1 ltac:(lia) (least_of_pure 2 1 _ ltac:(lia) (fun i _ => frequency_of_one 2 1 i))). cbv zeta in C.
  unfold iota in C. rewrite mult_INR in C. set (x := INR m) in *.
  assert (I := iota_grows x ltac:(lra)). set (i := ln (INR 2 ^ 3 * _ * _ * _ / _)) in *. clearbody i.
  rewrite sqrt_square in C by lra. unfold log_mean, P, V, expect in C. cbn [sum vector nth] in C.
  rewrite !frequency_of_one in C. unfold pure in C. cbn [Nat.eqb INR] in C.
  replace (1 / (1 * (1 + 1) * x)) with (/ (2 * x)) in C by (field; lra).
  replace (- 0 / / (2 * x)) with 0 in C by (field; lra). replace (- (1) / / (2 * x)) with (- (2 * x)) in C by (field; lra).
  rewrite exp_0, Rmax_right in C by lra.
  replace (0 + 0 * 1 + 1 * exp (- (2 * x))) with (exp (- (2 * x))) in C by ring. rewrite ln_exp in C.
  assert (e := exp_pos (- (2 * x))).
  assert (B : ln (1 / 100) <= ln (0 + 1 / 100 * 1 + 99 / 100 * exp (- (2 * x)))) by (left; apply ln_increasing; lra).
  assert (G : - 5 <= ln (1 / 100)) by interval with (i_prec 64). set (y := ln (0 + _ + _)) in *. clearbody y.
  rewrite Rabs_minus_sym, Rabs_pos_eq in C by lra.
  replace (i / (1 * 1)) with i in C by field. assert (S := sqrt_sqrt i ltac:(lra)). assert (T := sqrt_pos i).
  set (s := sqrt i) in *. clearbody s.
  assert ((2 * x - 5) * (2 * x - 5) <= c ^ 2 * i).
  { apply Rle_trans with ((c * s) * (c * s)); [nra|]. rewrite <- S. right. ring. }
  assert (c ^ 2 * i <= c ^ 2 * (6 + 3 * x)) by (apply Rmult_le_compat_l; lra). nra.
Qed.
