(** The instance of B7. Written from B7.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition m : nat := 1.
Definition n_states : nat := 2.
Definition H : nat := 1.
Definition K : nat := 1.
Definition delta : R := (1 / 20).
