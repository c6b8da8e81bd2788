(** D8, Theorem 3 (Theorem 1 of the main text): the regret of a fixed agent in the Initial Shock game. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** Two agents of M actions, regrets of an episode in units of rho. A learner draws one of W pairs of plans for the
    trap, which is never visited, with the weights p. Every learner costs the first agent c min { H, M^2 } at some secret. *)
Definition claim_D8 : Prop := exists c, 0 < c /\ forall M H W : nat, (2 <= M)%nat -> (2 <= H)%nat ->
  forall p (x y : nat -> nat -> nat), simplex W p -> exists a b, (a < M)%nat /\ (b < M)%nat /\
    c * Rmin (INR H) (INR M ^ 2) <= sum W (fun w => p w * gain_1 (H - 1) a b (x w) (y w)).
