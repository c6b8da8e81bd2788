(** E5, Theorem 4 (Theorem 2 of the main text), NASH: the regret of a team in the corrupted bandit. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** Two agents of M actions, eps = sqrt (M^2 / K) / 4: every learner, in particular one whose policies are chosen in
    advance, has at some secret a NASH regret of at least c sqrt (K M^2). *)
Definition claim_E5 : Prop := exists c, 0 < c /\ forall (M K : nat) rho, (2 <= M)%nat -> (M * M <= K)%nat -> 0 < rho ->
  forall pi : nat -> nat -> vec,
  (forall k, (forall i j, (i < M)%nat -> (j < M)%nat -> 0 <= pi k i j) /\ sum M (fun i => sum M (pi k i)) = 1) ->
  exists a b, (a < M)%nat /\ (b < M)%nat /\
    c * sqrt (INR K * INR M ^ 2) <= sum K (fun k => nash_gap M a b (sqrt (INR M ^ 2 / INR K) / 4) rho (pi k)).
