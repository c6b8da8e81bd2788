From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Unrolling Sums.
From Claims Require Import B28_sum_corrected.
Open Scope R_scope.

Theorem B28_sum_corrected_proved : claim_B28_sum_corrected.
Proof.
  intros n A d P pi bonus s a H. induction H as [|H IH]; [reflexivity|].
  change (sum (S H) ?f) with (sum H f + f H). cbv beta. rewrite Nat.sub_diag. cbn [pow].
  rewrite (sum_ext H _ (fun j => d * (d ^ (H - S j) *
    (zeta n A d P pi bonus s a (S j) + d * xi n A d P pi bonus s a (S j) + bonus (S j) (s (S j)) (a (S j)))))).
  - rewrite sum_scal, <- IH. unfold zeta, xi, width_of_pair. cbn [pred]. ring.
  - intros j Hj. replace (S H - S j)%nat with (S (H - S j)) by lia. cbn [pow]. ring.
Qed.
