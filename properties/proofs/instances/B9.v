(** The instance of B9. Written from B9.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition nominal : vec := vector [1].
Definition U : vec := vector [1].
Definition L : vec := vector [0].
Definition radius : R := 0.
