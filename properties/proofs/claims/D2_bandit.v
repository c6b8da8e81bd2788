(** D2.bandit, Theorem 2 of the main text (lower bound): one bandit that is hard for every algorithm. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** Example 2 with one agent of M actions and eps = sqrt (M / K) / 4: some secret costs every sequence of pulls at
    least c sqrt (K M). *)
Definition claim_D2_bandit : Prop := exists c, 0 < c /\ forall (M K : nat) rho, (2 <= M)%nat -> (M <= K)%nat -> 0 < rho ->
  exists secret, (secret < M)%nat /\ forall pull : nat -> nat,
    c * sqrt (INR K * INR M) <= advantage (sqrt (INR M / INR K) / 4) rho * sum K (fun k => if Nat.eqb (pull k) secret then 0 else 1).
