(** The instance of F2. Written from F2.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition n : nat := 1.
Definition distance : R := 1.
Definition up : R := (1 / 2).
Definition stopped : bool := false.
