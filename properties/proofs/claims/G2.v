(** G2, Corollary 1, online-to-batch: averaging product policies keeps the NASH gap. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** Two episodes of one step that are Nash up to e1 and e2; each agent averages its own actions. *)
Definition claim_G2 : Prop := forall m n (R1 R2 : nat -> vec) e1 e2 x1 y1 x2 y2,
  simplex m x1 -> simplex n y1 -> simplex m x2 -> simplex n y2 ->
  nash m n R1 R2 e1 x1 y1 -> nash m n R1 R2 e2 x2 y2 ->
  nash m n R1 R2 ((e1 + e2) / 2) (fun i => (x1 i + x2 i) / 2) (fun j => (y1 j + y2 j) / 2).
