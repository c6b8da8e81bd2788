From Coq Require Import Reals Lra Lia Bool.
From Drmg Require Import Rows Chance Sums.
From Claims Require Import B30_corrected.
Open Scope R_scope.

Theorem B30_corrected_proved : claim_B30_corrected.
Proof.
  intros n p d f g h [P _] F G H. unfold probability in *.
  assert (sum n (fun w => if f w || g w || h w then p w else 0)
          <= sum n (fun w => (if f w then p w else 0) + (if g w then p w else 0) + (if h w then p w else 0))).
  { apply sum_le. intros w Hw. specialize (P w Hw). destruct (f w), (g w), (h w); cbn; lra. }
  rewrite !sum_plus in H0. lra.
Qed.
