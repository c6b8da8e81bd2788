From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Geometric.
From Claims Require Import D6 D6_corrected.
Open Scope R_scope.

Theorem D6_corrected_proved : claim_D6_corrected.
Proof.
  intros p C P H. assert (N : 1 <= INR C) by (apply (le_INR 1); lia). destruct (Req_dec p 1) as [->|Q].
  - replace ((1 - 1) / 2) with 0 by field. rewrite Rmult_0_l. apply sum_nonneg. intros. apply pow_le. lra.
  - eapply Rle_trans; [|apply cut; lra || lia]. set (c := INR C) in *. assert (D : 0 < (1 - p) + p * c) by nra.
    assert (L := Rmin_l (1 / p) c). assert (U := Rmin_r (1 / p) c). set (m := Rmin _ _) in *.
    assert (M : p * m <= 1) by (apply (Rmult_le_compat_l p) in L; [|lra]; replace (p * (1 / p)) with 1 in L by (field; lra); exact L).
    apply Rmult_le_reg_r with ((1 - p) + p * c); [exact D|].
    replace ((1 - p) * c / ((1 - p) + p * c) * ((1 - p) + p * c)) with ((1 - p) * c) by (field; lra).
    assert (m * ((1 - p) + p * c) <= 2 * c) by nra. assert (0 < 1 - p) by lra.
    replace ((1 - p) / 2 * m * (1 - p + p * c)) with ((1 - p) * (m * ((1 - p) + p * c) / 2)) by field. apply Rmult_le_compat_l; lra.
Qed.
