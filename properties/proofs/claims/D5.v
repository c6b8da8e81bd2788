(** D5, Lemma 2: if tau is geometric, E min (tau - 1, C) >= (1 / e) min (E[tau - 1], C). *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
From Claims Require Import D6.
Open Scope R_scope.

(** E[tau - 1] = (1 - p) / p *)
Definition claim_D5 : Prop := forall p C, 0 < p <= 1 -> (1 <= C)%nat -> / exp 1 * Rmin ((1 - p) / p) (INR C) <= waste p C.
