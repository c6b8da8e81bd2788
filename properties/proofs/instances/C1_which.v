(** The instance of C1.which. Written from C1.which.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition P : vec := vector [(1 / 3); (1 / 3); (1 / 3)].
Definition Phat : vec := vector [(1 / 6); (1 / 2); (1 / 3)].
Definition V : vec := vector [0; 0; 1].
Definition U : vec := vector [0; 1; 1].
Definition radius : R := (1 / 2).
Definition c : R := 1.
Definition K : nat := Z.to_nat 10000%Z.
