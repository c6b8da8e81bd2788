(** At radius 0 the smooth sets hold the nominal row alone, so that its mean is a bound. *)
From Coq Require Import Reals Lra Lia Psatz List.
From Drmg Require Import Rows Sums Duality Divergences.
Open Scope R_scope.

(** Relative entropy is at least Hellinger's distance, term by term. *)
Lemma entropy_term x y : 0 <= x -> 0 <= y -> (y = 0 -> x = 0) -> x - y + (sqrt x - sqrt y) ^ 2 <= x * ln (x / y).
Proof.
  intros X Y Z. destruct X as [X|<-].
  - destruct Y as [Y|<-]; [|specialize (Z eq_refl); lra].
    assert (A := pow2_sqrt x (Rlt_le _ _ X)). assert (B := pow2_sqrt y (Rlt_le _ _ Y)).
    assert (sx := sqrt_lt_R0 x X). assert (sy := sqrt_lt_R0 y Y).
    assert (L := ln_le_sub (sqrt y / sqrt x) ltac:(apply Rmult_lt_0_compat; [auto|now apply Rinv_0_lt_compat])).
    assert (E : ln (x / y) = - (2 * ln (sqrt y / sqrt x))).
    { replace (x / y) with (/ ((sqrt y / sqrt x) ^ 2)).
      - rewrite ln_Rinv, <- Rpower_pow, ln_Rpower; cbn; try ring; [apply Rmult_lt_0_compat; [auto|now apply Rinv_0_lt_compat]|].
        apply Rmult_lt_0_compat; [|rewrite Rmult_1_r]; apply Rmult_lt_0_compat; auto; now apply Rinv_0_lt_compat.
      - rewrite <- A at 2. rewrite <- B at 2. field. split; lra. }
    rewrite E. apply (Rmult_le_compat_l (2 * x)) in L; [|lra].
    assert (x * (sqrt y / sqrt x) = sqrt x * sqrt y) by (transitivity (sqrt x ^ 2 * (sqrt y / sqrt x)); [now rewrite A|field; lra]).
    nra.
  - unfold Rdiv. rewrite !Rmult_0_l, sqrt_0. assert (B := pow2_sqrt y Y). nra.
Qed.

Lemma sqrt_apart x y : 0 <= x -> 0 <= y -> (sqrt x - sqrt y) ^ 2 = 0 -> x = y.
Proof.
  intros X Y E. assert (sqrt x = sqrt y) by nra. rewrite <- (pow2_sqrt x X), <- (pow2_sqrt y Y). now rewrite H.
Qed.

Section Row.
  Variables (n : nat) (p : vec).
  Hypothesis P : simplex n p.

  Lemma mean_hellinger q : simplex n q -> hellinger n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros [Q _] D i Hi. apply sqrt_apart; [now apply Q|now apply (proj1 P)|].
    exact (sum_zero n _ (fun j _ => pow2_ge_0 (sqrt (q j) - sqrt (p j))) D i Hi).
  Qed.

  Lemma mean_kl q : simplex n q -> kl n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros SQ [K D]. apply mean_hellinger; [exact SQ|]. destruct SQ as [Q S]. unfold hellinger.
    assert (sum n (fun i => (q i - p i) + (sqrt (q i) - sqrt (p i)) ^ 2) <= sum n (fun i => q i * ln (q i / p i))).
    { apply sum_le. intros i Hi. apply entropy_term; [now apply Q|now apply (proj1 P)|now apply K]. }
    rewrite sum_plus, sum_minus, S, (proj2 P) in H. lra.
  Qed.

  Lemma mean_reverse_kl q : simplex n q -> reverse_kl n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros SQ [K D]. apply mean_hellinger; [exact SQ|]. destruct SQ as [Q S]. unfold hellinger.
    assert (sum n (fun i => (p i - q i) + (sqrt (p i) - sqrt (q i)) ^ 2) <= sum n (fun i => p i * ln (p i / q i))).
    { apply sum_le. intros i Hi. apply entropy_term; [now apply (proj1 P)|now apply Q|now apply K]. }
    rewrite sum_plus, sum_minus, S, (proj2 P) in H.
    rewrite (sum_ext n _ (fun i => (sqrt (p i) - sqrt (q i)) ^ 2)) by (intros; ring). lra.
  Qed.

  Lemma mean_chi2 q : chi2 n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros [K D] i Hi.
    assert (N : forall j, (j < n)%nat -> 0 <= (q j - p j) ^ 2 / p j).
    { intros j Hj. destruct (proj1 P j Hj) as [H|H].
      - apply Rmult_le_pos; [apply pow2_ge_0|left; now apply Rinv_0_lt_compat].
      - rewrite (K j Hj (eq_sym H)), <- H. unfold Rdiv. lra. }
    assert (Z := sum_zero n _ N D i Hi). cbn beta in Z. destruct (Req_dec (p i) 0) as [E|E].
    - rewrite E. now apply K.
    - destruct (Rmult_integral _ _ Z) as [H|H]; [nra|]. now apply Rinv_neq_0_compat in E.
  Qed.

  (** The generator of the family is positive but at 1. *)
  Lemma strict_tangent m x : x <> m -> exp m * (1 + x - m) < exp x.
  Proof.
    intros N. replace (exp x) with (exp m * exp (x - m)) by (rewrite <- exp_plus; f_equal; ring).
    apply Rmult_lt_compat_l; [apply exp_pos|]. assert (E := exp_ineq1 (x - m) ltac:(lra)). lra.
  Qed.

  Lemma family_positive a t : a <> 1 -> a <> 0 -> 0 < t -> t <> 1 -> 0 < (power t a - a * t + a - 1) / (a * (a - 1)).
  Proof.
    intros A1 A0 T N. rewrite power_exp by exact T. rewrite <- (exp_ln t T) at 2. set (x := ln t).
    assert (X : x <> 0) by (intros E; apply N; rewrite <- (exp_ln t T); fold x; now rewrite E, exp_0).
    assert (ax : a * x <> 0) by now apply Rmult_integral_contrapositive_currified.
    assert (axx : a * x <> x) by (intros E; assert (Z : (a - 1) * x = 0) by lra; destruct (Rmult_integral _ _ Z); lra).
    destruct (Rdichotomy a 1 A1) as [L|G]; [destruct (Rdichotomy a 0 A0) as [M|M]|].
    - assert (T1 := strict_tangent 0 (a * x) ax). assert (T2 := strict_tangent 0 x X). rewrite exp_0 in *.
      apply Rmult_lt_0_compat; [nra|apply Rinv_0_lt_compat; nra].
    - assert (T1 := strict_tangent (a * x) x (not_eq_sym axx)). assert (T2 := strict_tangent (a * x) 0 (not_eq_sym ax)).
      rewrite exp_0 in T2. apply (Rmult_lt_compat_l a) in T1; [|lra]. apply (Rmult_lt_compat_l (1 - a)) in T2; [|lra].
      replace ((exp (a * x) - a * exp x + a - 1) / (a * (a - 1))) with ((a * exp x + 1 - a - exp (a * x)) / (a * (1 - a))) by (field; lra).
      apply Rmult_lt_0_compat; [|apply Rinv_0_lt_compat; apply Rmult_lt_0_compat; lra].
      assert (a * (exp (a * x) * (1 + x - a * x)) + (1 - a) * (exp (a * x) * (1 + 0 - a * x)) = exp (a * x)) by ring. lra.
    - assert (T1 := strict_tangent x (a * x) axx). assert (T2 := strict_tangent x 0 (not_eq_sym X)). rewrite exp_0 in T2.
      apply (Rmult_lt_compat_l (a - 1)) in T2; [|lra].
      apply Rmult_lt_0_compat; [|apply Rinv_0_lt_compat; apply Rmult_lt_0_compat; lra].
      assert (exp x * (1 + a * x - x) + (a - 1) * (exp x * (1 + 0 - x)) = a * exp x) by ring. lra.
  Qed.

  Lemma mean_cressie_read a q : a <> 1 -> a <> 0 ->
    simplex n q -> cressie_read a n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros A1 A0 [Q _] (K1 & K2 & D) i Hi.
    set (d := fun i => if Req_EM_T (p i) 0 then q i / (1 - a)
                else p i * ((power (q i / p i) a - a * (q i / p i) + a - 1) / (a * (a - 1)))) in D.
    assert (T : forall j, (j < n)%nat -> 0 <= d j /\ (d j = 0 -> q j = p j)).
    { intros j Hj. unfold d. destruct (Req_EM_T (p j) 0) as [E|E].
      - rewrite E. destruct (Rdichotomy a 1 A1) as [L|G].
        + assert (0 < / (1 - a)) by (apply Rinv_0_lt_compat; lra). split; [apply Rmult_le_pos; [now apply Q|lra]|].
          intros Z. destruct (Rmult_integral _ _ Z); lra.
        + rewrite (K1 G j Hj E). unfold Rdiv. rewrite Rmult_0_l. split; lra.
      - assert (Pj : 0 < p j) by (assert (H := proj1 P j Hj); lra).
        destruct (Q j Hj) as [Qj|Qz].
        + assert (R : 0 < q j / p j) by (apply Rmult_lt_0_compat; [auto|now apply Rinv_0_lt_compat]).
          destruct (Req_dec (q j / p j) 1) as [O|O].
          * split; [|intros _; apply (Rmult_eq_compat_r (p j)) in O; unfold Rdiv in O; rewrite Rmult_assoc, Rinv_l in O by lra; lra].
            rewrite O. unfold power. destruct (Rle_dec 1 0); [lra|]. unfold Rpower. rewrite ln_1, Rmult_0_r, exp_0.
            replace (1 - a * 1 + a - 1) with 0 by ring. unfold Rdiv. lra.
          * assert (F := family_positive a _ A1 A0 R O). split; [apply Rmult_le_pos; lra|].
            intros Z. destruct (Rmult_integral _ _ Z); lra.
        + destruct (Rdichotomy a 0 A0) as [M|M]; [exfalso; specialize (K2 M j Hj (eq_sym Qz)); lra|].
          rewrite <- Qz. unfold Rdiv. rewrite Rmult_0_l, power_0.
          replace ((0 - a * 0 + a - 1) * / (a * (a - 1))) with (/ a) by (field; lra).
          assert (0 < / a) by now apply Rinv_0_lt_compat. split; [apply Rmult_le_pos; lra|]. intros Z. destruct (Rmult_integral _ _ Z); lra. }
    apply (T i Hi). exact (sum_zero n d (fun j Hj => proj1 (T j Hj)) D i Hi).
  Qed.
End Row.
