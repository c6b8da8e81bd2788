(** The instance of G3. Written from G3.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition n_states : nat := 5.
Definition actions : list nat := [2; 2]%nat.
Definition H : nat := 2.
Definition radius : R := 1.
