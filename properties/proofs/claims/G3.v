(** G3, section 6, Table 1: the KL bound, online, matches or surpasses the offline one in all parameters. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** Both rows of Table 1 without constants and logarithms; A joint actions, C = A as section 6 says of uniform data. *)
Definition claim_G3 : Prop := forall (S A H : nat) eps rho P_min,
  (1 <= S)%nat -> (1 <= A)%nat -> (1 <= H)%nat -> 0 < eps -> 0 < rho -> 0 < P_min <= 1 / INR S ->
  INR H ^ 5 * exp (2 * INR H ^ 2) * INR S * INR A / (eps ^ 2 * rho ^ 2 * P_min)
    <= INR A * INR H ^ 4 * exp (INR H) * INR S ^ 2 * INR A / (eps ^ 2 * rho ^ 2).
