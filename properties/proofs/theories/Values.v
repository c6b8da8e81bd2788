(** Worst cases as numbers: finite, monotone, and what they are around a point mass. *)
From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Games Sums Duality.
Open Scope R_scope.

Lemma largest_max n V i : (i < n)%nat -> V i <= largest n V.
Proof.
  destruct n as [|n]; [lia|]. revert i. induction n as [|n IH]; intros i Hi; [replace i with 0%nat by lia; cbn; lra|].
  change (largest (S (S n)) V) with (Rmax (largest (S n) V) (V (S n))).
  destruct (Nat.eq_dec i (S n)) as [->|D]; [apply Rmax_r|].
  eapply Rle_trans; [apply IH; lia|apply Rmax_l].
Qed.

Lemma largest_lub n V x : (0 < n)%nat -> (forall i, (i < n)%nat -> V i <= x) -> largest n V <= x.
Proof.
  destruct n as [|n]; [lia|]. intros _. induction n as [|n IH]; intros H; [apply H; lia|].
  change (largest (S (S n)) V) with (Rmax (largest (S n) V) (V (S n))).
  apply Rmax_lub; [apply IH; intros; apply H; lia|apply H; lia].
Qed.

Lemma least_min n V i : (i < n)%nat -> least n V <= V i.
Proof.
  destruct n as [|n]; [lia|]. revert i. induction n as [|n IH]; intros i Hi; [replace i with 0%nat by lia; cbn; lra|].
  change (least (S (S n)) V) with (Rmin (least (S n) V) (V (S n))).
  destruct (Nat.eq_dec i (S n)) as [->|D]; [apply Rmin_r|].
  eapply Rle_trans; [apply Rmin_l|apply IH; lia].
Qed.

Lemma least_glb n V x : (0 < n)%nat -> (forall i, (i < n)%nat -> x <= V i) -> x <= least n V.
Proof.
  destruct n as [|n]; [lia|]. intros _. induction n as [|n IH]; intros H; [apply H; lia|].
  change (least (S (S n)) V) with (Rmin (least (S n) V) (V (S n))).
  apply Rmin_glb; [apply IH; intros; apply H; lia|apply H; lia].
Qed.

Lemma least_some n V : (0 < n)%nat -> exists i, (i < n)%nat /\ least n V = V i.
Proof.
  destruct n as [|n]; [lia|]. intros _. induction n as [|n IH]; [exists 0%nat; auto|].
  change (least (S (S n)) V) with (Rmin (least (S n) V) (V (S n))).
  destruct IH as (i & Hi & E). unfold Rmin. destruct (Rle_dec (least (S n) V) (V (S n))).
  - exists i. split; [lia|exact E].
  - exists (S n). split; [lia|reflexivity].
Qed.

Lemma largest_some n V : (0 < n)%nat -> exists i, (i < n)%nat /\ largest n V = V i.
Proof.
  destruct n as [|n]; [lia|]. intros _. induction n as [|n IH]; [exists 0%nat; auto|].
  change (largest (S (S n)) V) with (Rmax (largest (S n) V) (V (S n))).
  destruct IH as (i & Hi & E). unfold Rmax. destruct (Rle_dec (largest (S n) V) (V (S n))).
  - exists (S n). split; [lia|reflexivity].
  - exists i. split; [lia|exact E].
Qed.

Lemma expect_le n q V W : simplex n q -> (forall i, (i < n)%nat -> V i <= W i) -> expect n q V <= expect n q W.
Proof. intros [Q _] H. apply sum_le. intros i Hi. apply Rmult_le_compat_l; auto. Qed.

Lemma expect_least n q V : simplex n q -> least n V <= expect n q V.
Proof.
  intros S. apply minimum_bound with (p := q); [exact S|]. intros i Hi. left. now apply least_min.
Qed.

Lemma expect_largest n q V : simplex n q -> expect n q V <= largest n V.
Proof.
  intros [Q S]. rewrite <- (Rmult_1_l (largest n V)), <- S, <- sum_scal_r. apply sum_le. intros i Hi.
  apply Rmult_le_compat_l; [auto|now apply largest_max].
Qed.

