(** The instance of B4. Written from B4.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition horizon : nat := 2.
Definition states : nat := 2.
Definition actions : nat := 1.
Definition radius : R := 1.
Definition reward : nat -> vec := matrix [[0]; [1]].
Definition row (s a : nat) : vec := nth a (nth s [[vector [1; 0]]; [vector [0; 1]]] nil) (vector nil).
