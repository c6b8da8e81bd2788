(** The instance of B5. Written from B5.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition H : nat := 2.
Definition radius : R := 1.
Definition beta : R := (1 / 2).
