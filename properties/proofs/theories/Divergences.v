(** Weak duality for the smooth sets: relative entropy both ways, chi-square, Hellinger, Cressie and Read. *)
From Coq Require Import Reals Lra Lia Psatz List.
From Drmg Require Import Rows Sums Duality.
Open Scope R_scope.

Lemma ln_le_sub x : 0 < x -> ln x <= x - 1.
Proof.
  intros. assert (E := exp_ineq1_le (ln x)). rewrite exp_ln in E by auto. lra.
Qed.

Section Row.
  Variables (n : nat) (p V : vec) (rho : R).
  Hypothesis P : simplex n p.

  (** Gibbs, Donsker and Varadhan: the floor cancels, any v will do. *)
  Lemma kl_bound q v x :
    simplex n q -> kl n p rho q -> 0 < x ->
    v - (ln (expect n p (fun i => exp (- x * (V i - v)))) + rho) / x <= expect n q V.
  Proof.
    intros [Q S] [K D] X.
    set (Z := expect n p (fun i => exp (- x * (V i - v)))).
    assert (0 < Z).
    { destruct (simplex_some n p P) as (i & Hi & Hp). apply sum_pos with i; auto.
      - intros j Hj. apply Rmult_le_pos; [apply (proj1 P); auto | left; apply exp_pos].
      - apply Rmult_lt_0_compat; [auto | apply exp_pos]. }
    assert (L : sum n (fun i => - (q i * ln (q i / p i)) - q i * (x * (V i - v)) - q i * ln Z)
                <= sum n (fun i => p i * exp (- x * (V i - v)) * / Z - q i)).
    { apply sum_le. intros i Hi. specialize (Q i Hi). assert (Pi := proj1 P i Hi).
      destruct (Rle_lt_or_eq_dec _ _ Q) as [Qp|<-].
      - assert (0 < p i) by (destruct (Rle_lt_or_eq_dec _ _ Pi) as [|E]; [auto|]; rewrite (K i Hi) in Qp; lra).
        assert (E := exp_pos (- x * (V i - v))).
        assert (T := ln_le_sub (p i * exp (- x * (V i - v)) * / Z / q i)).
        assert (0 < p i * exp (- x * (V i - v)) * / Z / q i).
        { repeat apply Rmult_lt_0_compat; auto; now apply Rinv_0_lt_compat. }
        specialize (T H1). apply (Rmult_le_compat_l (q i)) in T; [|lra].
        replace (q i * (p i * exp (- x * (V i - v)) * / Z / q i - 1)) with
          (p i * exp (- x * (V i - v)) * / Z - q i) in T by (field; lra).
        refine (Rle_trans _ _ _ (Req_le _ _ _) T).
        unfold Rdiv. rewrite !ln_mult, !ln_Rinv, ln_exp; auto; try ring;
          repeat apply Rmult_lt_0_compat; auto; now apply Rinv_0_lt_compat.
      - rewrite !Rmult_0_l. assert (0 <= p i * exp (- x * (V i - v)) * / Z).
        { apply Rmult_le_pos; [apply Rmult_le_pos; [auto | left; apply exp_pos] | left; now apply Rinv_0_lt_compat]. }
        lra. }
    rewrite !sum_minus, sum_scal_r, sum_scal_r, S in L.
    change (sum n (fun i => p i * exp (- x * (V i - v)))) with Z in L. rewrite Rinv_r in L by lra.
    rewrite (sum_ext n (fun i => q i * (x * (V i - v))) (fun i => x * (q i * V i) - q i * (x * v))) in L by (intros; ring).
    rewrite sum_minus, sum_scal, sum_scal_r, S in L.
    rewrite (sum_ext n (fun i => - (q i * ln (q i / p i))) (fun i => (-1) * (q i * ln (q i / p i)))), sum_scal in L by (intros; ring).
    change (sum n (fun i => q i * V i)) with (expect n q V) in L.
    apply Rmult_le_reg_l with x; auto. unfold Rdiv.
    replace (x * (v - (ln Z + rho) * / x)) with (x * v - ln Z - rho) by (field; lra). lra.
  Qed.

  (** Jensen, by the same inequality. *)
  Lemma reverse_kl_bound q v x :
    simplex n q -> reverse_kl n p rho q -> floor n p q V v -> 0 < x ->
    v + (exp (sum n (fun i => p i * ln (1 + x * (V i - v))) - rho) - 1) / x <= expect n q V.
  Proof.
    intros [Q S] [K D] F X.
    set (y := fun i => 1 + x * (V i - v)). set (Y := expect n q y).
    assert (YV : Y = 1 + x * (expect n q V - v)).
    { unfold Y, expect, y. rewrite (sum_ext n _ (fun i => q i + (x * (q i * V i) - q i * (x * v)))) by (intros; ring).
      rewrite sum_plus, sum_minus, sum_scal, sum_scal_r, S. ring. }
    assert (1 <= Y) by (rewrite YV; assert (v <= expect n q V) by (apply minimum_bound with p; [split|]; auto); nra).
    assert (L : sum n (fun i => p i * ln (y i) - p i * ln (p i / q i) - p i * ln Y) <= sum n (fun i => q i * y i * / Y - p i)).
    { apply sum_le. intros i Hi. specialize (Q i Hi). assert (Pi := proj1 P i Hi).
      destruct (Rle_lt_or_eq_dec _ _ Pi) as [Pp|E].
      - assert (0 < q i) by (destruct (Rle_lt_or_eq_dec _ _ Q) as [|E]; [auto|]; rewrite (K i Hi) in Pp; lra).
        assert (Yi : 1 <= y i) by (unfold y; destruct (F i Hi) as [|[E _]]; [nra|lra]).
        assert (0 < q i * y i * / Y / p i).
        { repeat apply Rmult_lt_0_compat; try apply Rinv_0_lt_compat; lra. }
        assert (T := ln_le_sub _ H1). apply (Rmult_le_compat_l (p i)) in T; [|lra].
        replace (p i * (q i * y i * / Y / p i - 1)) with (q i * y i * / Y - p i) in T by (field; lra).
        refine (Rle_trans _ _ _ (Req_le _ _ _) T).
        unfold Rdiv. rewrite !ln_mult, !ln_Rinv; try ring; repeat apply Rmult_lt_0_compat; try apply Rinv_0_lt_compat; lra.
      - rewrite <- E, !Rmult_0_l.
        assert (0 <= q i * y i * / Y).
        { destruct (F i Hi) as [|[_ ->]]; [|rewrite !Rmult_0_l; lra].
          apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat; lra]. unfold y. apply Rmult_le_pos; nra. }
        lra. }
    rewrite !sum_minus, !sum_scal_r, (proj2 P) in L.
    change (sum n (fun i => q i * y i)) with Y in L. rewrite Rinv_r in L by lra.
    assert (M : sum n (fun i => p i * ln (y i)) - rho <= ln Y) by lra.
    assert (G : exp (sum n (fun i => p i * ln (y i)) - rho) <= Y).
    { rewrite <- (exp_ln Y) by lra. destruct M as [M| ->]; [left; now apply exp_increasing|right; easy]. }
    fold y. unfold y in G. rewrite YV in G.
    apply Rmult_le_reg_l with x; auto. unfold Rdiv.
    match goal with |- x * (v + (?e - 1) * / x) <= _ => replace (x * (v + (e - 1) * / x)) with (x * v + (e - 1)) by (field; lra) end.
    lra.
  Qed.

  (** Cauchy and Schwarz: the second moment of q / p is at most 1 + rho. *)
  Lemma chi2_bound q v x :
    simplex n q -> chi2 n p rho q -> 0 < x ->
    v + (1 - sqrt (1 + rho) * sqrt (expect n p (fun i => pos (1 - x * (V i - v)) ^ 2))) / x <= expect n q V.
  Proof.
    intros [Q S] [K D] X.
    set (y := fun i => pos (1 - x * (V i - v))). set (B := expect n p (fun i => y i ^ 2)).
    assert (Y : forall i, 1 - x * (V i - v) <= y i) by (intros; apply pos_le).
    assert (Y0 : forall i, 0 <= y i) by (intros; apply pos_nonneg).
    assert (M : 1 - x * (expect n q V - v) <= expect n q y).
    { apply Rle_trans with (expect n q (fun i => 1 - x * (V i - v))).
      - unfold expect. rewrite (sum_ext n (fun i => q i * (1 - x * (V i - v))) (fun i => (1 + x * v) * q i - x * (q i * V i)))
          by (intros; ring). rewrite sum_minus, !sum_scal, S. lra.
      - apply sum_le. intros i Hi. apply Rmult_le_compat_l; auto. }
    assert (T : sum n (fun i => q i ^ 2 / p i) <= 1 + rho).
    { rewrite (sum_ext n _ (fun i => (q i - p i) ^ 2 / p i + (2 * q i - p i))).
      - rewrite sum_plus, sum_minus, sum_scal, S, (proj2 P). lra.
      - intros i Hi. destruct (Req_dec (p i) 0) as [E|E]; [|field; auto].
        rewrite (K i Hi E), E. unfold Rdiv. ring. }
    assert (B0 : forall i, (i < n)%nat -> 0 <= p i * y i ^ 2)
      by (intros; apply Rmult_le_pos; [now apply (proj1 P)|apply pow2_ge_0]).
    assert (T0 : 0 <= 1 + rho).
    { eapply Rle_trans; [|exact T]. apply sum_nonneg. intros i Hi. destruct (Req_dec (p i) 0) as [E|E].
      - rewrite (K i Hi E), E. unfold Rdiv. lra.
      - apply Rmult_le_pos; [apply pow2_ge_0|left; apply Rinv_0_lt_compat]. assert (H := proj1 P i Hi). lra. }
    assert (N : 0 <= B) by (apply sum_nonneg; exact B0).
    assert (H : expect n q y <= sqrt (1 + rho) * sqrt B).
    { rewrite <- sqrt_mult by assumption. apply Rnot_lt_le. intros L.
      set (m := expect n q y) in *. assert (0 <= sqrt ((1 + rho) * B)) by apply sqrt_pos.
      assert (L2 : (1 + rho) * B < m ^ 2).
      { rewrite <- (pow2_sqrt ((1 + rho) * B)) by (apply Rmult_le_pos; auto). nra. }
      assert (G : forall z, 2 * z * m <= (1 + rho) + z ^ 2 * B).
      { intros z. apply Rle_trans with (sum n (fun i => q i ^ 2 / p i + z ^ 2 * (p i * y i ^ 2))).
        - unfold m, expect. rewrite <- sum_scal. apply sum_le. intros i Hi. destruct (Req_dec (p i) 0) as [E|E].
          + rewrite (K i Hi E), E. unfold Rdiv. lra.
          + assert (0 < p i) by (assert (R := proj1 P i Hi); lra).
            assert (0 <= (q i - z * (p i * y i)) ^ 2 / p i)
              by (apply Rmult_le_pos; [apply pow2_ge_0|left; now apply Rinv_0_lt_compat]).
            replace ((q i - z * (p i * y i)) ^ 2 / p i)
              with (q i ^ 2 / p i + z ^ 2 * (p i * y i ^ 2) - 2 * z * (q i * y i)) in H1 by (field; lra). lra.
        - rewrite sum_plus, sum_scal. fold (expect n p (fun i => y i ^ 2)). fold B. lra. }
      destruct (Rle_lt_or_eq_dec 0 B N) as [Bp|Bz].
      - specialize (G (m / B)). replace (2 * (m / B) * m) with (2 * (m ^ 2 / B)) in G by (field; lra).
        replace ((m / B) ^ 2 * B) with (m ^ 2 / B) in G by (field; lra).
        assert (m ^ 2 / B <= 1 + rho) by lra. apply Rmult_le_compat_r with (r := B) in H0; [|lra].
        unfold Rdiv in H0. rewrite Rmult_assoc, Rinv_l in H0 by lra. lra.
      - rewrite <- Bz in *. assert (0 < m) by (rewrite Rmult_0_r, sqrt_0 in L; exact L).
        specialize (G ((2 + rho) / (2 * m))). replace (2 * ((2 + rho) / (2 * m)) * m) with (2 + rho) in G by (field; lra). lra. }
    apply Rmult_le_reg_l with x; auto. change (expect n p (fun i => pos (1 - x * (V i - v)) ^ 2)) with B.
    replace (x * (v + (1 - sqrt (1 + rho) * sqrt B) / x)) with (x * v + (1 - sqrt (1 + rho) * sqrt B)) by (field; lra). lra.
  Qed.

  (** The affinity sum sqrt (p q) is at least 1 - rho / 2. *)
  Lemma hellinger_bound q v x :
    simplex n q -> hellinger n p rho q -> floor n p q V v -> 0 < x -> rho < 2 ->
    v + ((1 - rho / 2) ^ 2 / expect n p (fun i => / (1 + x / 2 * (V i - v))) - 1) * (2 / x) <= expect n q V.
  Proof.
    intros [Q S] D F X R.
    set (y := fun i => 1 + x / 2 * (V i - v)). set (B := expect n p (fun i => / y i)).
    assert (Y1 : forall i, (i < n)%nat -> 1 <= y i \/ (p i = 0 /\ q i = 0)).
    { intros i Hi. destruct (F i Hi) as [L|Z]; [left; unfold y; nra|now right]. }
    assert (M : expect n q y = 1 + x / 2 * (expect n q V - v)).
    { unfold expect, y. rewrite (sum_ext n _ (fun i => (1 - x / 2 * v) * q i + x / 2 * (q i * V i))) by (intros; ring).
      rewrite sum_plus, !sum_scal, S. ring. }
    assert (T : 1 - rho / 2 <= sum n (fun i => sqrt (q i) * sqrt (p i))).
    { unfold hellinger in D. rewrite (sum_ext n _ (fun i => (q i + p i) - 2 * (sqrt (q i) * sqrt (p i)))) in D.
      - rewrite sum_minus, sum_plus, sum_scal, S, (proj2 P) in D. lra.
      - intros i Hi. assert (A := pow2_sqrt (q i) (Q i Hi)). assert (C := pow2_sqrt (p i) (proj1 P i Hi)). nra. }
    set (t := sum n (fun i => sqrt (q i) * sqrt (p i))) in *.
    assert (G : forall z, 2 * z * t <= expect n q y + z ^ 2 * B).
    { intros z. unfold t, B, expect. rewrite <- !sum_scal, <- sum_plus. apply sum_le. intros i Hi.
      assert (A := pow2_sqrt (q i) (Q i Hi)). assert (C := pow2_sqrt (p i) (proj1 P i Hi)).
      destruct (Y1 i Hi) as [Yi|[Ep Eq]]; [|rewrite Ep, Eq, sqrt_0; lra].
      assert (I : 0 < / y i) by (apply Rinv_0_lt_compat; lra).
      assert (J : y i * / y i = 1) by (apply Rinv_r; lra).
      assert (0 <= (sqrt (q i) * y i - z * sqrt (p i)) ^ 2 * / y i) by (apply Rmult_le_pos; [apply pow2_ge_0|lra]).
      replace ((sqrt (q i) * y i - z * sqrt (p i)) ^ 2 * / y i)
        with (sqrt (q i) ^ 2 * y i * (y i * / y i) - 2 * z * (sqrt (q i) * sqrt (p i)) * (y i * / y i) + z ^ 2 * (sqrt (p i) ^ 2 * / y i))
        in H by ring. rewrite J, A, C in H. lra. }
    assert (Bp : 0 < B).
    { destruct (simplex_some n p P) as (i & Hi & Hp). apply sum_pos with i; auto.
      - intros j Hj. destruct (Y1 j Hj) as [Yj|[E _]]; [|rewrite E; lra].
        apply Rmult_le_pos; [now apply (proj1 P)|left; apply Rinv_0_lt_compat; lra].
      - destruct (Y1 i Hi) as [Yj|[E _]]; [|lra]. apply Rmult_lt_0_compat; [auto|apply Rinv_0_lt_compat; lra]. }
    specialize (G ((1 - rho / 2) / B)).
    replace (((1 - rho / 2) / B) ^ 2 * B) with ((1 - rho / 2) ^ 2 / B) in G by (field; lra).
    assert (2 * ((1 - rho / 2) / B) * (1 - rho / 2) <= 2 * ((1 - rho / 2) / B) * t).
    { apply Rmult_le_compat_l; [|exact T]. assert (0 < / B) by now apply Rinv_0_lt_compat. unfold Rdiv. nra. }
    replace (2 * ((1 - rho / 2) / B) * (1 - rho / 2)) with (2 * ((1 - rho / 2) ^ 2 / B)) in H by (field; lra).
    apply Rmult_le_reg_l with (x / 2); [lra|].
    change (expect n p (fun i => / (1 + x / 2 * (V i - v)))) with B.
    replace (x / 2 * (v + ((1 - rho / 2) ^ 2 / B - 1) * (2 / x))) with (x / 2 * v + ((1 - rho / 2) ^ 2 / B - 1)) by (field; lra).
    lra.
  Qed.
