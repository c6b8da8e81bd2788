From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Duality.
From Claims Require Import C2.
Open Scope R_scope.

Theorem C2_proved : claim_C2.
Proof.
  intros n p p_hat f m M P Q C F B.
  assert (E : 0 < expect n p f).
  { destruct (simplex_some n p P) as (i & Hi & Hp). apply sum_pos with i; auto.
    - intros j Hj. apply Rmult_le_pos; [now apply (proj1 P)|left; auto].
    - apply Rmult_lt_0_compat; auto. }
  assert (T : forall s, (s < n)%nat -> m * p s <= p_hat s <= M * p s).
  { intros s Hs. destruct (proj1 P s Hs) as [Z|Z].
    - specialize (B s Hs Z). destruct B as [B1 B2]. apply (Rmult_le_compat_r (p s)) in B1; [|lra]. apply (Rmult_le_compat_r (p s)) in B2; [|lra].
      unfold Rdiv in B1, B2. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in B1 by lra. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in B2 by lra. lra.
    - rewrite (C s Hs (eq_sym Z)), <- Z. lra. }
  split; apply Rmult_le_reg_r with (expect n p f); auto; unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra;
    unfold expect; rewrite <- sum_scal; apply sum_le; intros i Hi; specialize (T i Hi); specialize (F i Hi); nra.
Qed.
