(** C6.corrected, eq. (110): sigma(U) - sigma(L) <= E_P[U - L] / P_min for KL, at every radius. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** P_min is a lower bound of the positive probabilities. *)
Definition claim_C6_corrected : Prop := forall n p U L rho P_min,
  simplex n p -> 0 <= rho -> (forall s, (s < n)%nat -> L s <= U s) ->
  0 < P_min -> (forall s, (s < n)%nat -> 0 < p s -> P_min <= p s) ->
  real (worst_case n (kl n p rho) U) - real (worst_case n (kl n p rho) L) <= expect n p (fun s => U s - L s) / P_min.
