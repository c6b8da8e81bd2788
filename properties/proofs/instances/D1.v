(** The instance of D1. Written from D1.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition M : nat := 2.
Definition N : nat := 1.
Definition H : nat := 3.
Definition radius : R := (1 / 2).
Definition secret : list nat := [0]%nat.
Definition plan : list (list nat) := [[0]; [1]]%nat.
