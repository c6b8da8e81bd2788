(** C13, Lemmas 22-24, the covering argument: what a net of radius 1 / (rho S sqrt K) costs. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Learning.
Open Scope R_scope.

Definition claim_C13 : Prop := forall n p p_hat V rho (K : nat) eta eta',
  simplex n p -> simplex n p_hat -> (forall s, (s < n)%nat -> 0 < p s /\ 0 < p_hat s /\ 0 <= V s <= 1) ->
  0 < rho -> (1 <= K)%nat -> 0 < eta -> 0 < eta' -> Rabs (eta - eta') <= 1 / (rho * INR n * sqrt (INR K)) ->
  Rabs (eta * Rabs (log_mean n p_hat V eta - log_mean n p V eta) - eta' * Rabs (log_mean n p_hat V eta' - log_mean n p V eta'))
    <= 1 / sqrt (INR K).
