(** B20.step, eq. (45): the root of the additive 1 of Lemma 15. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** Where V = U = L all other terms of (45) vanish but this root; H = S = A = 1, K = N + 1, delta = 1/20. *)
Definition claim_B20_step : Prop := exists c3, forall N : nat, (1 <= N)%nat ->
  let iota := ln (INR (N + 1) * sqrt (INR (N + 1)) / (1 / 20)) in
  sqrt (2 * iota / INR N) <= c3 * iota / INR N.
