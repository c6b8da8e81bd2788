(** The span of robust values for total variation. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Games Sums Duality Values.
Open Scope R_scope.

(** A worst case is at least the least value, and at most that moved by a share rho of all mass. *)
Lemma tv_between n p rho V low span : simplex n p -> 0 <= rho <= 1 -> (forall s, (s < n)%nat -> low <= V s <= low + span) ->
  (exists s, (s < n)%nat /\ V s = low) -> low <= real (worst_case n (tv n p rho) V) <= low + (1 - rho) * span.
Proof.
  intros P R B (b & Hb & Eb). assert (C := tv_center n p rho (proj1 R)). split.
  - apply (worst_ge n _ V p P C). intros q S _. apply Rle_trans with (expect n q (fun _ => low)).
    + unfold expect. rewrite sum_scal_r, (proj2 S). lra.
    + apply expect_le; [exact S|]. intros i Hi. apply B. exact Hi.
  - assert (SB := simplex_pure n b Hb). set (q := fun i => (1 - rho) * p i + rho * pure b i).
    assert (Q : simplex n q).
    { split; [intros i Hi|unfold q; rewrite sum_plus, !sum_scal, (proj2 P), (proj2 SB); ring].
      assert (0 <= p i) by now apply (proj1 P). assert (0 <= pure b i) by now apply (proj1 SB).
      assert (0 <= (1 - rho) * p i) by (apply Rmult_le_pos; lra). assert (0 <= rho * pure b i) by (apply Rmult_le_pos; lra). unfold q. lra. }
    assert (D : tv n p rho q).
    { unfold tv, q. rewrite (sum_ext n _ (fun i => rho * Rabs (pure b i - p i))).
      - rewrite sum_scal. assert (sum n (fun i => Rabs (pure b i - p i)) <= 2); [|nra].
        apply Rle_trans with (sum n (fun i => pure b i + p i)); [|rewrite sum_plus, (proj2 SB), (proj2 P); lra].
        apply sum_le. intros i Hi. assert (0 <= p i) by now apply (proj1 P). assert (0 <= pure b i) by now apply (proj1 SB).
        unfold Rabs. destruct (Rcase_abs _); lra.
      - intros i _. rewrite <- (Rabs_pos_eq rho) at 3 by lra. rewrite <- Rabs_mult. f_equal. ring. }
    eapply Rle_trans; [apply (worst_le n _ V p P C q Q D)|]. unfold expect, q.
    rewrite (sum_ext n _ (fun i => (1 - rho) * (p i * V i) + rho * (pure b i * V i))) by (intros; ring).
    rewrite sum_plus, !sum_scal, sum_pure, Eb by exact Hb.
    assert (E : expect n p V <= low + span).
    { apply Rle_trans with (expect n p (fun _ => low + span)); [apply expect_le; [exact P|intros; now apply B]|].
      unfold expect. rewrite sum_scal_r, (proj2 P). lra. }
    unfold expect in E. nra.
Qed.

Lemma policy_mean A B (w f : nat -> nat -> R) low high : (0 < A)%nat ->
  (forall a b, (a < A)%nat -> (b < B)%nat -> 0 <= w a b) -> sum A (fun a => sum B (w a)) = 1 ->
  (forall a b, (a < A)%nat -> (b < B)%nat -> low <= f a b <= high) ->
  low <= sum A (fun a => sum B (fun b => w a b * f a b)) <= high.
Proof.
  intros _ N S F. split.
  - rewrite <- (Rmult_1_r low), <- S, <- sum_scal. apply sum_le. intros a Ha. rewrite <- sum_scal. apply sum_le. intros b Hb.
    assert (X := N a b Ha Hb). assert (Y := F a b Ha Hb). nra.
  - rewrite <- (Rmult_1_r high), <- S, <- sum_scal. apply sum_le. intros a Ha. rewrite <- sum_scal. apply sum_le. intros b Hb.
    assert (X := N a b Ha Hb). assert (Y := F a b Ha Hb). nra.
Qed.

(** 1 + (1 - rho) + ... : the span after k steps *)
Fixpoint spans (rho : R) (k : nat) : R := match k with O => 0 | S m => 1 + (1 - rho) * spans rho m end.
Lemma spans_closed rho k : rho * spans rho k = 1 - (1 - rho) ^ k.
Proof. induction k as [|k IH]; cbn; [ring|]. rewrite <- Rplus_0_r. replace (rho * (1 + (1 - rho) * spans rho k)) with (rho + (1 - rho) * (rho * spans rho k)) by ring. rewrite IH. ring. Qed.
Lemma spans_bounds rho k : 0 <= rho <= 1 -> 0 <= spans rho k <= INR k.
Proof.
  intros R. induction k as [|k IH]; [cbn; lra|]. rewrite S_INR. cbn [spans]. assert (0 <= INR k) by apply pos_INR. split; [|nra].
  assert (0 <= (1 - rho) * spans rho k) by (apply Rmult_le_pos; lra). lra.
Qed.

Section Game.
  Variables (n A B : nat) (r : nat -> nat -> nat -> R) (P : nat -> nat -> nat -> vec) (pi : nat -> nat -> nat -> nat -> R) (rho : R).
  Hypotheses (K : kernel n A B P) (Rew : rewards n A B r) (Pol : policy n A B pi) (Rho : 0 <= rho <= 1).
  Let V := value A B r (robust n (tv_ball n rho) P) pi.

  Lemma actions_some s : (s < n)%nat -> (0 < A)%nat.
  Proof. intros Hs. destruct A as [|A']; [|lia]. destruct (Pol 0%nat s Hs) as [_ S]. cbn in S. lra. Qed.

  Lemma value_span k s : (s < n)%nat -> least n (V k) <= V k s <= least n (V k) + spans rho k.
  Proof.
    revert s. induction k as [|k IH]; intros s Hs.
    - assert (E : least n (V 0) = 0).
      { destruct (least_some n (V 0) ltac:(lia)) as (i & _ & ->). reflexivity. }
      rewrite E. cbn. unfold V. cbn. lra.
    - assert (X : forall t, (t < n)%nat -> least n (V k) <= V (S k) t <= least n (V k) + spans rho (S k)).
      { intros t Ht. unfold V. cbn [value]. apply policy_mean; [now apply (actions_some t)|apply (Pol (S k) t Ht)|apply (Pol (S k) t Ht)|].
        intros a b Ha Hb. unfold action_value, robust, tv_ball. fold (robust n (tv_ball n rho) P). fold V.
        destruct (least_some n (V k) ltac:(lia)) as (i & Hi & Ei).
        assert (T := tv_between n (P t a b) rho (V k) (least n (V k)) (spans rho k) (K t a b Ht Ha Hb) Rho IH (ex_intro _ i (conj Hi (eq_sym Ei)))).
        assert (Y := Rew t a b Ht Ha Hb). cbn [spans]. unfold V in *. unfold robust, tv_ball in *. lra. }
      split; [now apply least_min|]. destruct (least_some n (V (S k)) ltac:(lia)) as (i & Hi & Ei). rewrite Ei.
      assert (X1 := X s Hs). assert (X2 := X i Hi). lra.
  Qed.
End Game.
