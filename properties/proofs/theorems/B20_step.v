From Coq Require Import Reals Lra Lia.
From Interval Require Import Tactic.
From Drmg Require Import Rows Sums Duality Divergences.
From Claims Require Import B20_step.
Open Scope R_scope.

(** With N + 1 = m^2 the claim is 2 N <= c3^2 iota, and iota = log 20 + 3 log m grows slower than m. *)
Theorem B20_step_refuted : ~ claim_B20_step.
Proof.
  intros (c & C). destruct (archimedean (4 + 3 * c ^ 2)) as (m & M & L).
  assert (Q := pow2_ge_0 c). assert (m4 : 4 < INR m) by lra.
  assert (M4 : (4 < m)%nat) by (apply INR_lt; cbn; lra).
  specialize (C (m * m - 1)%nat ltac:(nia)). cbv zeta in C. replace (m * m - 1 + 1)%nat with (m * m)%nat in C by nia.
  rewrite minus_INR, mult_INR, sqrt_square in C by (nia || lra). cbn [INR] in C. set (x := INR m) in *.
  assert (I : ln (x * x * x / (1 / 20)) = ln 20 + 3 * ln x).
  { replace (x * x * x / (1 / 20)) with (20 * (x * x * x)) by field. rewrite !ln_mult; try ring; try lra; repeat apply Rmult_lt_0_compat; lra. }
  rewrite I in C. set (iota := ln 20 + 3 * ln x) in *.
  assert (A : ln 20 <= 3) by interval with (i_prec 64). assert (B : 2 <= ln 20) by interval with (i_prec 64).
  assert (D : ln x <= x - 1) by (apply ln_le_sub; lra). assert (E : 0 <= ln x) by (rewrite <- ln_1; left; apply ln_increasing; lra).
  assert (iota_pos : 2 <= iota) by (unfold iota; lra). assert (iota_le : iota <= 3 * x) by (unfold iota; lra).
  assert (N : 0 < x * x - 1) by nra.
  assert (R0 : 0 <= 2 * iota / (x * x - 1)) by (apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]).
  assert (S := sqrt_sqrt _ R0). assert (P := sqrt_pos (2 * iota / (x * x - 1))). set (s := sqrt _) in *.
  assert (s * s <= (c * iota / (x * x - 1)) * (c * iota / (x * x - 1))) by nra.
  rewrite S in H. apply (Rmult_le_compat_r ((x * x - 1) ^ 2 / iota)) in H.
  - replace (2 * iota / (x * x - 1) * ((x * x - 1) ^ 2 / iota)) with (2 * (x * x - 1)) in H by (field; lra).
    replace (c * iota / (x * x - 1) * (c * iota / (x * x - 1)) * ((x * x - 1) ^ 2 / iota)) with (c ^ 2 * iota) in H by (field; lra).
    assert (c ^ 2 * iota <= c ^ 2 * (3 * x)) by (apply Rmult_le_compat_l; lra). nra.
  - apply Rmult_le_pos; [apply pow2_ge_0|left; apply Rinv_0_lt_compat; lra].
Qed.
