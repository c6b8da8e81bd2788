(** The instance of B16. Written from B16.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition R1 : nat -> vec := matrix [[0; 0]; [1; 0]].
Definition R2 : nat -> vec := matrix [[0; 0]; [1; 0]].
Definition profile : list nat := [0; 0]%nat.
