(** The instance of C11.above. Written from C11.above.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition N : nat := 1.
Definition p : vec := vector [(1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10); (1 / 10)].
Definition K : nat := 10.
