(** The instance of B23. Written from B23.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition first : R := 1.
Definition second : R := (1 / 100).
