(** A10, appendix E, eq. (5) and (26): the bonus step with the worst case as defined, its min term included. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_A10 : Prop := forall n p U L rho,
  simplex n p -> 0 <= rho <= 1 -> (forall s, (s < n)%nat -> 0 <= L s <= U s) ->
  real (worst_case n (tv n p rho) U) - real (worst_case n (tv n p rho) L) <= expect n p (fun s => U s - L s).
