From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums.
From Claims Require Import B13_rate.
Open Scope R_scope.

(** One visit of each of m > c states: m^2 against c m. *)
Theorem B13_rate_refuted : ~ claim_B13_rate.
Proof.
  intros (c & C). destruct (archimedean c) as (m & M & L).
  specialize (C m 1%nat 1%nat 1%nat 1 M ltac:(lia) ltac:(lia) ltac:(lia) ltac:(lra)). cbv zeta in C. cbn [sum INR pow] in C.
  assert (P : 0 < INR m) by (apply lt_0_INR; lia).
  rewrite (Rmax_right 0 1), sqrt_1 in C by lra. replace (1 / 1) with 1 in C by field. rewrite Rmin_left in C by lra.
  replace (1 * (1 * (1 * 1)) * INR m * 1 * (INR m * 1 * 1)) with (INR m * INR m) in C by ring.
  rewrite sqrt_square in C by lra. assert (INR m * INR m <= c * INR m) by lra. nra.
Qed.
