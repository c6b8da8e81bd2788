(** Weak duality, once for each uncertainty set: every q in the ball has [E_q V >= the bound at x]. *)
From Coq Require Import Reals Lra Lia Psatz List.
From Drmg Require Import Rows Sums.
Open Scope R_scope.

(** v is a floor of the values that the adversary can reach. *)
Definition floor (n : nat) (p q V : vec) (v : R) : Prop :=
  forall i, (i < n)%nat -> v <= V i \/ (p i = 0 /\ q i = 0).

Lemma pos_nonneg x : 0 <= pos x. Proof. unfold pos. apply Rmax_r. Qed.
Lemma pos_le x : x <= pos x. Proof. unfold pos. apply Rmax_l. Qed.

Ltac cases_minmax :=
  unfold pos, Rmin, Rmax in *;
  repeat match goal with
         | |- context [Rle_dec ?a ?b] =>
             lazymatch constr:((a, b)) with context [Rle_dec _ _] => fail | _ => destruct (Rle_dec a b) end
         end.

Lemma abs_tilt d e c : 0 <= d <= c -> - e * (d - c / 2) <= Rabs e * (c / 2).
Proof. intros. unfold Rabs. destruct (Rcase_abs e); nra. Qed.

Lemma box_tilt q l u y : l <= q <= u -> l * pos y - u * pos (- y) <= q * y.
Proof.
  intros [L U]. unfold pos, Rmax. destruct (Rle_dec y 0), (Rle_dec (- y) 0); try lra.
  - replace y with 0 by lra. lra.
  - assert (0 <= (u - q) * - y) by (apply Rmult_le_pos; lra). lra.
  - assert (0 <= (q - l) * y) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma simplex_le_1 n q i : simplex n q -> (i < n)%nat -> q i <= 1.
