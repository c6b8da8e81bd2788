(** A3, Corollary 2, eq. (10): the dual of total variation has the coefficient rho / 2. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** sup over eta in [0, H] of  - E(eta - V)+ - rho/2 (eta - min V)+ + eta *)
Definition eq_10 (n : nat) (p V : vec) (rho H : R) : Rbar :=
  sup_on 0 H (fun eta => - expect n p (fun s => pos (eta - V s)) - rho / 2 * pos (eta - least n V) + eta).
Definition claim_A3 : Prop := forall n p V rho H,
  simplex n p -> 0 <= rho <= 1 -> (forall s, (s < n)%nat -> 0 <= V s <= H) ->
  worst_case n (tv n p rho) V = eq_10 n p V rho H.
