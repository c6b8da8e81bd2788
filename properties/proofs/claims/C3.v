(** C3, Lemma 21, and Lemma 19 as Theorem 2 uses it: the pessimistic estimate while a bad state was never seen. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

(** Two steps, one agent, one action: a state with the row p, then V at the next state, whose own row is certain.
    Qlow by (6) from the draws w, as in the first of S = n + 1 states before episode K; the radius rho is 1. *)
Definition low_next (n K : nat) (cf rho : R) (V : vec) (w : list nat) : vec := fun s =>
  Rmax (V s - beta cf rho (n + 1) 1 2 K (count w s) (match count w s with O => / INR (n + 1) | _ => 1 end)) 0.
Definition low (n K : nat) (cf rho : R) (V : vec) (w : list nat) (P_min : R) : R :=
  Rmax (real (worst_case n (kl n (frequency n w) rho) (low_next n K cf rho V w)) - beta cf rho (n + 1) 1 2 K (length w) P_min) 0.
Definition pessimism (cf : R) (n N K : nat) (p V : vec) (rho : R) : Prop := with_chance n p N (1 - delta) (fun w =>
  forall P_min, least_positive n (frequency n w) P_min -> low n K cf rho V w P_min <= real (worst_case n (kl n p rho) V)).
Definition claim_C3 : Prop := exists cf, 0 < cf /\ forall n N p V,
  simplex n p -> (forall s, (s < n)%nat -> 0 <= V s <= 1) -> (1 <= N)%nat -> pessimism cf n N (N + 1) p V 1.
