From Coq Require Import Reals Lra Lia.
From Claims Require Import B8_corrected.
Open Scope R_scope.

Theorem B8_corrected_proved : claim_B8_corrected.
Proof.
  intros K H. assert (P : 0 < INR K) by (apply lt_0_INR; lia). rewrite sqrt_div by lra.
  replace 16 with (4 * 4) by ring. rewrite sqrt_square by lra. unfold Rdiv. lra.
Qed.
