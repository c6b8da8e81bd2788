(** The instance of A13. Written from A13.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition on : vec := vector [1; 0].
Definition off : vec := vector [(1 / 2); (1 / 2)].
