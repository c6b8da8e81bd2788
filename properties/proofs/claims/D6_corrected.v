(** D6.corrected, appendix D.1, proof of Theorem 3, step 3: the expected waste is at least (1 - p) / 2 min { 1 / p, C }. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
From Claims Require Import D6.
Open Scope R_scope.

Definition claim_D6_corrected : Prop := forall p C, 0 < p <= 1 -> (1 <= C)%nat -> (1 - p) / 2 * Rmin (1 / p) (INR C) <= waste p C.
