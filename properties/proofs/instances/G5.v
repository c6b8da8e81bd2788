(** The instance of G5. Written from G5.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition c : R := 1.
Definition radius : R := 1.
Definition M : nat := 2.
Definition H : nat := 2.
