(** A3.corrected, Corollary 2, eq. (10): the dual of total variation has the coefficient rho. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_A3_corrected : Prop := forall n p V rho H,
  simplex n p -> 0 <= rho <= 1 -> (forall s, (s < n)%nat -> 0 <= V s <= H) ->
  worst_case n (tv n p rho) V =
    sup_on 0 H (fun eta => - expect n p (fun s => pos (eta - V s)) - rho * pos (eta - least n V) + eta).
