(** The instance of A10. Written from A10.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition nominal : vec := vector [1; 0].
Definition U : vec := vector [1; 1].
Definition L : vec := vector [1; 0].
Definition radius : R := 1.
