(** Variances. *)
From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums Duality.
Open Scope R_scope.

(** Around any c; the mean is the best. *)
Lemma variance_around n p X c : simplex n p -> variance n p X = expect n p (fun s => (X s - c) ^ 2) - (expect n p X - c) ^ 2.
Proof.
  intros [_ S]. assert (E : expect n p (fun s => (X s - c) ^ 2) = expect n p (fun s => X s ^ 2) - 2 * c * expect n p X + c ^ 2).
  { unfold expect. rewrite (sum_ext n _ (fun s => (p s * X s ^ 2 - 2 * c * (p s * X s)) + c ^ 2 * p s)) by (intros; ring).
    rewrite sum_plus, sum_minus, !sum_scal, S. ring. }
  rewrite E. unfold variance. ring.
Qed.
