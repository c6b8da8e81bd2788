(** C1.which, eq. (103), and its use in Lemmas 17 and 22-24: the event for one V, used for another. *)
From Coq Require Import Reals.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Learning.
Open Scope R_scope.

(** What E_KL says for V, with the bound D, moves the worst case of U >= V by c H / rho D + 1 / sqrt K at most. *)
Definition claim_C1_which : Prop := exists c, forall n p p_hat V U rho D (H K : nat),
  simplex n p -> simplex n p_hat -> (forall s, (s < n)%nat -> 0 < p s /\ 0 < p_hat s /\ 0 <= V s <= U s /\ U s <= INR H) ->
  0 < rho -> (1 <= K)%nat -> (forall eta, 0 < eta -> Rabs (log_mean n p_hat V eta - log_mean n p V eta) <= D) ->
  Rabs (real (worst_case n (kl n p_hat rho) U) - real (worst_case n (kl n p rho) U)) <= c * INR H / rho * D + 1 / sqrt (INR K).
