(** G2.random, Corollary 1, online-to-batch: an episode drawn at random. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance.
Open Scope R_scope.

(** The policy of a random episode of K has at most the average gap, with probability 1 - delta. *)
Definition claim_G2_random : Prop := forall (K : nat) (gap : vec) delta, (1 <= K)%nat -> (forall k, 0 <= gap k) -> 0 < delta < 1 ->
  forall above, (forall k, (k < K)%nat -> above k = true <-> sum K gap / INR K < gap k) -> probability K (uniform K) above <= delta.
