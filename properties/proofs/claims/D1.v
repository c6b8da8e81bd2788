(** D1, Example 1, eq. (14): the shock game belongs to the class of Definition 1, of one radius for all (h, s, a). *)
From Coq Require Import Reals List.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** Example 1 with one agent of M actions: 0 is good, pays 1 and stays; 1 is bad, a trap from which the secret
    escapes, which is paid 1. With the radius everywhere, (14) says Regret = rho (V_2^dagger - V_2)(bad). *)
Definition shock_row (secret s a b : nat) : vec := match s with O => pure 0 | _ => if Nat.eqb a secret then pure 0 else pure 1 end.
Definition shock_reward (secret s a b : nat) : R := match s with O => 1 | _ => if Nat.eqb a secret then 1 else 0 end.
Definition claim_D1 : Prop := forall M H secret rho pi, (secret < M)%nat -> 0 <= rho <= 1 -> policy 2 M 1 pi ->
  let regret := gap M 1 (shock_reward secret) (robust 2 (tv_ball 2 rho) (shock_row secret)) pi in
  regret (S H) 0%nat = rho * regret H 1%nat.
