(** C2, in the place of Lemma 16: min Phat / P <= E_Phat f / E_P f <= max Phat / P for every f > 0. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** m and M bound the ratios on the support of P. *)
Definition claim_C2 : Prop := forall n p p_hat f m M, simplex n p -> simplex n p_hat -> confined n p p_hat ->
  (forall s, (s < n)%nat -> 0 < f s) -> (forall s, (s < n)%nat -> 0 < p s -> m <= p_hat s / p s <= M) ->
  m <= expect n p_hat f / expect n p f <= M.
