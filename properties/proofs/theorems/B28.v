From Coq Require Import Reals Lra Lia.
From Claims Require Import B28.
Open Scope R_scope.

Theorem B28_proved : claim_B28.
Proof.
  intros H L. assert (P : 0 < INR H) by (apply lt_0_INR; lia). assert (E := exp_ineq1_le (20 / INR H)).
  assert (0 < / INR H) by now apply Rinv_0_lt_compat. apply Rle_trans with (exp (20 / INR H) ^ H); [apply pow_incr; unfold Rdiv in *; lra|].
  right. rewrite <- Rpower_pow by apply exp_pos. unfold Rpower. rewrite ln_exp. f_equal. field. lra.
Qed.
