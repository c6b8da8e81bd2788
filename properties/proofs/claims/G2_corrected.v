(** G2.corrected, Corollary 1: the episode with the least gap has at most the average gap. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_G2_corrected : Prop := forall (K : nat) (gap : vec), (1 <= K)%nat ->
  exists k, (k < K)%nat /\ gap k <= sum K gap / INR K.
