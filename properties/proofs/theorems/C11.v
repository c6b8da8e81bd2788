From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Draws Tactics.
From Claims Require Import C11.
From Instances Require Import C11.
Import ListNotations.
Open Scope R_scope.

(** After one draw, of state 0, state 1 has the frequency 0. *)
Theorem C11_refuted : ~ claim_C11.
Proof.
  intros C. specialize (C 2%nat 1%nat 1%nat K p N). unfold N in C.
  apply chance_of_one with (s := 0%nat) in C; try lia; try (unfold p; distribution); try (unfold K; lia);
    [|unfold p, delta; cbn; lra].
  destruct (C 1%nat ltac:(lia)) as [_ B]. rewrite frequency_of_one in B. unfold pure, p in B. cbn in B.
  assert (I : 0 < iota 2 1 1 K) by (unfold iota, delta, K; cbn [INR]; interval with (i_prec 64)).
  assert (E := exp_pos 2). unfold Rdiv in B. rewrite Rmult_0_l in B.
  assert (0 < / (8 * exp 2 * iota 2 1 1 K)) by (apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; lra). nra.
Qed.
