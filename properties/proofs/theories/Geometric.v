(** A geometric time, cut at C. *)
From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums.
Open Scope R_scope.

Lemma geometric x C : (1 - x) * sum C (fun j => x ^ S j) = x * (1 - x ^ C).
Proof.
  induction C as [|C IH]; [cbn; ring|]. change (sum (S C) (fun j => x ^ S j)) with (sum C (fun j => x ^ S j) + x ^ S C).
  rewrite Rmult_plus_distr_l, IH. cbn [pow]. ring.
Qed.

(** (1 + y)^C >= 1 + C y, so that with t = (1 - p) / p the sum is at least t C / (t + C). *)
Lemma cut p C : 0 < p < 1 -> (1 <= C)%nat ->
  (1 - p) * INR C / ((1 - p) + p * INR C) <= sum C (fun j => (1 - p) ^ S j).
Proof.
  intros P H. set (x := 1 - p). assert (X : 0 < x < 1) by (unfold x; lra). assert (N : 1 <= INR C) by (apply (le_INR 1); lia).
  assert (G := geometric x C). replace (1 - x) with p in G by (unfold x; ring).
  assert (B := poly C (p / x) ltac:(apply Rmult_lt_0_compat; [lra|now apply Rinv_0_lt_compat])).
  assert (E : (1 + p / x) = / x) by (unfold x; field; lra). rewrite E, pow_inv in B.
  assert (XC : 0 < x ^ C) by (apply pow_lt; lra). set (y := x ^ C) in *.
  assert (Y : y * (x + p * INR C) <= x).
  { apply Rmult_le_reg_r with (/ y * / x); [apply Rmult_lt_0_compat; now apply Rinv_0_lt_compat|].
    replace (y * (x + p * INR C) * (/ y * / x)) with (1 + INR C * (p / x)) by (field; lra). replace (x * (/ y * / x)) with (/ y) by (field; lra). exact B. }
  assert (D : 0 < x + p * INR C) by nra. apply Rmult_le_reg_l with (p * (x + p * INR C)); [nra|].
  replace (p * (x + p * INR C) * (x * INR C / (x + p * INR C))) with (p * (x * INR C)) by (field; lra).
  replace (p * (x + p * INR C) * sum C (fun j => x ^ S j)) with ((x + p * INR C) * (p * sum C (fun j => x ^ S j))) by ring.
  rewrite G. nra.
Qed.
