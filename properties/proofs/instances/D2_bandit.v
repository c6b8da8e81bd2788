(** The instance of D2.bandit. Written from D2.bandit.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition M : nat := 2.
Definition N : nat := 1.
Definition j : nat := 1.
Definition radius : R := (1 / 10).
Definition c : R := 1.
