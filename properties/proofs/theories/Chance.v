(** Chance with finitely many outcomes. *)
From Coq Require Import Reals List Bool.
From Drmg Require Import Rows.
Open Scope R_scope.

(** The probability of an event, outcome w having the weight p w. *)
Definition probability (n : nat) (p : vec) (event : nat -> bool) : R :=
  sum n (fun w => if event w then p w else 0).
Definition uniform (n : nat) : vec := fun _ => / INR n.

(** N independent draws from a row of n states, the last one first. *)
Fixpoint drawn (n : nat) (p : vec) (N : nat) (event : list nat -> bool) : R :=
  match N with
  | O => if event nil then 1 else 0
  | S m => sum n (fun s => p s * drawn n p m (fun w => event (s :: w)))
  end.
(** [A] has at least the probability [c]: it holds on an event of such a probability. *)
Definition with_chance (n : nat) (p : vec) (N : nat) (c : R) (A : list nat -> Prop) : Prop :=
  exists event, c <= drawn n p N event /\ forall w, length w = N -> event w = true -> A w.

(** Empirical frequencies, uniform without a draw; the least positive one of n states. *)
Definition count (w : list nat) (s : nat) : nat := count_occ Nat.eq_dec w s.
Definition frequency (n : nat) (w : list nat) : vec := fun s =>
  match w with nil => / INR n | _ => INR (count w s) / INR (length w) end.
Definition least_positive (n : nat) (p : vec) (m : R) : Prop :=
  (exists s, (s < n)%nat /\ p s = m) /\ 0 < m /\ forall s, (s < n)%nat -> 0 < p s -> m <= p s.
