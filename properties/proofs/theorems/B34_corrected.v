From Coq Require Import Reals Lra.
From Claims Require Import B34_corrected.
Open Scope R_scope.

Theorem B34_corrected_proved : claim_B34_corrected.
Proof. intros r b l o. unfold Rmax. destruct (Rle_dec (r + l - b) 0), (Rle_dec (l - o - b) (0 - (r + o))); lra. Qed.
