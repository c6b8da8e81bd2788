From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Games Sums Values Span.
From Claims Require Import B1.
Open Scope R_scope.

Theorem B1_proved : claim_B1.
Proof.
  intros n A B r P pi rho k s t K W Q R Hs Ht V.
  assert (X := value_span n A B r P pi rho K W Q ltac:(lra) k). assert (Xs := X s Hs). assert (Xt := X t Ht). fold V in Xs, Xt.
  assert (Y := spans_bounds rho k ltac:(lra)). assert (Z := spans_closed rho k).
  assert (0 <= (1 - rho) ^ k) by (apply pow_le; lra). apply Rmin_glb; [|lra].
  assert (spans rho k <= 1 / rho); [|lra]. apply Rmult_le_reg_l with rho; [lra|]. replace (rho * (1 / rho)) with 1 by (field; lra). lra.
Qed.
