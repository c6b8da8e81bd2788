From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Duality Variance.
From Claims Require Import B18_tight.
Open Scope R_scope.

(** The difference is the covariance of V - (U + L) / 2, at most (U - L) / 2, with a value in [0, 2 H]. *)
Theorem B18_tight_proved : claim_B18_tight.
Proof.
  intros n p L V U H P B. set (d := fun s => V s - (U s + L s) / 2). set (W := fun s => V s + (U s + L s) / 2). set (m := expect n p W).
  assert (E : variance n p V - variance n p (fun s => (U s + L s) / 2) = expect n p (fun s => d s * (W s - m))).
  { unfold variance. assert (A : expect n p (fun s => d s * (W s - m)) =
      expect n p (fun s => V s ^ 2) - expect n p (fun s => ((U s + L s) / 2) ^ 2) - m * (expect n p V - expect n p (fun s => (U s + L s) / 2))).
    { unfold expect. rewrite <- !sum_minus, <- sum_scal, <- sum_minus. apply sum_ext. intros i _. unfold d, W. ring. }
    assert (M : m = expect n p V + expect n p (fun s => (U s + L s) / 2)).
    { unfold m, W, expect. rewrite <- sum_plus. apply sum_ext. intros; ring. }
    rewrite A, M. ring. }
  rewrite E. assert (Wr : forall s, (s < n)%nat -> 0 <= W s <= 2 * H) by (intros s Hs; specialize (B s Hs); unfold W; lra).
  assert (mr : 0 <= m <= 2 * H).
  { split; [rewrite <- (Rmult_1_r 0)|rewrite <- (Rmult_1_r (2 * H))]; rewrite <- (proj2 P), <- sum_scal; apply sum_le; intros i Hi;
      specialize (Wr i Hi); assert (Pi := proj1 P i Hi); nra. }
  assert (T : forall s, (s < n)%nat -> Rabs (d s * (W s - m)) <= H * (U s - L s)).
  { intros s Hs. rewrite Rabs_mult. specialize (Wr s Hs). specialize (B s Hs).
    assert (Rabs (d s) <= (U s - L s) / 2) by (unfold d, Rabs; destruct (Rcase_abs _); lra).
    assert (Rabs (W s - m) <= 2 * H) by (unfold Rabs; destruct (Rcase_abs _); lra).
    assert (0 <= Rabs (d s)) by apply Rabs_pos. assert (0 <= Rabs (W s - m)) by apply Rabs_pos. nra. }
  apply Rabs_le. unfold expect. rewrite <- sum_scal. split.
  - rewrite <- (Rmult_1_l (sum n _)), Ropp_mult_distr_l, <- sum_scal. apply sum_le. intros i Hi. specialize (T i Hi). assert (Pi := proj1 P i Hi).
    assert (- (H * (U i - L i)) <= d i * (W i - m)) by (revert T; unfold Rabs; destruct (Rcase_abs _); lra). nra.
  - apply sum_le. intros i Hi. specialize (T i Hi). assert (Pi := proj1 P i Hi).
    assert (d i * (W i - m) <= H * (U i - L i)) by (eapply Rle_trans; [apply Rle_abs|exact T]). nra.
Qed.
