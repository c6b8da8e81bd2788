(** Rows of a robust Markov game: distributions, uncertainty sets, worst-case expectations.

    This file, Games.v and Chance.v are all that a reader must trust besides Coq: definitions, in the words of
    the papers. *)
From Coq Require Import Reals List.
From Coquelicot Require Import Rbar Lub.
Open Scope R_scope.

(** A vector over the states 0 .. n-1; what it is beyond them is of no account. *)
Definition vec := nat -> R.
Definition vector (l : list R) : vec := fun i => nth i l 0.

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => sum m f + f m end.

(** [E_q V], and [Var_q V] *)
Definition expect (n : nat) (q V : vec) : R := sum n (fun i => q i * V i).
Definition variance (n : nat) (q V : vec) : R := expect n q (fun i => V i ^ 2) - expect n q V ^ 2.
Definition simplex (n : nat) (q : vec) : Prop :=
  (forall i, (i < n)%nat -> 0 <= q i) /\ sum n q = 1.
(** All mass at one state. *)
Definition pure (s : nat) : vec := fun i => if Nat.eqb i s then 1 else 0.
(** [(x)+] *)
Definition pos (x : R) : R := Rmax x 0.
(** The least of V 0 .. V (n-1), and the largest. *)
Fixpoint least (n : nat) (V : vec) : R :=
  match n with O => V O | 1%nat => V O | S m => Rmin (least m V) (V m) end.
Fixpoint largest (n : nat) (V : vec) : R :=
  match n with O => V O | 1%nat => V O | S m => Rmax (largest m V) (V m) end.
(** q is nowhere where p is not *)
Definition confined (n : nat) (p q : vec) : Prop := forall i, (i < n)%nat -> p i = 0 -> q i = 0.

(** * Uncertainty sets: what q may be where the nominal row is p *)
Definition tv (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  sum n (fun i => Rabs (q i - p i)) / 2 <= rho.
Definition l1 (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  sum n (fun i => Rabs (q i - p i)) <= rho.
Definition interval_set (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  forall i, (i < n)%nat -> Rabs (q i - p i) <= rho.
Definition contamination (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  forall i, (i < n)%nat -> (1 - rho) * p i <= q i.
(** A plan carries p to q; moving mass 1 from i to j costs C i j. *)
Definition wasserstein (n : nat) (C : nat -> vec) (p : vec) (budget : R) (q : vec) : Prop :=
  exists plan : nat -> vec,
    (forall i j, (i < n)%nat -> (j < n)%nat -> 0 <= plan i j) /\
    (forall i, (i < n)%nat -> sum n (plan i) = p i) /\
    (forall j, (j < n)%nat -> sum n (fun i => plan i j) = q j) /\
    sum n (fun i => sum n (fun j => plan i j * C i j)) <= budget.
(** sum q log (q / p), 0 log 0 = 0, finite only if q is confined to the support of p *)
Definition kl (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  confined n p q /\ sum n (fun i => q i * ln (q i / p i)) <= rho.
(** sum p log (p / q), finite only if p is confined to the support of q *)
Definition reverse_kl (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  confined n q p /\ sum n (fun i => p i * ln (p i / q i)) <= rho.
(** sum (q - p)^2 / p, finite only if q is confined to the support of p *)
Definition chi2 (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  confined n p q /\ sum n (fun i => (q i - p i) ^ 2 / p i) <= rho.
(** sum (sqrt q - sqrt p)^2 *)
Definition hellinger (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  sum n (fun i => (sqrt (q i) - sqrt (p i)) ^ 2) <= rho.
(** x ^ a for x >= 0; 0 ^ a = 0, which is needed for a > 0 only *)
Definition power (x a : R) : R := if Rle_dec x 0 then 0 else Rpower x a.
(** sum p f (q / p) with f t = (t^a - a t + a - 1) / (a (a - 1)), and the limit where p = 0 *)
Definition cressie_read (a : R) (n : nat) (p : vec) (rho : R) (q : vec) : Prop :=
  (1 < a -> confined n p q) /\ (a < 0 -> confined n q p) /\
  sum n (fun i => if Req_EM_T (p i) 0 then q i / (1 - a)
                  else p i * ((power (q i / p i) a - a * (q i / p i) + a - 1) / (a * (a - 1)))) <= rho.

(** A set with [support : nominal]. *)
Definition within (n : nat) (p : vec) (B : vec -> Prop) (q : vec) : Prop := confined n p q /\ B q.

(** * The worst case: inf { E_q V : q in the ball } *)
Definition worst_case (n : nat) (B : vec -> Prop) (V : vec) : Rbar :=
  Glb_Rbar (fun x => exists q, simplex n q /\ B q /\ x = expect n q V).

(** What a certificate says. *)
Definition enclosed (n : nat) (B : vec -> Prop) (V : vec) (lo hi : R) : Prop :=
  Rbar_le lo (worst_case n B V) /\ Rbar_le (worst_case n B V) hi.

(** * Duals, as papers write them *)
(** The supremum of f over [low, high]. *)
Definition sup_on (low high : R) (f : R -> R) : Rbar :=
  Lub_Rbar (fun x => exists eta, low <= eta <= high /\ x = f eta).
