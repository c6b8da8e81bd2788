(** B28.sum-corrected, eq. (37): Delta_1 is the sum of d^(h - 1) (zeta_h + d xi_h + B_h), d the factor of a step. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Unrolling.
Open Scope R_scope.

(** With j + 1 steps to go h - 1 = H - j - 1. *)
Definition claim_B28_sum_corrected : Prop := forall n A d P pi bonus s a H,
  width n A d P pi bonus H (s H) = sum H (fun j => d ^ (H - S j) *
    (zeta n A d P pi bonus s a (S j) + d * xi n A d P pi bonus s a (S j) + bonus (S j) (s (S j)) (a (S j)))).
