(** B28.sum, eq. (37): martingale differences weighted by one constant. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Unrolling.
Open Scope R_scope.

(** The factor of a step is 1 + 20 / H; of the differences zeta and xi along any episode nothing else is used. *)
Definition claim_B28_sum : Prop := exists c, 0 <= c /\ forall n A P pi bonus s a (H : nat),
  (1 <= H)%nat -> (forall i b, (i < n)%nat -> (b < A)%nat -> simplex n (P i b)) ->
  (forall k i, (i < n)%nat -> simplex A (pi k i)) -> (forall k i b, 0 <= bonus k i b) ->
  (forall k, (s k < n)%nat /\ (a k < A)%nat) ->
  width n A (1 + 20 / INR H) P pi bonus H (s H) <= c * noise n A (1 + 20 / INR H) P pi bonus s a H.
