(** C1, Lemma 16, eq. (103): concentration of log-moment generating functions. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

(** For an absolute c1 event E_KL has probability 1 - delta at least, at every row after any number of draws. *)
Definition claim_C1 : Prop := exists c1, forall n A H K p V rho N,
  simplex n p -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= K)%nat -> (forall s, (s < n)%nat -> 0 <= V s <= INR H) -> 0 < rho ->
  (N < K)%nat -> with_chance n p N (1 - delta) (fun w => E_KL c1 rho n A H K p V N (frequency n w)).
