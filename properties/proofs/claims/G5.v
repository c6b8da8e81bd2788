(** G5, section 1: the lower bound without the radius. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** Example 1 with one agent of M actions, the radius rho and one episode: every plan, at some secret, has a regret of
    at least c min { H, M }. *)
Definition claim_G5 : Prop := exists c, 0 < c /\ forall (M H : nat) rho, (2 <= M)%nat -> (2 <= H)%nat -> 0 < rho <= 1 ->
  forall plan : nat -> nat, exists secret, (secret < M)%nat /\
    c * Rmin (INR H) (INR M) <= rho * INR (wasted (H - 1) (fun j => Nat.eqb (plan j) secret)).
