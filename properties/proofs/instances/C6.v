(** The instance of C6. Written from C6.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition nominal : vec := vector [(1 / 3); (2 / 3)].
Definition U : vec := vector [1; 1].
Definition L : vec := vector [0; 1].
Definition radius : R := 1.
Definition H : nat := 1.
