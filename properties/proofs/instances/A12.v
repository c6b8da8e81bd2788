(** The instance of A12. Written from A12.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition horizon : nat := 1.
Definition states : nat := 2.
Definition actions : nat := 2.
Definition radius : R := 0.
Definition reward : nat -> vec := matrix [[0; 0]; [1; 0]].
Definition row (s a : nat) : vec := nth a (nth s [[vector [1; 0]; vector [1; 0]]; [vector [1; 0]; vector [1; 0]]] nil) (vector nil).
