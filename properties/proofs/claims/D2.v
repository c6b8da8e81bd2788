(** D2, Theorem 1 of the main text (lower bound): one game that is hard for every algorithm. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** Example 1 with one agent of M actions, regrets in units of rho: some secret costs every sequence of plans, hence
    every algorithm, at least c K min { H, M }. *)
Definition claim_D2 : Prop := exists c, 0 < c /\ forall M H K : nat, (2 <= M)%nat -> (2 <= H)%nat -> (1 <= K)%nat ->
  exists secret, (secret < M)%nat /\ forall plan : nat -> nat -> nat,
    c * INR K * Rmin (INR H) (INR M) <= sum K (fun k => INR (wasted (H - 1) (fun j => Nat.eqb (plan k j) secret))).
