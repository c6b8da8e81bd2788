(** The instance of C11. Written from C11.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition N : nat := 1.
Definition p : vec := vector [(1 / 2); (1 / 2)].
Definition K : nat := 10.
