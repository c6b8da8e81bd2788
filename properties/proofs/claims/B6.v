(** B6, eq. (19) against Lemmas 6, 7, 11 and eq. (27): the rate of the last bonus term. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** The bonus (19), with c2 H^2 S iota / sqrt N, keeps the bound c2' H^2 S iota / N; c = c2' / c2, N visits. *)
Definition claim_B6 : Prop := exists c, forall (N H S : nat) iota,
  (1 <= N)%nat -> (1 <= H)%nat -> (1 <= S)%nat -> 0 < iota ->
  INR H ^ 2 * INR S * iota / sqrt (INR N) <= c * (INR H ^ 2 * INR S * iota / INR N).
