(** C3.one-visit, Lemma 21, and Lemma 19 as Theorem 2 uses it: pessimism after one visit, whatever the radius. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance Learning.
From Claims Require Import C3.
Open Scope R_scope.

Definition claim_C3_one_visit : Prop := exists cf, 0 < cf /\ forall n K p V rho,
  simplex n p -> (forall s, (s < n)%nat -> 0 <= V s <= 1) -> 0 < rho -> (1 < K)%nat -> pessimism cf n 1 K p V rho.
