(** A15, after Definition 2: an algorithm of sub-linear regret achieves an equilibrium by its last policy. *)
From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
From Drmg Require Import Rows.
Open Scope R_scope.

(** Episode k has the gap [gap k]; the last gap is at most c times the mean regret, for some constant c. *)
Definition regret (gap : vec) (K : nat) : R := sum K gap.
Definition claim_A15 : Prop := exists c, forall gap : vec,
  (forall k, 0 <= gap k <= 1) -> is_lim_seq (fun K => regret gap K / INR K) 0 ->
  forall K, gap K <= c * (regret gap (S K) / INR (S K)).