End Row.

(** * Cressie and Read: Young's inequality, once for orders above 1 and reversed below *)
Lemma tangent m x : exp m * (1 + x - m) <= exp x.
Proof.
  replace (exp x) with (exp m * exp (x - m)) by (rewrite <- exp_plus; f_equal; ring).
  apply Rmult_le_compat_l; [left; apply exp_pos|]. assert (E := exp_ineq1_le (x - m)). lra.
Qed.

Lemma power_nonneg x a : 0 <= power x a.
Proof. unfold power. destruct (Rle_dec x 0); [lra|left; apply exp_pos]. Qed.
Lemma power_exp x a : 0 < x -> power x a = exp (a * ln x).
Proof. intros. unfold power. destruct (Rle_dec x 0); [lra|reflexivity]. Qed.
Lemma power_0 a : power 0 a = 0.
Proof. unfold power. destruct (Rle_dec 0 0); [reflexivity|lra]. Qed.
Lemma power_div x y a : 0 <= x -> 0 < y -> power (x / y) a = power x a / power y a.
Proof.
  intros X Y. destruct X as [X|<-].
  - assert (0 < x / y) by (apply Rmult_lt_0_compat; [auto|now apply Rinv_0_lt_compat]).
    rewrite !power_exp by auto. unfold Rdiv at 1. rewrite ln_mult, ln_Rinv by (auto; now apply Rinv_0_lt_compat).
    unfold Rdiv. rewrite <- exp_Ropp, <- exp_plus. f_equal. ring.
  - unfold Rdiv. rewrite Rmult_0_l, power_0. ring.
Qed.
Lemma power_inv x a b : 0 < x -> a * b = 1 -> power (power x a) b = x.
Proof.
  intros X E. rewrite (power_exp x) by auto. rewrite power_exp by apply exp_pos. rewrite ln_exp.
  replace (b * (a * ln x)) with (ln x) by (rewrite <- (Rmult_1_l (ln x)), <- E at 1; ring). now apply exp_ln.
Qed.

Lemma young a u w : 1 < a -> 0 <= u -> 0 <= w -> u * w <= power u a / a + power w (a / (a - 1)) * ((a - 1) / a).
Proof.
  intros A U W. set (r := a / (a - 1)).
  assert (0 < (a - 1) / a) by (apply Rmult_lt_0_compat; [lra|apply Rinv_0_lt_compat; lra]).
  assert (0 < / a) by (apply Rinv_0_lt_compat; lra).
  assert (0 <= power u a / a + power w r * ((a - 1) / a)).
  { assert (0 <= power u a * / a) by (apply Rmult_le_pos; [apply power_nonneg|lra]).
    assert (0 <= power w r * ((a - 1) / a)) by (apply Rmult_le_pos; [apply power_nonneg|lra]). unfold Rdiv at 1. lra. }
  destruct U as [U|<-]; [|rewrite Rmult_0_l; lra]. destruct W as [W|<-]; [|rewrite Rmult_0_r; lra].
  rewrite !power_exp by auto. set (x := ln u). set (y := ln w).
  replace (u * w) with (exp (x + y)) by (rewrite exp_plus; unfold x, y; rewrite !exp_ln; auto).
  assert (T1 := tangent (x + y) (a * x)). assert (T2 := tangent (x + y) (r * y)).
  apply (Rmult_le_compat_r (/ a)) in T1; [|lra]. apply (Rmult_le_compat_r ((a - 1) / a)) in T2; [|lra].
  unfold Rdiv at 1. eapply Rle_trans; [|apply Rplus_le_compat; [exact T1|exact T2]]. right. unfold r. field. lra.
Qed.

Lemma young_reverse a u w : a < 1 -> a <> 0 -> (a < 0 -> 0 < u) -> 0 <= u -> 0 < w ->
  power u a / a + power w (a / (a - 1)) * ((a - 1) / a) <= u * w.
Proof.
  intros A Z Up U W. set (r := a / (a - 1)).
  assert (r <> 0) by (unfold r, Rdiv; apply Rmult_integral_contrapositive_currified; [auto|apply Rinv_neq_0_compat; lra]).
  destruct U as [U|<-].
  - rewrite !power_exp by auto. set (x := ln u). set (y := ln w).
    replace (u * w) with (exp (x + y)) by (rewrite exp_plus; unfold x, y; rewrite !exp_ln; auto).
    destruct (Rdichotomy a 0 Z) as [N|N].
    + assert (T1 := tangent (r * y) (x + y)). assert (T2 := tangent (r * y) (a * x)).
      assert (0 < - / (a - 1)) by (assert (/ (a - 1) < 0) by (apply Rinv_lt_0_compat; lra); lra).
      assert (r0 : 0 < r) by (unfold r; replace (a / (a - 1)) with (- a * - / (a - 1)) by (field; lra); apply Rmult_lt_0_compat; lra).
      apply (Rmult_le_compat_l r) in T1; [|lra]. apply (Rmult_le_compat_l (- / (a - 1))) in T2; [|lra].
      apply Rmult_le_reg_l with r; [exact r0|].
      replace (r * (exp (a * x) / a + exp (r * y) * ((a - 1) / a))) with (exp (r * y) - - / (a - 1) * exp (a * x))
        by (unfold r; field; lra).
      assert (E : r * (exp (r * y) * (1 + (x + y) - r * y)) + - / (a - 1) * (exp (r * y) * (1 + a * x - r * y)) = exp (r * y)).
      { transitivity (exp (r * y) * (r * (1 + (x + y) - r * y) + - / (a - 1) * (1 + a * x - r * y))); [ring|].
        rewrite <- (Rmult_1_r (exp (r * y))) at 2. f_equal. unfold r. field. lra. }
      lra.
    + assert (T1 := tangent (a * x) (x + y)). assert (T2 := tangent (a * x) (r * y)).
      apply (Rmult_le_compat_l a) in T1; [|lra]. apply (Rmult_le_compat_l (1 - a)) in T2; [|lra].
      apply Rmult_le_reg_l with a; [exact N|].
      replace (a * (exp (a * x) / a + exp (r * y) * ((a - 1) / a))) with (exp (a * x) - (1 - a) * exp (r * y)) by (field; lra).
      assert (E : a * (exp (a * x) * (1 + (x + y) - a * x)) + (1 - a) * (exp (a * x) * (1 + r * y - a * x)) = exp (a * x)).
      { transitivity (exp (a * x) * (a * (1 + (x + y) - a * x) + (1 - a) * (1 + r * y - a * x))); [ring|].
        rewrite <- (Rmult_1_r (exp (a * x))) at 2. f_equal. unfold r. field. lra. }
      lra.
  - assert (0 < a) by (destruct (Rdichotomy a 0 Z) as [N|N]; [specialize (Up N)|]; lra).
    rewrite power_0. assert (0 <= power w r * ((1 - a) / a)).
    { apply Rmult_le_pos; [apply power_nonneg|]. apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]. }
    replace ((a - 1) / a) with (- ((1 - a) / a)) by (field; lra). unfold Rdiv at 1. lra.
