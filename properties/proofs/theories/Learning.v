(** What the learner for relative entropy computes: eq. (102), (103), and estimates while nothing was visited. *)
From Coq Require Import Reals List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Chance.
Open Scope R_scope.

(** iota of Lemma 16, delta = 1/20 *)
Definition delta : R := 1 / 20.
Definition iota (S A H K : nat) : R := ln (INR S ^ 3 * INR A * INR H ^ 2 * (INR K * sqrt (INR K)) / delta).
(** The bonus (102) after N visits, P_min the least positive frequency. *)
Definition beta (cf rho : R) (S A H K N : nat) (P_min : R) : R :=
  2 * cf * INR H / rho * sqrt (iota S A H K / (Rmax (INR N) 1 * P_min)) + 1 / sqrt (INR K).

(** Event E_KL of (103) at one row: the logarithms of both exponential means are close at every eta of the net. *)
Definition log_mean (n : nat) (p V : vec) (eta : R) : R := ln (expect n p (fun s => exp (- V s / eta))).
Definition E_KL (c1 rho : R) (n A H K : nat) (p V : vec) (N : nat) (p_hat : vec) : Prop := forall (j : nat) P_min,
  (1 <= j)%nat -> least_positive n p_hat P_min ->
  let eta := INR j / (rho * INR n * sqrt (INR K)) in
  Rabs (log_mean n p_hat V eta - log_mean n p V eta) <= c1 * sqrt (iota n A H K / (Rmax (INR N) 1 * P_min)).

(** Optimistic values of one agent before the first episode: all frequencies are uniform. *)
Fixpoint unvisited (n A : nat) (r : nat -> nat -> nat -> R) (rho H bonus : R) (k : nat) : vec :=
  match k with
  | O => fun _ => 0
  | S m => fun s => largest A (fun a =>
      Rmin (r s a 0%nat + real (worst_case n (kl n (uniform n) rho) (unvisited n A r rho H bonus m)) + bonus) H)
  end.
