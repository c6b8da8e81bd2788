From Coq Require Import Reals Lra Lia.
From Claims Require Import C10_corrected.
Open Scope R_scope.

Theorem C10_corrected_proved : claim_C10_corrected.
Proof.
  intros K H. assert (P : 0 < INR K) by (apply lt_0_INR; lia). rewrite sqrt_div by lra.
  replace 4 with (2 * 2) by ring. rewrite sqrt_square by lra. unfold Rdiv. lra.
Qed.
