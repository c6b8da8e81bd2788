From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Games Sums Values Span.
From Claims Require Import B1_tight.
Open Scope R_scope.

Theorem B1_tight_proved : claim_B1_tight.
Proof.
  intros n A B r P pi rho k s t K W Q R Hs Ht V.
  assert (X := value_span n A B r P pi rho K W Q ltac:(lra) k). assert (Xs := X s Hs). assert (Xt := X t Ht). fold V in Xs, Xt.
  rewrite <- spans_closed. replace (rho * spans rho k / rho) with (spans rho k) by (field; lra). lra.
Qed.
