(** C22, eq. (122): martingale differences weighted by one constant, with the factor of a step for KL. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Unrolling.
Open Scope R_scope.

(** The factor of a step is d = exp (H / eta), whatever eta > 0; c' is absolute, d_H = d^H. *)
Definition claim_C22 : Prop := exists c, 0 <= c /\ forall n A P pi bonus s a (H : nat) eta,
  (1 <= H)%nat -> 0 < eta -> (forall i b, (i < n)%nat -> (b < A)%nat -> simplex n (P i b)) ->
  (forall k i, (i < n)%nat -> simplex A (pi k i)) -> (forall k i b, 0 <= bonus k i b) ->
  (forall k, (s k < n)%nat /\ (a k < A)%nat) ->
  let d := exp (INR H / eta) in
  width n A d P pi bonus H (s H) <= c * d ^ H * noise n A d P pi bonus s a H.
