(** B9, after eq. (25): the sign in the bound on term B. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows.
Open Scope R_scope.

(** The dual with its min term dropped; then B = sdrop U - sdrop L <= sup over eta of E(eta - U)+ - E(eta - L)+. *)
Definition sdrop (n : nat) (p V : vec) (H : R) : R := real (sup_on 0 H (fun eta => - expect n p (fun s => pos (eta - V s)) + eta)).
Definition claim_B9 : Prop := forall n p U L H,
  simplex n p -> (forall s, (s < n)%nat -> 0 <= L s <= U s /\ U s <= H) ->
  Rbar_le (sdrop n p U H - sdrop n p L H)
          (sup_on 0 H (fun eta => expect n p (fun s => pos (eta - U s)) - expect n p (fun s => pos (eta - L s)))).
