(** B32, Lemma 9 (titled CCE): modifications against a coarse correlated equilibrium. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** One step: a mediator draws i, j with probability [mu i j] and tells each agent its part. What the first agent
    of payoffs M gets by obeying, by a fixed action, and by answering what it is told: *)
Definition obeying (m n : nat) (M mu : nat -> vec) : R := sum m (fun i => sum n (fun j => mu i j * M i j)).
Definition fixed (m n : nat) (M mu : nat -> vec) (a : nat) : R := sum m (fun i => sum n (fun j => mu i j * M a j)).
Definition modified (m n : nat) (M mu : nat -> vec) (phi : nat -> nat) : R := sum m (fun i => sum n (fun j => mu i j * M (phi i) j)).
Definition claim_B32 : Prop := forall m n M mu,
  (forall i j, (i < m)%nat -> (j < n)%nat -> 0 <= mu i j) -> sum m (fun i => sum n (mu i)) = 1 ->
  (forall a, (a < m)%nat -> fixed m n M mu a <= obeying m n M mu) ->
  forall phi, (forall i, (i < m)%nat -> (phi i < m)%nat) -> modified m n M mu phi <= obeying m n M mu.
