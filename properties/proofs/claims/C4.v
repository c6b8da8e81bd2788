(** C4, Lemma 21, and Lemma 19 as Theorem 2 uses it, optimism: the optimistic estimate at one step. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

(** One step of a fixed V after N >= 1 visits: an absolute c_f makes sigma_Phat(V) + beta >= sigma_P(V) but for a
    probability of 2 e^-iota, whatever the radius; x is iota. *)
Definition claim_C4 : Prop := exists cf, forall n p V rho x (N K : nat),
  simplex n p -> (forall s, (s < n)%nat -> 0 <= V s <= 1) -> 0 < rho -> 0 < x -> (1 <= N <= K)%nat ->
  with_chance n p N (1 - 2 * exp (- x)) (fun w => forall P_min, least_positive n (frequency n w) P_min ->
    real (worst_case n (kl n p rho) V)
      <= real (worst_case n (kl n (frequency n w) rho) V) + 2 * cf / rho * sqrt (x / (INR N * P_min)) + 1 / sqrt (INR K)).
