From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Geometric.
From Claims Require Import D6 D5_tight.
Open Scope R_scope.

Lemma half p C : 0 < p <= 1 -> (1 <= C)%nat -> / 2 * Rmin ((1 - p) / p) (INR C) <= waste p C.
Proof.
  intros P H. assert (N : 1 <= INR C) by (apply (le_INR 1); lia). destruct (Req_dec p 1) as [->|Q].
  - replace ((1 - 1) / 1) with 0 by field. rewrite Rmin_left by lra. unfold waste. assert (0 <= sum C (fun j => (1 - 1) ^ S j)); [|lra].
    apply sum_nonneg. intros. apply pow_le. lra.
  - eapply Rle_trans; [|apply cut; lra || lia]. set (c := INR C) in *. assert (D : 0 < (1 - p) + p * c) by nra.
    assert (L := Rmin_l ((1 - p) / p) c). assert (U := Rmin_r ((1 - p) / p) c). set (m := Rmin _ _) in *.
    assert (M : p * m <= 1 - p) by (apply (Rmult_le_compat_l p) in L; [|lra]; replace (p * ((1 - p) / p)) with (1 - p) in L by (field; lra); exact L).
    apply Rmult_le_reg_r with ((1 - p) + p * c); [exact D|].
    replace ((1 - p) * c / ((1 - p) + p * c) * ((1 - p) + p * c)) with ((1 - p) * c) by (field; lra). nra.
Qed.

Theorem D5_tight_proved : claim_D5_tight.
Proof.
  split; [exact half|]. replace ((1 - 1 / 2) / (1 / 2)) with 1 by field. unfold waste. cbn. rewrite Rmin_left; lra.
Qed.
