(** The recursion of the widths along an episode, eq. (33)-(37) and (118)-(122). *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** With k steps to go the width of (s, a) is d E[next width] + bonus, and the width of s is its mean under pi. *)
Section Recursion.
  Variables (n A : nat) (d : R) (P : nat -> nat -> vec) (pi : nat -> nat -> vec) (bonus : nat -> nat -> nat -> R).
  Fixpoint width (k : nat) : vec :=
    match k with
    | O => fun _ => 0
    | S m => fun s => sum A (fun a => pi k s a * (d * expect n (P s a) (width m) + bonus k s a))
    end.
  Definition width_of_pair (k s a : nat) : R :=
    match k with O => 0 | S m => d * expect n (P s a) (width m) + bonus k s a end.

  (** An episode is in state [s k] and plays [a k] with k steps to go. *)
  Variables (s a : nat -> nat).
  Definition zeta (k : nat) : R := width k (s k) - width_of_pair k (s k) (a k).
  Definition xi (k : nat) : R := expect n (P (s k) (a k)) (width (pred k)) - width (pred k) (s (pred k)).
  (** The sum over the steps 1 .. H *)
  Definition noise (H : nat) : R := sum H (fun j => zeta (S j) + xi (S j) + bonus (S j) (s (S j)) (a (S j))).
End Recursion.
