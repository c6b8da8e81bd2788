(** C10, Lemma 17, eq. (127): the covering term of two bonuses. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** 2 beta contributes sqrt (2 / K). *)
Definition claim_C10 : Prop := forall K : nat, (1 <= K)%nat -> 2 * (1 / sqrt (INR K)) <= sqrt (2 / INR K).
