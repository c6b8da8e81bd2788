From Coq Require Import Reals Lra Lia.
From Interval Require Import Tactic.
From Drmg Require Import Rows Learning Sums Duality Divergences.
From Claims Require Import C12_unvisited.
Open Scope R_scope.

(** The claim is S <= c^2 iota, and iota = log 20 + 3 log S grows slower; S = m^2. *)
Theorem C12_unvisited_refuted : ~ claim_C12_unvisited.
Proof.
  intros (c & C). destruct (archimedean (4 + 10 * c ^ 2)) as (m & M & L). assert (Q := pow2_ge_0 c).
  assert (m4 : 4 < INR m) by lra. specialize (C (m * m)%nat 1%nat 1%nat 1%nat 1 ltac:(nia) ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lra)).
  unfold iota, delta in C. rewrite mult_INR in C. set (x := INR m) in *. cbn [INR] in C. rewrite sqrt_1 in C.
  replace ((x * x) ^ 3 * 1 * 1 ^ 2 * (1 * 1) / (1 / 20)) with (20 * (x * x) ^ 3) in C by field.
  assert (P : 0 < x * x) by nra. assert (P3 : 0 < (x * x) ^ 3) by now apply pow_lt.
  assert (I : ln (20 * (x * x) ^ 3) = ln 20 + 6 * ln x).
  { rewrite ln_mult, <- Rpower_pow, ln_Rpower, ln_mult by lra. cbn [INR]. ring. }
  rewrite I in C. assert (A : ln 20 <= 3) by interval with (i_prec 64). assert (B : 2 <= ln 20) by interval with (i_prec 64).
  assert (D : ln x <= x - 1) by (apply ln_le_sub; lra). assert (E : 0 <= ln x) by (rewrite <- ln_1; left; apply ln_increasing; lra).
  set (i := ln 20 + 6 * ln x) in *. assert (i2 : 2 <= i) by (unfold i; lra). assert (i6 : i <= 6 * x) by (unfold i; lra). clearbody i.
  replace (i ^ 2 / 1) with (i * i) in C by field. rewrite sqrt_square in C by lra. replace (i / (1 / (x * x))) with (i * (x * x)) in C by (field; lra).
  rewrite sqrt_mult, sqrt_square in C by lra. assert (S := sqrt_sqrt i ltac:(lra)). assert (T := sqrt_lt_R0 i ltac:(lra)). set (s := sqrt i) in *.
  replace (1 / 1) with 1 in C by field. assert (x <= c * s) by nra. assert (x * x <= c ^ 2 * i) by (rewrite <- S; nra).
  assert (c ^ 2 * i <= c ^ 2 * (6 * x)) by (apply Rmult_le_compat_l; lra). nra.
Qed.
