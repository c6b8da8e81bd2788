(** The instance of A17. Written from A17.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition nominal : vec := vector [1; 0; 0].
Definition values : vec := vector [1; 1; 0].
Definition radius : R := 1.
