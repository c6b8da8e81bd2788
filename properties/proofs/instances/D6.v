(** The instance of D6. Written from D6.json; do not edit. *)
From Coq Require Import Reals List ZArith.
From Drmg Require Import Rows Games.
Import ListNotations.
Open Scope R_scope.

Definition c : R := 1.
Definition p : R := 1.
Definition C : nat := 1.
