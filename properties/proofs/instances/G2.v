(** The instance of G2. Written from G2.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition R1 : nat -> vec := matrix [[0; 0]; [0; 0]].
Definition R2 : nat -> vec := matrix [[0; 0]; [0; 1]].
Definition first : list nat := [0; 0]%nat.
Definition second : list nat := [1; 1]%nat.
