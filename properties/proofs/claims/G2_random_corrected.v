(** G2.random-corrected, Corollary 1: a random episode has at most 1 / delta times the average gap, with probability 1 - delta. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance.
Open Scope R_scope.

Definition claim_G2_random_corrected : Prop := forall (K : nat) (gap : vec) delta, (1 <= K)%nat ->
  (forall k, (k < K)%nat -> 0 <= gap k) -> 0 < delta < 1 ->
  forall above, (forall k, (k < K)%nat -> above k = true -> sum K gap / INR K / delta < gap k) ->
  probability K (uniform K) above <= delta.
