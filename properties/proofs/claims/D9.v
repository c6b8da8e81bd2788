(** D9, Theorem 1 of the main text, Theorem 3: NASH regret in the Initial Shock game. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Hardness.
Open Scope R_scope.

(** As D8, with the larger gain of the two agents. *)
Definition claim_D9 : Prop := exists c, 0 < c /\ forall M H W : nat, (2 <= M)%nat -> (2 <= H)%nat ->
  forall p (x y : nat -> nat -> nat), simplex W p -> exists a b, (a < M)%nat /\ (b < M)%nat /\
    c * Rmin (INR H) (INR M ^ 2)
      <= sum W (fun w => p w * Rmax (gain_1 (H - 1) a b (x w) (y w)) (gain_2 (H - 1) a b (x w) (y w))).
