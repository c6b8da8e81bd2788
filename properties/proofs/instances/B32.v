(** The instance of B32. Written from B32.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition payoffs : nat -> vec := matrix [[0; 0; 0]; [0; 1; 0]; [1; 0; 0]].
Definition profiles : list (list nat) := [[0; 0]; [1; 1]; [2; 2]]%nat.
