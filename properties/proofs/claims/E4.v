(** E4, Theorem 4, one agent: a robust gap of the order of eps for every radius. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

Definition claim_E4 : Prop := exists c, 0 < c /\ forall eps rho, 0 < eps < 1 / 2 -> 0 < rho -> c * eps <= advantage eps rho.
