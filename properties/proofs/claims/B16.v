(** B16, Lemma 11, case pi^k = pi_dagger, and eq. (18): all agents' best replies, played at once. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** One step, two agents with m and n actions: i' and j' are best replies to i, j. Played at once, they earn each
    agent its best-response value. *)
Definition claim_B16 : Prop := forall m n (R1 R2 : nat -> vec) i j i' j',
  (i < m)%nat -> (j < n)%nat -> (i' < m)%nat -> (j' < n)%nat ->
  (forall a, (a < m)%nat -> R1 a j <= R1 i' j) -> (forall b, (b < n)%nat -> R2 i b <= R2 i j') ->
  R1 i' j' = R1 i' j /\ R2 i' j' = R2 i j'.