(** * A ball that holds a distribution has a worst case, which is a number. *)
Section Worst.
  Variables (n : nat) (B : vec -> Prop) (V : vec) (p : vec).
  Hypothesis S : simplex n p.
  Hypothesis I : B p.

  Lemma worst_case_number : worst_case n B V = real (worst_case n B V).
  Proof.
    assert (U := worst_case_le n B V p S I).
    assert (L : Rbar_le (least n V) (worst_case n B V)) by (apply worst_case_ge; intros q Q _; now apply expect_least).
    destruct (worst_case n B V) as [x| |]; cbn in *; tauto.
  Qed.

  Lemma worst_le q : simplex n q -> B q -> real (worst_case n B V) <= expect n q V.
  Proof. intros Q IQ. assert (U := worst_case_le n B V q Q IQ). rewrite worst_case_number in U. exact U. Qed.

  Lemma worst_ge lo : (forall q, simplex n q -> B q -> lo <= expect n q V) -> lo <= real (worst_case n B V).
  Proof. intros H. assert (L := worst_case_ge n B V lo H). rewrite worst_case_number in L. exact L. Qed.
End Worst.

Lemma worst_number n B V x : worst_case n B V = Finite x -> real (worst_case n B V) = x.
Proof. intros ->. reflexivity. Qed.

(** The nominal row is in its ball. *)
Lemma tv_center n p rho : 0 <= rho -> tv n p rho p.
Proof.
  intros R. unfold tv. rewrite (sum_ext n _ (fun _ => 0)), sum_0; [lra|]. intros. rewrite Rminus_eq_0. apply Rabs_R0.
Qed.
Lemma kl_center n p rho : 0 <= rho -> simplex n p -> kl n p rho p.
Proof.
  intros R _. split; [intros i _ E; exact E|]. rewrite (sum_ext n _ (fun _ => 0)), sum_0; [exact R|].
  intros i _. destruct (Req_dec (p i) 0) as [->|N]; [ring|]. replace (p i / p i) with 1 by (field; exact N). rewrite ln_1. ring.
Qed.

(** * Around a point mass: mass rho moves to the worst state. *)
Section Point.
  Variables (n g b : nat) (rho : R) (V : vec).
  Hypotheses (G : (g < n)%nat) (B : (b < n)%nat) (R : 0 <= rho <= 1).
  Hypothesis M : forall s, (s < n)%nat -> V b <= V s.

  Definition shocked : vec := fun i => (1 - rho) * pure g i + rho * pure b i.

  Lemma shocked_simplex : simplex n shocked.
  Proof.
    assert (SG := simplex_pure n g G). assert (SB := simplex_pure n b B). split.
    - intros i Hi. assert (0 <= pure g i) by now apply (proj1 SG). assert (0 <= pure b i) by now apply (proj1 SB).
      unfold shocked. assert (0 <= (1 - rho) * pure g i) by (apply Rmult_le_pos; lra).
      assert (0 <= rho * pure b i) by (apply Rmult_le_pos; lra). lra.
    - unfold shocked. rewrite sum_plus, !sum_scal, (proj2 SG), (proj2 SB). ring.
  Qed.

  Lemma shocked_expect : expect n shocked V = (1 - rho) * V g + rho * V b.
  Proof.
    unfold expect, shocked. rewrite (sum_ext n _ (fun i => (1 - rho) * (pure g i * V i) + rho * (pure b i * V i))) by (intros; ring).
    rewrite sum_plus, !sum_scal, !sum_pure by assumption. ring.
  Qed.

  Lemma shocked_tv : tv n (pure g) rho shocked.
  Proof.
    unfold tv, shocked.
    rewrite (sum_ext n _ (fun i => rho * Rabs (pure b i - pure g i))).
    - rewrite sum_scal. assert (sum n (fun i => Rabs (pure b i - pure g i)) <= 2); [|nra].
      apply Rle_trans with (sum n (fun i => pure b i + pure g i)).
      + apply sum_le. intros i _. unfold pure. destruct (Nat.eqb i b), (Nat.eqb i g); unfold Rabs; destruct (Rcase_abs _); lra.
      + rewrite sum_plus, (proj2 (simplex_pure n b B)), (proj2 (simplex_pure n g G)). lra.
    - intros i _. rewrite <- (Rabs_pos_eq rho) at 3 by lra. rewrite <- Rabs_mult. f_equal. ring.
  Qed.

  Lemma tv_pure : worst_case n (tv n (pure g) rho) V = (1 - rho) * V g + rho * V b.
  Proof.
    apply enclosed_exact, enclosed_by with shocked.
    - intros q S D. eapply Rle_trans; [|apply (tv_bound n (pure g) V rho (simplex_pure n g G) q (V b) (V g) S D)].
      + rewrite expect_pure by exact G. rewrite Rmin_left by lra. unfold pos. assert (V b <= V g) by auto. rewrite Rmax_left by lra. lra.
      + intros i Hi. left. auto.
    - exact shocked_simplex.
    - exact shocked_tv.
    - rewrite shocked_expect. lra.
  Qed.
