(** C12.unvisited, Lemma 18, for rows never visited: the bonus before the first visit. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Learning.
Open Scope R_scope.

(** One next state of S, so that P_min = 1, and Phat_min = 1 / S: the bonus of (102) less 1 / sqrt K is at most
    c1 H / rho sqrt (iota^2 / P_min); c is c1 / 2 c_f. *)
Definition claim_C12_unvisited : Prop := exists c, forall (S A H K : nat) rho,
  (1 <= S)%nat -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= K)%nat -> 0 < rho ->
  INR H / rho * sqrt (iota S A H K / (1 / INR S)) <= c * (INR H / rho) * sqrt (iota S A H K ^ 2 / 1).
