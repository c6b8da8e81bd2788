From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums.
From Claims Require Import B29_factors.
Open Scope R_scope.

(** Some K is beyond exp c. *)
Theorem B29_factors_refuted : ~ claim_B29_factors.
Proof.
  intros (c & C). destruct (archimedean (exp c)) as (K & L & U). specialize (C K L).
  assert (0 < INR K) by (apply lt_0_INR; lia). assert (0 < sqrt (INR K)) by now apply sqrt_lt_R0.
  assert (c < ln (INR K)) by (rewrite <- (ln_exp c); apply ln_increasing; [apply exp_pos|exact U]). nra.
Qed.
