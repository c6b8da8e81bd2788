(** E2, Theorem 4, eq. (15): robust regret dominates the regret without adversary. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** One agent: both regrets are the expected number of wrong pulls, times the advantage and times eps. *)
Definition claim_E2 : Prop := forall eps rho, 0 < eps < 1 / 2 -> 0 < rho -> eps <= advantage eps rho.
