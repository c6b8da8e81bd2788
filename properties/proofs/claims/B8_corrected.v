(** B8.corrected, eq. (27), (29), (112), (114): 4 beta contributes sqrt (16 / K). *)
From Coq Require Import Reals.
Open Scope R_scope.

Definition claim_B8_corrected : Prop := forall K : nat, (1 <= K)%nat -> 4 * (1 / sqrt (INR K)) <= sqrt (16 / INR K).
