From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Values.
From Claims Require Import B3_corrected.
Open Scope R_scope.

Theorem B3_corrected_proved : claim_B3_corrected.
Proof.
  intros V rho R L. apply tv_pure; try lia; auto. intros s Hs. destruct s as [|[|s]]; lra || lia.
Qed.
