(** A4, Corollary 2, eq. (11): the dual of relative entropy is attained on [eta_low, H / rho], eta_low a constant. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** sup over eta in [eta_low, H / rho] of  - eta log E exp(- V / eta) - eta rho; V is not constant on the support *)
Definition eq_11 (n : nat) (p V : vec) (rho H low : R) : Rbar :=
  sup_on low (H / rho) (fun eta => - eta * ln (expect n p (fun s => exp (- V s / eta))) - eta * rho).
Definition claim_A4 : Prop := exists low, 0 < low /\ forall n p V rho H,
  simplex n p -> 0 < rho -> (forall s, (s < n)%nat -> 0 <= V s <= H) ->
  (exists s t, (s < n)%nat /\ (t < n)%nat /\ 0 < p s /\ 0 < p t /\ V s <> V t) ->
  worst_case n (kl n p rho) V = eq_11 n p V rho H low.
