(** C6, eq. (110), as used for exp (2 H^2): term B with the factor exp H. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_C6 : Prop := forall n p U L rho H,
  simplex n p -> 0 < rho -> (forall s, (s < n)%nat -> 0 <= L s <= U s /\ U s <= H) ->
  real (worst_case n (kl n p rho) U) - real (worst_case n (kl n p rho) L) <= exp H * expect n p (fun s => U s - L s).
