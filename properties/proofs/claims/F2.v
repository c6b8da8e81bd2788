(** F2, Lemma 26, eq. (178): Azuma-Hoeffding, two-sided with constant 1. *)
From Coq Require Import Reals List.
From Drmg Require Import Rows Chance.
Open Scope R_scope.

(** Already for walks of independent steps +- c_i / 2: w tells the signs, P (|Z| >= b) <= exp (- 2 b^2 / sum c_i^2). *)
Fixpoint walk (c : vec) (w : list nat) : R :=
  match w with nil => 0 | s :: w' => (if Nat.eqb s 0 then - (c (length w')) else c (length w')) / 2 + walk c w' end.
Definition claim_F2 : Prop := forall (n : nat) (c : vec) b, (1 <= n)%nat -> (forall i, (i < n)%nat -> 0 < c i) -> 0 < b ->
  with_chance 2 (uniform 2) n (1 - exp (- 2 * b ^ 2 / sum n (fun i => c i ^ 2))) (fun w => Rabs (walk c w) < b).
