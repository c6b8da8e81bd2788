(** D5.tight, Lemma 2 with 1/2: E min (tau - 1, C) >= (1 / 2) min (E[tau - 1], C), with equality at C = 1, p = 1/2. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
From Claims Require Import D6.
Open Scope R_scope.

Definition claim_D5_tight : Prop :=
  (forall p C, 0 < p <= 1 -> (1 <= C)%nat -> / 2 * Rmin ((1 - p) / p) (INR C) <= waste p C) /\
  / 2 * Rmin ((1 - 1 / 2) / (1 / 2)) (INR 1) = waste (1 / 2) 1.
