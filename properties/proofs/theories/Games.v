(** Games of finite horizon as one agent sees them: values, best responses, gaps, equilibria. *)
From Coq Require Import Reals List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** * One agent, and the others as one
    n states; the agent has A actions, the joint actions of the others are 0 .. B-1. In state s the actions a, b
    pay [r s a b], and [sigma s a b V] is what the next value V is worth before it is known. With k steps to go
    the joint policy plays a, b with probability [pi k s a b]. *)
Section Game.
  Variables (n A B : nat) (r : nat -> nat -> nat -> R) (sigma : nat -> nat -> nat -> vec -> R).
  Variable pi : nat -> nat -> nat -> nat -> R.

  Definition action_value (V : vec) (s a b : nat) : R := r s a b + sigma s a b V.

  (** The value of pi with k steps to go. *)
  Fixpoint value (k : nat) : vec :=
    match k with
    | O => fun _ => 0
    | S m => fun s => sum A (fun a => sum B (fun b => pi k s a b * action_value (value m) s a b))
    end.

  (** The best that the agent gets while the others keep to pi. *)
  Definition others (k s b : nat) : R := sum A (fun a => pi k s a b).
  Fixpoint best (k : nat) : vec :=
    match k with
    | O => fun _ => 0
    | S m => fun s => largest A (fun a => sum B (fun b => others k s b * action_value (best m) s a b))
    end.

  Definition gap (k s : nat) : R := best k s - value k s.

  Definition policy : Prop := forall k s, (s < n)%nat ->
    (forall a b, (a < A)%nat -> (b < B)%nat -> 0 <= pi k s a b) /\ sum A (fun a => sum B (pi k s a)) = 1.
End Game.

(** Definition 2: sigma is the infimum over the ball around the nominal row. *)
Definition robust (n : nat) (ball : vec -> vec -> Prop) (P : nat -> nat -> nat -> vec)
  : nat -> nat -> nat -> vec -> R := fun s a b V => real (worst_case n (ball (P s a b)) V).
Definition tv_ball (n : nat) (rho : R) : vec -> vec -> Prop := fun p => tv n p rho.

(** Rows that are rows, and rewards in [0, 1]. *)
Definition kernel (n A B : nat) (P : nat -> nat -> nat -> vec) : Prop :=
  forall s a b, (s < n)%nat -> (a < A)%nat -> (b < B)%nat -> simplex n (P s a b).
Definition rewards (n A B : nat) (r : nat -> nat -> nat -> R) : Prop :=
  forall s a b, (s < n)%nat -> (a < A)%nat -> (b < B)%nat -> 0 <= r s a b <= 1.
(** Assumption 1, a failure state: absorbing, and pays nothing. *)
Definition failure (n A B : nat) (P : nat -> nat -> nat -> vec) (r : nat -> nat -> nat -> R) (f : nat) : Prop :=
  (f < n)%nat /\ forall a b, (a < A)%nat -> (b < B)%nat ->
  (forall s, (s < n)%nat -> P f a b s = pure f s) /\ r f a b = 0.

(** * A game in one step for two agents, with m and n actions *)
Definition matrix (rows : list (list R)) : nat -> vec := fun i => vector (nth i rows nil).
Definition payoff (m n : nat) (M : nat -> vec) (x y : vec) : R := sum m (fun i => sum n (fun j => x i * y j * M i j)).
(** No agent gains more than eps alone. *)
Definition nash (m n : nat) (R1 R2 : nat -> vec) (eps : R) (x y : vec) : Prop :=
  (forall x', simplex m x' -> payoff m n R1 x' y <= payoff m n R1 x y + eps) /\
  (forall y', simplex n y' -> payoff m n R2 x y' <= payoff m n R2 x y + eps).
