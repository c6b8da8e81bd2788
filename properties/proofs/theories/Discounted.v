(** The discounted robust operator: a contraction, and what encloses its fixed point. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Games Sums Duality Values.
Open Scope R_scope.

(** One agent under a stationary joint policy pi of A joint actions, any ball that holds the nominal row. *)
Section Discount.
  Variables (n A : nat) (gamma : R) (r : nat -> vec) (ball : nat -> nat -> vec -> Prop) (P : nat -> nat -> vec) (pi : nat -> vec).
  Hypotheses (G : 0 <= gamma < 1) (K : forall s a, (s < n)%nat -> (a < A)%nat -> simplex n (P s a) /\ ball s a (P s a)).
  Hypothesis Pol : forall s, (s < n)%nat -> simplex A (pi s).

  Definition bellman (V : vec) : vec := fun s => sum A (fun a => pi s a * (r s a + gamma * real (worst_case n (ball s a) V))).

  Lemma worst_shift s a V W c : (s < n)%nat -> (a < A)%nat -> (forall t, (t < n)%nat -> V t <= W t + c) ->
    real (worst_case n (ball s a) V) <= real (worst_case n (ball s a) W) + c.
  Proof.
    intros Hs Ha L. destruct (K s a Hs Ha) as [S B].
    assert (real (worst_case n (ball s a) V) - c <= real (worst_case n (ball s a) W)); [|lra].
    apply (worst_ge n _ W (P s a) S B). intros q Q BQ. assert (U := worst_le n _ V (P s a) S B q Q BQ).
    assert (X : expect n q V <= expect n q (fun t => W t + c)) by (apply expect_le; auto).
    unfold expect in X at 2. rewrite (sum_ext n _ (fun t => q t * W t + q t * c)), sum_plus, sum_scal_r, (proj2 Q) in X by (intros; ring).
    unfold expect in *. lra.
  Qed.

  Lemma bellman_shift V W c : (forall t, (t < n)%nat -> V t <= W t + c) -> forall s, (s < n)%nat -> bellman V s <= bellman W s + gamma * c.
  Proof.
    intros L s Hs. unfold bellman. rewrite <- (Rmult_1_l (gamma * c)), <- (proj2 (Pol s Hs)), <- sum_scal_r, <- sum_plus.
    apply sum_le. intros a Ha. rewrite <- Rmult_plus_distr_l. apply Rmult_le_compat_l; [now apply (proj1 (Pol s Hs))|].
    assert (X := worst_shift s a V W c Hs Ha L). apply (Rmult_le_compat_l gamma) in X; lra.
  Qed.

  (** A contraction with the factor gamma in the largest distance. *)
  Theorem contraction V W d : (forall t, (t < n)%nat -> Rabs (V t - W t) <= d) ->
    forall s, (s < n)%nat -> Rabs (bellman V s - bellman W s) <= gamma * d.
  Proof.
    intros L s Hs. assert (X : forall t, (t < n)%nat -> V t <= W t + d /\ W t <= V t + d).
    { intros t Ht. specialize (L t Ht). revert L. unfold Rabs. destruct (Rcase_abs _); lra. }
    assert (U := bellman_shift V W d (fun t Ht => proj1 (X t Ht)) s Hs). assert (Q := bellman_shift W V d (fun t Ht => proj2 (X t Ht)) s Hs).
    unfold Rabs. destruct (Rcase_abs _); lra.
  Qed.

  (** Sub- and super-solutions are on their sides of every fixed point. *)
  Lemma below V W : (forall s, (s < n)%nat -> V s <= bellman V s) -> (forall s, (s < n)%nat -> bellman W s <= W s) ->
    forall s, (s < n)%nat -> V s <= W s.
  Proof.
    intros Sub Super s Hs. assert (N : (0 < n)%nat) by lia. set (D := fun t => V t - W t).
    destruct (largest_some n D N) as (k & Hk & E).
    assert (L : forall t, (t < n)%nat -> V t <= W t + D k) by (intros t Ht; assert (X : D t <= largest n D) by (now apply largest_max); rewrite E in X; unfold D in *; lra).
    assert (B := bellman_shift V W (D k) L k Hk). specialize (Sub k Hk). specialize (Super k Hk).
    assert (D k <= gamma * D k) by (unfold D in *; lra). assert (D k <= 0) by nra. specialize (L s Hs). lra.
  Qed.

  Theorem enclosed_fixed_point V low high : (forall s, (s < n)%nat -> bellman V s = V s) ->
    (forall s, (s < n)%nat -> low s <= bellman low s) -> (forall s, (s < n)%nat -> bellman high s <= high s) ->
    forall s, (s < n)%nat -> low s <= V s <= high s.
  Proof.
    intros F Lo Hi s Hs. split; [apply (below low V)|apply (below V high)]; auto; intros t Ht; rewrite F by exact Ht; lra.
  Qed.
End Discount.