End Point.

Lemma kl_pure n g rho V : (g < n)%nat -> 0 <= rho -> worst_case n (kl n (pure g) rho) V = V g.
Proof.
  intros G R. apply enclosed_exact, enclosed_by with (pure g).
  - intros q S [K _]. right. assert (Z : forall i, (i < n)%nat -> q i = q g * pure g i).
    { intros i Hi. unfold pure. destruct (Nat.eqb_spec i g) as [->|D]; [ring|]. rewrite Rmult_0_r. apply K; auto.
      unfold pure. destruct (Nat.eqb_spec i g); [lia|reflexivity]. }
    assert (E : q g = 1).
    { destruct S as [_ S]. rewrite (sum_ext n q _ Z), sum_scal, (proj2 (simplex_pure n g G)) in S. lra. }
    unfold expect. rewrite (sum_ext n _ (fun i => pure g i * V i)).
    + symmetry. now apply sum_pure.
    + intros i Hi. rewrite (Z i Hi), E. ring.
  - now apply simplex_pure.
  - apply kl_center; [exact R|now apply simplex_pure].
  - rewrite expect_pure by exact G. lra.
Qed.

(** Extensionality: what is beyond the n states is of no account. *)
Lemma tv_ext n p p' rho q : (forall i, (i < n)%nat -> p i = p' i) -> tv n p rho q -> tv n p' rho q.
Proof.
  intros E D. unfold tv in *. rewrite (sum_ext n _ (fun i => Rabs (q i - p i))); [exact D|]. intros i Hi. now rewrite E.
Qed.
Lemma simplex_ext n p q : (forall i, (i < n)%nat -> p i = q i) -> simplex n p -> simplex n q.
Proof.
  intros E [N S]. split; [intros i Hi; rewrite <- E; auto|]. rewrite <- S. symmetry. now apply sum_ext.
Qed.
Lemma worst_case_ext n (B B' : vec -> Prop) V W :
  (forall q, simplex n q -> B q <-> B' q) -> (forall i, (i < n)%nat -> V i = W i) -> worst_case n B V = worst_case n B' W.
Proof.
  intros EB EV. assert (X : forall q, expect n q V = expect n q W) by (intros; apply sum_ext; intros; now rewrite EV).
  unfold worst_case. apply Glb_Rbar_eqset. intros x. split; intros (q & S & H & ->); exists q; split; auto; split; auto.
  - now apply EB.
  - now apply EB.
Qed.

Lemma robust_tv n rho P s a b V g m :
  (forall i, (i < n)%nat -> P s a b i = pure g i) -> (g < n)%nat -> (m < n)%nat -> 0 <= rho <= 1 ->
  (forall t, (t < n)%nat -> V m <= V t) -> robust n (tv_ball n rho) P s a b V = (1 - rho) * V g + rho * V m.
Proof.
  intros E G B R M. unfold robust, tv_ball. rewrite <- (worst_number _ _ _ _ (tv_pure n g m rho V G B R M)). f_equal.
  apply worst_case_ext; [|reflexivity]. intros q _. split; apply tv_ext; intros i Hi; [|symmetry]; auto.
Qed.

Lemma kl_ext n p p' rho q : (forall i, (i < n)%nat -> p i = p' i) -> kl n p rho q -> kl n p' rho q.
Proof.
  intros E [K D]. split; [intros i Hi; rewrite <- E by exact Hi; now apply K|].
  rewrite (sum_ext n _ (fun i => q i * ln (q i / p i))); [exact D|]. intros i Hi. now rewrite E.
Qed.
Lemma kl_point n p g rho V : (forall i, (i < n)%nat -> p i = pure g i) -> (g < n)%nat -> 0 <= rho ->
  worst_case n (kl n p rho) V = V g.
Proof.
  intros E G R. rewrite <- (kl_pure n g rho V G R). apply worst_case_ext; [|reflexivity].
  intros q _. split; apply kl_ext; intros i Hi; [|symmetry]; auto.
Qed.
