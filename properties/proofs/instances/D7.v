(** The instance of D7. Written from D7.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition M : nat := 2.
Definition plays : list (list nat) := [[0]; [1]]%nat.
