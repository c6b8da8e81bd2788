From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Learning Sums Tactics.
From Claims Require Import C13.
From Instances Require Import C13.
Import ListNotations.
Open Scope R_scope.

Definition P := vector [p; 1 - p].
Definition P_hat := vector [q; 1 - q].
Definition V := vector [0; 1].

Theorem C13_refuted : ~ claim_C13.
Proof.
  intros C. specialize (C 2%nat P P_hat V radius K eta (2 * eta)).
  assert (root : sqrt (INR K) = 10) by (unfold K; rewrite INR_IZR_INZ; apply sqrt_lem_1; cbn; lra). rewrite root in C.
  enough (E : Rabs (eta * Rabs (log_mean 2 P_hat V eta - log_mean 2 P V eta)
                    - 2 * eta * Rabs (log_mean 2 P_hat V (2 * eta) - log_mean 2 P V (2 * eta))) <= 1 / 10).
  { revert E. unfold log_mean, expect, P, P_hat, V, p, q, eta. cbn [sum vector nth]. apply Rlt_not_le. interval with (i_prec 64). }
  apply C; try (unfold K; lia); try (unfold radius, eta; lra).
  - unfold P, p. distribution.
  - unfold P_hat, q. distribution.
  - unfold P, P_hat, V, p, q. each_state; lra.
  - unfold radius, eta. cbn. unfold Rabs. destruct (Rcase_abs _); lra.
Qed.
