(** A9, Assumption 1: a failure set of any size can satisfy the assumption. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** [P(s' | s, a) = 1] for all s' of the failure set, here the first states. *)
Definition claim_A9 : Prop := forall size : nat, (1 <= size)%nat ->
  exists n p, (size <= n)%nat /\ simplex n p /\ forall s', (s' < size)%nat -> p s' = 1.
