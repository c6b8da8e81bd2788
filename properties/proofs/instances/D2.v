(** The instance of D2. Written from D2.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition c : R := 1.
Definition M : nat := 2.
Definition N : nat := 1.
Definition H : nat := 2.
