(** A2, Lemma 1: strong duality, the sum over the support of p. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows.
Open Scope R_scope.

(** The conjugate f*(y) of f t = |t - 1| / 2 on t >= 0 is c. *)
Definition conjugate (y c : R) : Prop := is_lub_Rbar (fun x => exists t, 0 <= t /\ x = t * y - Rabs (t - 1) / 2) c.
(** The values of the dual at lambda > 0 and eta; states with p = 0 are not in the sum, and ask nothing of lambda. *)
Definition dual (n : nat) (p V : vec) (rho x : R) : Prop := exists lambda eta c,
  0 < lambda /\ (forall s, (s < n)%nat -> 0 < p s -> conjugate ((eta - V s) / lambda) (c s)) /\
  x = - lambda * sum n (fun s => p s * c s) - lambda * rho + eta.
Definition claim_A2 : Prop := forall n p V rho,
  simplex n p -> 0 <= rho -> (forall s, (s < n)%nat -> 0 <= V s) ->
  worst_case n (tv n p rho) V = Lub_Rbar (dual n p V rho).
