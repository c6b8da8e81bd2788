(** B8, eq. (27), (29), (112), (114): the covering term of four bonuses. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** 4 beta contributes sqrt (4 / K). *)
Definition claim_B8 : Prop := forall K : nat, (1 <= K)%nat -> 4 * (1 / sqrt (INR K)) <= sqrt (4 / INR K).
