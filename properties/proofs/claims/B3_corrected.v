(** B3.corrected, Example 1 and Lemma 5, with the coefficient rho: the shock has probability rho. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_B3_corrected : Prop := forall V rho, 0 <= rho <= 1 -> V 1%nat <= V 0%nat ->
  worst_case 2 (tv 2 (pure 0) rho) V = (1 - rho) * V 0%nat + rho * V 1%nat.
