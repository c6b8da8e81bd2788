(** The instance of E2. Written from E2.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition eps : R := (1 / 4).
Definition radius : R := (1 / 2).
