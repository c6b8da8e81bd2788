From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Sums Duality Values.
From Claims Require Import C6_corrected.
Open Scope R_scope.

Theorem C6_corrected_proved : claim_C6_corrected.
Proof.
  intros n p U L rho m S R LU Hm Pm. assert (K := kl_center n p rho R S).
  assert (real (worst_case n (kl n p rho) U) - expect n p (fun s => U s - L s) / m <= real (worst_case n (kl n p rho) L)); [|lra].
  apply (worst_ge n _ L p S K). intros q Q B. assert (W := worst_le n _ U p S K q Q B).
  assert (D : expect n q U = expect n q L + expect n q (fun s => U s - L s)).
  { unfold expect. rewrite <- sum_plus. apply sum_ext. intros; ring. }
  assert (M : expect n q (fun s => U s - L s) <= expect n p (fun s => U s - L s) / m); [|lra].
  unfold expect, Rdiv. rewrite <- sum_scal_r. apply sum_le. intros s Hs.
  assert (q s <= 1) by (apply simplex_le_1 with n; auto). specialize (LU s Hs). destruct (proj1 S s Hs) as [Z|Z].
  - apply Rmult_le_reg_r with m; [exact Hm|]. replace (p s * (U s - L s) * / m * m) with (p s * (U s - L s)) by (field; lra).
    assert (Qs := proj1 Q s Hs). specialize (Pm s Hs Z). assert (q s * m <= p s) by nra. nra.
  - rewrite (proj1 B s Hs (eq_sym Z)), <- Z. lra.
Qed.
