(** The instance of E4. Written from E4.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition eps : R := (1 / 10).
Definition radius : R := 1.
Definition c : R := 1.
