From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums.
From Claims Require Import B6.
Open Scope R_scope.

(** After m^2 visits, m > c, the bonus is m / c times too large. *)
Theorem B6_refuted : ~ claim_B6.
Proof.
  intros (c & C). destruct (archimedean c) as (m & M & L). specialize (C (m * m)%nat 1%nat 1%nat 1 ltac:(nia) ltac:(lia) ltac:(lia) ltac:(lra)).
  assert (P : 0 < INR m) by (apply lt_0_INR; lia). rewrite mult_INR, sqrt_square in C by lra. cbn [INR pow] in C.
  apply (Rmult_le_compat_r (INR m * INR m)) in C; [|nra]. field_simplify in C; try lra.
Qed.
