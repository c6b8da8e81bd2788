(** The instance of B34. Written from B34.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition r : R := 0.
Definition bonus : R := 1.
Definition low : R := 0.
Definition own : R := 0.
Definition best : R := 1.
