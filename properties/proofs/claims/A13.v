(** A13, eq. (101): P(s' | s, a) >= P_min for every action a, where P_min looks at the actions of pi* only. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** One agent, one step: pi* plays an action that pays most. *)
Definition claim_A13 : Prop := forall n A P (r : nat -> R) star P_min a s',
  (forall b, (b < A)%nat -> simplex n (P b)) -> (star < A)%nat -> (forall b, (b < A)%nat -> r b <= r star) ->
  (forall s, (s < n)%nat -> 0 < P star s -> P_min <= P star s) ->
  (a < A)%nat -> (s' < n)%nat -> 0 < P a s' -> P_min <= P a s'.
