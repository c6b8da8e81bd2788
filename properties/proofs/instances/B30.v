(** The instance of B30. Written from B30.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition n : nat := 2.
Definition fails : list (list nat) := [[]; [0]; [1]]%nat.
