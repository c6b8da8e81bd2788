(** A17, section 5.1, before Assumption 1: with a failure state the nominal support covers that of the worst case. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** The last state is the failure state, whose value is 0. *)
Definition claim_A17 : Prop := forall n p V rho q,
  simplex n p -> 0 <= rho <= 1 -> (0 < n)%nat -> (forall s, (s < n)%nat -> 0 <= V s) -> V (pred n) = 0 ->
  simplex n q -> tv n p rho q -> Finite (expect n q V) = worst_case n (tv n p rho) V -> confined n p q.
