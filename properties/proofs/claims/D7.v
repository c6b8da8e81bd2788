(** D7, appendix D.1, proof of Theorem 3, step 4: the supremum of a sum. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** The worst secret for the summed regret costs the sum over episodes of the worst regrets; one agent, C steps. *)
Definition claim_D7 : Prop := forall (M C K : nat) (plan : nat -> nat -> nat), (0 < M)%nat ->
  (forall k j, (plan k j < M)%nat) ->
  let regret k a := INR (wasted C (fun j => Nat.eqb (plan k j) a)) in
  largest M (fun a => sum K (fun k => regret k a)) = sum K (fun k => largest M (regret k)).
