(** D6, appendix D.1, proof of Theorem 3, step 3: wasted steps of the order of the escape time. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** tau is geometric: E min (tau - 1, C) = sum over j = 1 .. C of (1 - p)^j. *)
Definition waste (p : R) (C : nat) : R := sum C (fun j => (1 - p) ^ S j).
Definition claim_D6 : Prop := exists c, 0 < c /\ forall p C, 0 < p <= 1 -> (1 <= C)%nat -> c * Rmin (1 / p) (INR C) <= waste p C.
