(** The instance of G2.random. Written from G2.random.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition gaps : vec := vector [0; 1; 1].
Definition delta : R := (1 / 2).
