(** The instance of C13. Written from C13.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition p : R := (1 / 2).
Definition q : R := (1 / 100).
Definition radius : R := 1.
Definition K : nat := 100.
Definition eta : R := (1 / 20).
