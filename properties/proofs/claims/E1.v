(** E1, Example 2 with section 2.1: the corrupted bandit is a game of section 2.1. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Hardness.
Open Scope R_scope.

(** Section 2.1: the one state pays the known mean 1/2 + eps, and uncertainty is about transitions only.
    Example 2: an arm of that mean is worth g. *)
Definition claim_E1 : Prop := forall eps rho, 0 < eps < 1 / 2 -> 0 < rho ->
  value 1 1 (fun _ _ _ => 1 / 2 + eps) (robust 1 (fun p => kl 1 p rho) (fun _ _ _ => pure 0)) (fun _ _ _ _ => 1) 1 0%nat
    = real (g (1 / 2 + eps) rho).
