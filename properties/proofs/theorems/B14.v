From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Duality Variance.
From Claims Require Import B14.
Open Scope R_scope.

Theorem B14_proved : claim_B14.
Proof.
  intros n p X a P. set (m := expect n p X). rewrite (variance_around n p _ (pos (a - m)) P), (variance_around n p X m P).
  assert (expect n p (fun s => (pos (a - X s) - pos (a - m)) ^ 2) <= expect n p (fun s => (X s - m) ^ 2)).
  { apply sum_le. intros i Hi. apply Rmult_le_compat_l; [now apply (proj1 P)|]. unfold pos, Rmax.
    destruct (Rle_dec (a - X i) 0) as [x|x], (Rle_dec (a - m) 0) as [y|y].
    - assert (Q := pow2_ge_0 (X i - m)). lra.
    - assert (0 <= (X i - a) * (X i - m + (a - m))) by (apply Rmult_le_pos; lra). lra.
    - assert (0 <= (m - a) * (m - X i + (a - X i))) by (apply Rmult_le_pos; lra). lra.
    - right. ring. }
  fold m. assert (0 <= (expect n p (fun s => pos (a - X s)) - pos (a - m)) ^ 2) by apply pow2_ge_0. nra.
Qed.
