(** The instance of A3. Written from A3.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition nominal : vec := vector [0; 1].
Definition values : vec := vector [0; 1].
Definition radius : R := 1.
