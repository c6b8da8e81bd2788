(** C1.one-visit, Lemma 16, eq. (103): concentration of log-moment generating functions at rows that were visited. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Chance Learning.
Open Scope R_scope.

Definition claim_C1_one_visit : Prop := exists c1, forall n A H K p V rho N,
  simplex n p -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= K)%nat -> (forall s, (s < n)%nat -> 0 <= V s <= INR H) -> 0 < rho ->
  (1 <= N < K)%nat -> with_chance n p N (1 - delta) (fun w => E_KL c1 rho n A H K p V N (frequency n w)).
