From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Sums Duality Values Strong Tactics.
From Claims Require Import A3_corrected.
Open Scope R_scope.

Theorem A3_corrected_proved : claim_A3_corrected.
Proof.
  intros n p V rho H P R B. destruct (tv_attained n p V rho P R) as (i & q & Hi & S & D & E).
  assert (L : least n V <= V i) by now apply least_min.
  assert (F : - expect n p (fun s => pos (V i - V s)) - rho * pos (V i - least n V) + V i = expect n q V).
  { rewrite E. unfold pos at 2. rewrite Rmax_left by lra. destruct P as [_ T].
    unfold expect. rewrite (sum_ext n (fun s => p s * Rmin (V s) (V i)) (fun s => p s * V i - p s * pos (V i - V s))).
    - rewrite sum_minus, sum_scal_r, T. ring.
    - intros k _. unfold pos, Rmin, Rmax. destruct (Rle_dec (V k) (V i)), (Rle_dec (V i - V k) 0); try lra; ring || (replace (V k) with (V i) by lra; ring). }
  apply Rbar_le_antisym.
  - apply Rbar_le_trans with (expect n q V); [now apply worst_case_le|]. rewrite <- F.
    apply (sup_at_least 0 H (fun eta => - expect n p (fun s => pos (eta - V s)) - rho * pos (eta - least n V) + eta) (V i)). now apply B.
  - apply worst_case_ge_bar. intros q' S' D'. apply (proj2 (Lub_Rbar_correct _)). intros x (eta & _ & ->). cbn. now apply tv_dual_form.
Qed.
