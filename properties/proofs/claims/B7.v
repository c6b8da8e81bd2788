(** B7, Theorem 1, eq. (19) and Lemmas 11-13 against Lemmas 4, 7, 16-18: S^2 or S^3 in the logarithm. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** The union of the bounds that fail with e^-iota each: m agents, H S A S K of them, a net of S H sqrt K points. *)
Definition claim_B7 : Prop := forall (m S A H K : nat) delta,
  (1 <= m)%nat -> (1 <= S)%nat -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= K)%nat -> 0 < delta < 1 ->
  let iota := ln (INR S ^ 2 * INR A * INR H ^ 2 * (INR K * sqrt (INR K)) / delta) in
  INR m * (INR H * INR S * INR A * (INR S * INR K)) * (INR S * INR H * sqrt (INR K)) * exp (- iota) <= delta.