Proof.
  intros [Q S] Hi. rewrite <- S. clear S. induction n as [|n IH]; [lia|]. cbn.
  assert (Q' : forall i, (i < n)%nat -> 0 <= q i) by (intros; apply Q; lia).
  destruct (Nat.eq_dec i n) as [->|D].
  - assert (0 <= sum n q) by (apply sum_nonneg; auto). lra.
  - assert (q i <= sum n q) by (apply IH; auto; lia). assert (0 <= q n) by (apply Q; lia). lra.
Qed.

Section Row.
  Variables (n : nat) (p V : vec) (rho : R).
  Hypothesis P : simplex n p.

  Lemma minimum_bound q v : simplex n q -> floor n p q V v -> v <= expect n q V.
  Proof.
    intros [Q S] F. rewrite <- (Rmult_1_r v), <- S, <- sum_scal. apply sum_le. intros i Hi.
    specialize (Q i Hi). destruct (F i Hi) as [L|[_ ->]]; nra.
  Qed.

  Lemma l1_bound q v x :
    simplex n q -> l1 n p (2 * rho) q -> floor n p q V v ->
    expect n p (fun i => Rmin (V i) x) - rho * pos (x - v) <= expect n q V.
  Proof.
    unfold l1. intros [Q S] D F.
    set (m := fun i => Rmin (V i) x). set (c := pos (x - v)). set (b := Rmin x v).
    assert (M : expect n q m <= expect n q V).
    { apply sum_le. intros i Hi. apply Rmult_le_compat_l; [auto|]. unfold m. apply Rmin_l. }
    assert (Z : sum n (fun i => - (q i - p i) * (m i - b - c / 2)) = expect n p m - expect n q m).
    { unfold expect.
      rewrite (sum_ext n _ (fun i => (p i * m i - q i * m i) + (p i - q i) * (- b - c / 2))) by (intros; ring).
      rewrite sum_plus, sum_minus, sum_scal_r, sum_minus, S, (proj2 P). ring. }
    assert (L : sum n (fun i => - (q i - p i) * (m i - b - c / 2)) <= sum n (fun i => Rabs (q i - p i)) * (c / 2)).
    { rewrite <- sum_scal_r. apply sum_le. intros i Hi. destruct (F i Hi) as [L|[-> ->]].
      - apply abs_tilt. unfold m, b, c, pos. split; cases_minmax; lra.
      - rewrite Rminus_0_r, Rabs_R0. lra. }
    assert (0 <= c) by apply pos_nonneg.
    assert (sum n (fun i => Rabs (q i - p i)) * (c / 2) <= 2 * rho * (c / 2)) by (apply Rmult_le_compat_r; lra).
    lra.
  Qed.

  Lemma tv_bound q v x :
    simplex n q -> tv n p rho q -> floor n p q V v ->
    expect n p (fun i => Rmin (V i) x) - rho * pos (x - v) <= expect n q V.
  Proof. unfold tv. intros S D F. apply l1_bound; auto. unfold l1. lra. Qed.

  (** l and u bound the probabilities. *)
  Lemma box_bound q (l u : vec) x :
    simplex n q -> (forall i, (i < n)%nat -> l i <= q i <= u i) ->
    x + expect n l (fun i => pos (V i - x)) - expect n u (fun i => pos (x - V i)) <= expect n q V.
  Proof.
    intros [Q S] B.
    replace (expect n q V) with (x + sum n (fun i => q i * (V i - x))).
    - assert (sum n (fun i => l i * pos (V i - x) - u i * pos (x - V i)) <= sum n (fun i => q i * (V i - x))).
      { apply sum_le. intros i Hi. replace (x - V i) with (- (V i - x)) by ring. apply box_tilt. auto. }
      rewrite sum_minus in H. unfold expect in *. lra.
    - unfold expect.
      rewrite (sum_ext n _ (fun i => q i * V i - q i * x)) by (intros; ring).
      rewrite sum_minus, sum_scal_r, S. ring.
  Qed.

  Lemma interval_bound q (usable : nat -> bool) x :
    simplex n q -> interval_set n p rho q -> (forall i, (i < n)%nat -> usable i = false -> q i = 0) ->
    x + expect n (fun i => pos (p i - rho)) (fun i => pos (V i - x))
      - expect n (fun i => if usable i then Rmin (p i + rho) 1 else 0) (fun i => pos (x - V i)) <= expect n q V.
  Proof.
    intros S D U. apply box_bound; [exact S|]. intros i Hi.
    assert (q i <= 1) by (apply simplex_le_1 with n; auto).
    specialize (U i Hi). assert (Q := proj1 S i Hi). specialize (D i Hi).
    assert (- rho <= q i - p i <= rho) by (revert D; unfold Rabs; destruct (Rcase_abs (q i - p i)); lra).
    destruct (usable i); [|rewrite U in * by easy]; split; cases_minmax; lra.
  Qed.

  Lemma contamination_bound q v :
    simplex n q -> contamination n p rho q -> floor n p q V v ->
    (1 - rho) * expect n p V + rho * v <= expect n q V.
  Proof.
    intros [Q S] D F.
    assert (sum n (fun i => (q i - (1 - rho) * p i) * v) <= sum n (fun i => (q i - (1 - rho) * p i) * V i)).
    { apply sum_le. intros i Hi. specialize (D i Hi). destruct (F i Hi) as [L|[-> ->]]; nra. }
    rewrite sum_scal_r, sum_minus, sum_scal, S, (proj2 P) in H.
    rewrite (sum_ext n (fun i => (q i - (1 - rho) * p i) * V i) (fun i => q i * V i - (1 - rho) * (p i * V i))) in H
      by (intros; ring).
    rewrite sum_minus, sum_scal in H. unfold expect. lra.
  Qed.

  Lemma wasserstein_bound C q (m : vec) x :
    0 <= x -> wasserstein n C p rho q ->
    (forall i j, (i < n)%nat -> (j < n)%nat -> m i <= V j + x * C i j) ->
    expect n p m - x * rho <= expect n q V.
  Proof.
    intros X (plan & N & Pr & Qr & Cost) M.
    assert (A : sum n (fun i => sum n (fun j => plan i j * m i)) <= sum n (fun i => sum n (fun j => plan i j * V j + x * (plan i j * C i j)))).
    { apply sum_le. intros i Hi. apply sum_le. intros j Hj. specialize (N i j Hi Hj). specialize (M i j Hi Hj). nra. }
    rewrite (sum_ext n (fun i => sum n (fun j => plan i j * m i)) (fun i => p i * m i)) in A
      by (intros i Hi; rewrite sum_scal_r, Pr; auto).
    rewrite (sum_ext n (fun i => sum n (fun j => plan i j * V j + x * (plan i j * C i j)))
                       (fun i => sum n (fun j => plan i j * V j) + x * sum n (fun j => plan i j * C i j))) in A
      by (intros i Hi; now rewrite sum_plus, sum_scal).
    rewrite sum_plus, sum_scal, sum_swap in A.
    rewrite (sum_ext n (fun j => sum n (fun i => plan i j * V j)) (fun j => q j * V j)) in A
      by (intros j Hj; rewrite sum_scal_r, Qr; auto).
    assert (x * sum n (fun i => sum n (fun j => plan i j * C i j)) <= x * rho) by (apply Rmult_le_compat_l; auto).
    unfold expect. lra.
  Qed.

  (** * At radius 0 only p is left. *)
  Lemma mean_bound q : (forall i, (i < n)%nat -> q i = p i) -> expect n p V <= expect n q V.
  Proof. intros E. right. apply sum_ext. intros i Hi. now rewrite E. Qed.

  Lemma mean_l1 q : l1 n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros D i Hi. assert (Z := sum_zero n (fun i => Rabs (q i - p i)) (fun i _ => Rabs_pos _) D i Hi). cbn in Z.
    destruct (Req_dec (q i - p i) 0) as [E|E]; [lra|]. now apply Rabs_no_R0 in E.
  Qed.

  Lemma mean_tv q : tv n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof. intros D. apply mean_l1. unfold tv, l1 in *. lra. Qed.

  Lemma mean_interval q : interval_set n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof. intros D i Hi. specialize (D i Hi). revert D. unfold Rabs. destruct (Rcase_abs (q i - p i)); lra. Qed.

  Lemma mean_contamination q : simplex n q -> contamination n p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros [_ S] D i Hi. assert (Z := sum_zero n (fun i => q i - p i)). cbn in Z.
    assert (q i - p i = 0); [|lra]. apply Z; [|rewrite sum_minus, S, (proj2 P); lra|exact Hi].
    intros j Hj. specialize (D j Hj). lra.
  Qed.

  (** Were a move from i to another state free, the plan could make it. *)
  Lemma mean_wasserstein C q :
    (forall i, (i < n)%nat -> 0 <= C i i) -> (forall i j, (i < n)%nat -> (j < n)%nat -> i <> j -> 0 < C i j) ->
    wasserstein n C p 0 q -> forall i, (i < n)%nat -> q i = p i.
  Proof.
    intros C0 Cp (plan & N & Pr & Qr & Cost) i Hi.
    assert (Z : forall i j, (i < n)%nat -> (j < n)%nat -> i <> j -> plan i j = 0).
    { assert (T : forall i j, (i < n)%nat -> (j < n)%nat -> 0 <= plan i j * C i j).
      { intros a b Ha Hb. apply Rmult_le_pos; [now apply N|]. destruct (Nat.eq_dec a b) as [->|D]; [auto|left; auto]. }
      intros a b Ha Hb D.
      assert (S := sum_zero n _ (fun i Hi => sum_nonneg n _ (fun j Hj => T i j Hi Hj)) Cost a Ha). cbn in S.
      assert (W := sum_zero n _ (fun j Hj => T a j Ha Hj) (Req_le _ _ S) b Hb). cbn in W.
      destruct (Rmult_integral _ _ W) as [E|E]; [exact E|]. specialize (Cp a b Ha Hb D). lra. }
    rewrite <- (Qr i Hi), <- (Pr i Hi).
    rewrite (sum_ext n (fun a => plan a i) (fun a => pure i a * plan i i)), (sum_ext n (plan i) (fun a => pure i a * plan i i)).
    - reflexivity.
    - intros b Hb. unfold pure. destruct (Nat.eqb_spec b i) as [->|D]; [ring|]. rewrite Z; auto; ring.
    - intros a Ha. unfold pure. destruct (Nat.eqb_spec a i) as [->|D]; [ring|]. rewrite Z; auto; ring.
  Qed.
End Row.
