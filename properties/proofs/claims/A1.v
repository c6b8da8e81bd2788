(** A1, Definition 1: the f-divergence ball is well defined, whatever 0 f(x / 0) means. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** Total variation: mass may leave the support of p at the price x / 2, the limit, or it may not. *)
Definition claim_A1 : Prop := forall n p V rho,
  simplex n p -> 0 <= rho -> (forall s, (s < n)%nat -> 0 <= V s) ->
  worst_case n (tv n p rho) V = worst_case n (within n p (tv n p rho)) V.
