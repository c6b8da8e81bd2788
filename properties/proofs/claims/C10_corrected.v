(** C10.corrected, Lemma 17, eq. (127): the covering term of 2 beta is 2 / sqrt K = sqrt (4 / K). *)
From Coq Require Import Reals.
Open Scope R_scope.

Definition claim_C10_corrected : Prop := forall K : nat, (1 <= K)%nat -> 2 * (1 / sqrt (INR K)) <= sqrt (4 / INR K).