Qed.

Section Family.
  Variables (a : R) (n : nat) (p V : vec) (rho : R).
  Hypothesis P : simplex n p.
  Hypothesis A : a <> 1 /\ a <> 0.
  Let ratio (q : vec) := fun i => q i / p i.
  Let K := 1 + a * (a - 1) * rho.

  Lemma moment q : simplex n q -> cressie_read a n p rho q ->
    exists T, sum n (fun i => p i * power (ratio q i) a) = T /\ (1 < a -> T <= K) /\ (a < 0 -> T <= K) /\ (0 < a < 1 -> K <= T).
  Proof.
    intros [Q S] (_ & _ & D). eexists. split; [reflexivity|].
    set (d := fun i => if Req_EM_T (p i) 0 then q i / (1 - a)
                else p i * ((power (q i / p i) a - a * (q i / p i) + a - 1) / (a * (a - 1)))) in D.
    assert (E : sum n (fun i => p i * power (ratio q i) a) = 1 + a * (a - 1) * sum n d).
    { transitivity ((a * sum n q + (1 - a) * sum n p) + a * (a - 1) * sum n d); [|rewrite S, (proj2 P); ring].
      rewrite <- !sum_scal, <- !sum_plus. apply sum_ext. intros i Hi. unfold d, ratio. destruct (Req_EM_T (p i) 0) as [Z|Z].
      - rewrite Z. field. lra.
      - field. lra. }
    rewrite E. unfold K. set (w := sum n d) in *. repeat split; intros I.
    - assert (0 <= a * (a - 1)) by (apply Rmult_le_pos; lra). nra.
    - assert (0 <= - a * (1 - a)) by (apply Rmult_le_pos; lra). nra.
    - assert (0 <= a * (1 - a)) by (apply Rmult_le_pos; lra). nra.
  Qed.

  Lemma cressie_read_bound q v x :
    simplex n q -> cressie_read a n p rho q -> floor n p q V v -> 0 < x -> 0 < K ->
    let y := fun i => pos (1 - (a - 1) * x * (V i - v)) in
    v + (1 - power K (1 / a) * power (expect n p (fun i => power (y i) (a / (a - 1)))) ((a - 1) / a)) / ((a - 1) * x)
      <= expect n q V.
  Proof.
    intros SQ D F X Kp y. destruct A as [A1 A0]. assert (T := moment q SQ D). destruct T as (T & ET & T1 & T2 & T3).
    destruct SQ as [Q S]. destruct D as (K1 & K2 & _).
    set (r := a / (a - 1)). set (B := expect n p (fun i => power (y i) r)). set (c := power K (1 / a)). set (b := power B ((a - 1) / a)).
    assert (Y0 : forall i, 0 <= y i) by (intros; apply pos_nonneg).
    assert (B0 : 0 <= B) by (apply sum_nonneg; intros i Hi; apply Rmult_le_pos; [now apply (proj1 P)|apply power_nonneg]).
    assert (Cp : 0 < c) by (unfold c; rewrite power_exp by exact Kp; apply exp_pos).
    assert (Ca : power c a = K) by (apply power_inv; [exact Kp|field; exact A0]).
    assert (lin : expect n q (fun i => 1 - (a - 1) * x * (V i - v)) = 1 - (a - 1) * x * (expect n q V - v)).
    { unfold expect. rewrite (sum_ext n (fun i => q i * (1 - (a - 1) * x * (V i - v)))
        (fun i => (1 + (a - 1) * x * v) * q i - (a - 1) * x * (q i * V i))) by (intros; ring).
      rewrite sum_minus, !sum_scal, S. ring. }
    assert (scaled : 0 < B -> 0 < b /\ power b r = B).
    { intros Bp. split; [unfold b; rewrite power_exp by exact Bp; apply exp_pos|apply power_inv; [exact Bp|unfold r; field; lra]]. }
    (* c b (p (t / c)^a / a + p (y / b)^r / r), summed *)
    assert (total : 0 < B -> sum n (fun i => p i * (c * b * (power (ratio q i / c) a / a + power (y i / b) r * ((a - 1) / a))))
                             = c * b * (T / K / a + (a - 1) / a) \/ exists i, (i < n)%nat /\ 0 < p i /\ ratio q i < 0).
    { intros Bp. left. destruct (scaled Bp) as [bp br].
      rewrite (sum_ext n _ (fun i => (c * b / (K * a)) * (p i * power (ratio q i) a)
                                     + (c * b * ((a - 1) / a) / B) * (p i * power (y i) r))).
      - rewrite sum_plus, !sum_scal, ET. change (sum n (fun i => p i * power (y i) r)) with B. field. lra.
      - intros i Hi. destruct (Req_dec (p i) 0) as [Z|Z]; [rewrite Z; ring|].
        assert (0 < p i) by (assert (H := proj1 P i Hi); lra).
        rewrite power_div, power_div, Ca, br; auto; [field; lra|].
        apply Rmult_le_pos; [now apply Q|left; now apply Rinv_0_lt_compat]. }
    assert (total' : 0 < B -> sum n (fun i => p i * (c * b * (power (ratio q i / c) a / a + power (y i / b) r * ((a - 1) / a))))
                             = c * b * (T / K / a + (a - 1) / a)).
    { intros Bp. destruct (total Bp) as [E|(i & Hi & Hp & Hr)]; [exact E|].
      assert (0 <= ratio q i) by (apply Rmult_le_pos; [now apply Q|left; now apply Rinv_0_lt_compat]). lra. }
    clear total. destruct (Rdichotomy a 1 A1) as [L|G].
    - (* reversed *)
      assert (Y1 : forall i, (i < n)%nat -> (1 <= y i /\ y i = 1 - (a - 1) * x * (V i - v)) \/ (p i = 0 /\ q i = 0)).
      { intros i Hi. destruct (F i Hi) as [U|Z]; [left|now right]. assert (0 <= (1 - a) * x * (V i - v)) by (repeat apply Rmult_le_pos; lra).
        unfold y, pos. rewrite Rmax_left by lra. split; lra. }
      assert (EY : expect n q y = 1 - (a - 1) * x * (expect n q V - v)).
      { rewrite <- lin. apply sum_ext. intros i Hi. destruct (Y1 i Hi) as [[_ ->]|[_ ->]]; ring. }
      assert (Bp : 0 < B).
      { destruct (simplex_some n p P) as (i & Hi & Hp). apply sum_pos with i; auto.
        - intros j Hj. apply Rmult_le_pos; [now apply (proj1 P)|apply power_nonneg].
        - destruct (Y1 i Hi) as [[U _]|[E _]]; [|lra]. rewrite power_exp by lra. apply Rmult_lt_0_compat; [auto|apply exp_pos]. }
      destruct (scaled Bp) as [bp br].
      assert (H : c * b <= expect n q y).
      { apply Rle_trans with (c * b * (T / K / a + (a - 1) / a)).
        - assert (1 / a <= T / K / a).
          { assert (TK : T / K - 1 = (T - K) / K) by (field; lra). assert (0 < / K) by now apply Rinv_0_lt_compat.
            destruct (Rdichotomy a 0 A0) as [N|N].
            - specialize (T2 N). assert (/ a < 0) by now apply Rinv_lt_0_compat. unfold Rdiv in *.
              assert ((T - K) * / K <= 0) by nra. nra.
            - specialize (T3 (conj N L)). assert (0 < / a) by now apply Rinv_0_lt_compat. unfold Rdiv in *.
              assert (0 <= (T - K) * / K) by (apply Rmult_le_pos; lra). nra. }
          assert (0 < c * b) by now apply Rmult_lt_0_compat.
          assert (1 / a + (a - 1) / a = 1) by (field; lra). nra.
        - rewrite <- total' by exact Bp. apply sum_le. intros i Hi. assert (Pi := proj1 P i Hi). destruct Pi as [Pp|Pz].
          + destruct (Y1 i Hi) as [[U _]|[E _]]; [|lra]. assert (Qi := Q i Hi).
            assert (0 <= ratio q i) by (apply Rmult_le_pos; [auto|left; now apply Rinv_0_lt_compat]).
            assert (R := young_reverse a (ratio q i / c) (y i / b) L A0).
            apply Rmult_le_reg_l with (/ (p i * (c * b))); [apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; auto|].
            match goal with |- / ?m * (p i * (c * b * ?e)) <= _ => replace (/ m * (p i * (c * b * e))) with e by (field; lra) end.
            eapply Rle_trans; [apply R|right; unfold ratio; field; lra].
            * intros N. apply Rmult_lt_0_compat; [|now apply Rinv_0_lt_compat].
              apply Rmult_lt_0_compat; [|now apply Rinv_0_lt_compat]. destruct Qi as [Qp|Qz]; [exact Qp|].
              exfalso. specialize (K2 N i Hi (eq_sym Qz)). lra.
            * apply Rmult_le_pos; [auto|left; now apply Rinv_0_lt_compat].
            * apply Rmult_lt_0_compat; [lra|now apply Rinv_0_lt_compat].
          + rewrite <- Pz, Rmult_0_l. apply Rmult_le_pos; auto. }
      rewrite EY in H. assert (0 < (1 - a) * x) by (apply Rmult_lt_0_compat; lra).
      apply Rmult_le_reg_l with ((1 - a) * x); [auto|].
      replace ((1 - a) * x * (v + (1 - c * b) / ((a - 1) * x))) with ((1 - a) * x * v + (c * b - 1)) by (field; lra). lra.
    - assert (M : 1 - (a - 1) * x * (expect n q V - v) <= expect n q y).
      { rewrite <- lin. apply sum_le. intros i Hi. apply Rmult_le_compat_l; [auto|apply pos_le]. }
      assert (H : expect n q y <= c * b).
      { destruct (Rle_lt_or_eq_dec 0 B B0) as [Bp|Bz].
        - destruct (scaled Bp) as [bp br]. apply Rle_trans with (c * b * (T / K / a + (a - 1) / a)).
          + rewrite <- total' by exact Bp. apply sum_le. intros i Hi. assert (Pi := proj1 P i Hi). destruct Pi as [Pp|Pz].
            * assert (Qi := Q i Hi). assert (0 <= ratio q i) by (apply Rmult_le_pos; [auto|left; now apply Rinv_0_lt_compat]).
              assert (R := young a (ratio q i / c) (y i / b) G).
              apply Rmult_le_reg_l with (/ (p i * (c * b))); [apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; auto|].
              match goal with |- _ <= / ?m * (p i * (c * b * ?e)) => replace (/ m * (p i * (c * b * e))) with e by (field; lra) end.
              eapply Rle_trans; [right|apply R]; [unfold ratio; field; lra| |];
                (apply Rmult_le_pos; [auto|left; now apply Rinv_0_lt_compat]).
            * rewrite <- Pz, (K1 G i Hi (eq_sym Pz)). lra.
          + assert (T / K / a <= 1 / a).
            { specialize (T1 G). assert (0 < / K) by now apply Rinv_0_lt_compat. assert (0 < / a) by (apply Rinv_0_lt_compat; lra).
              assert (T / K - 1 = (T - K) / K) by (field; lra). unfold Rdiv in *. assert ((T - K) * / K <= 0) by nra. nra. }
            assert (0 < c * b) by now apply Rmult_lt_0_compat. assert (1 / a + (a - 1) / a = 1) by (field; lra). nra.
        - assert (Z : forall i, (i < n)%nat -> p i * power (y i) r = 0).
          { apply sum_zero; [intros i Hi; apply Rmult_le_pos; [now apply (proj1 P)|apply power_nonneg]|].
            change (B <= 0). lra. }
          unfold b. rewrite <- Bz, power_0, Rmult_0_r. right. unfold expect. rewrite <- (sum_0 n). apply sum_ext. intros i Hi.
          destruct (Rmult_integral _ _ (Z i Hi)) as [E|E]; [rewrite (K1 G i Hi E); ring|].
          destruct (Y0 i) as [Yp|Yz]; [|rewrite <- Yz; ring].
          rewrite power_exp in E by exact Yp. assert (U := exp_pos (r * ln (y i))). lra. }
      assert (0 < (a - 1) * x) by (apply Rmult_lt_0_compat; lra).
      apply Rmult_le_reg_l with ((a - 1) * x); [auto|].
      replace ((a - 1) * x * (v + (1 - c * b) / ((a - 1) * x))) with ((a - 1) * x * v + (1 - c * b)) by (field; lra). lra.
  Qed.
End Family.
