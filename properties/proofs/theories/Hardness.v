(** The two hard examples of lower bounds: the "Initial Shock" and the "Corrupted Bandit". *)
From Coq Require Import Reals List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Import ListNotations.
Open Scope R_scope.

(** * Example 1
    The adversary moves mass rho to a trap, where C steps are left. A step there is wasted unless the joint
    action of the step is the secret; the secret escapes, and nothing more is lost. In units of rho the regret of
    an episode is the steps that it wastes, less those that the best response wastes: eq. (14). *)
Fixpoint wasted (C : nat) (escapes : nat -> bool) : nat :=
  match C with
  | O => O
  | S m => if escapes O then O else S (wasted m (fun j => escapes (S j)))
  end.

(** Two agents whose plans for the trap are x and y; the secret is a, b. The first agent alone gains: *)
Definition both (a b : nat) (x y : nat -> nat) : nat -> bool := fun j => andb (Nat.eqb (x j) a) (Nat.eqb (y j) b).
Definition gain_1 (C a b : nat) (x y : nat -> nat) : R :=
  INR (wasted C (both a b x y)) - INR (wasted C (fun j => Nat.eqb (y j) b)).
Definition gain_2 (C a b : nat) (x y : nat -> nat) : R :=
  INR (wasted C (both a b x y)) - INR (wasted C (fun j => Nat.eqb (x j) a)).

(** * Example 2
    An arm pays 1 with probability p; this is what it is worth against the adversary. *)
Definition g (p rho : R) : Rbar := worst_case 2 (kl 2 (vector [1 - p; p]) rho) (vector [0; 1]).
(** What a pull of another arm than the secret costs. *)
Definition advantage (eps rho : R) : R := real (g (1 / 2 + eps) rho) - real (g (1 / 2) rho).

(** Two agents draw the joint action i, j with probability [pi i j]; the secret is a, b. A policy is worth the mean
    of g over its draws. The first agent alone gains what it gets by playing a whatever the other plays: *)
Definition share_1 (M a b : nat) (pi : nat -> vec) : R := sum M (fun i => pi i b) - pi a b.
Definition share_2 (M a b : nat) (pi : nat -> vec) : R := sum M (fun j => pi a j) - pi a b.
Definition nash_gap (M a b : nat) (eps rho : R) (pi : nat -> vec) : R :=
  advantage eps rho * Rmax (share_1 M a b pi) (share_2 M a b pi).
