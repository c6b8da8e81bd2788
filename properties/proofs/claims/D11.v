(** D11, Example 1 with section 2.1 and eq. (5): the shock game keeps its secret. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** The reward function is known: in the trap it pays for the secret alone. A learner may depend on it, and loses
    c K min { H, M } for some secret none the less; one agent, units of rho, K = 1. *)
Definition paid (secret : nat) : nat -> R := fun a => if Nat.eqb a secret then 1 else 0.
Definition claim_D11 : Prop := exists c, 0 < c /\ forall M H : nat, (2 <= M)%nat -> (2 <= H)%nat ->
  forall learner : (nat -> R) -> nat -> nat, exists secret, (secret < M)%nat /\
    c * Rmin (INR H) (INR M) <= INR (wasted (H - 1) (fun j => Nat.eqb (learner (paid secret) j) secret)).
