From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Games Sums Duality Values.
From Claims Require Import A11_corrected.
Open Scope R_scope.

Lemma radius n p V W rho rho' : simplex n p -> 0 <= rho <= rho' -> (forall s, (s < n)%nat -> V s <= W s) ->
  real (worst_case n (tv n p rho') V) <= real (worst_case n (tv n p rho) W).
Proof.
  intros P R L. apply (worst_ge n _ W p P (tv_center n p rho (proj1 R))). intros q S D.
  apply Rle_trans with (expect n q V); [|now apply expect_le].
  apply (worst_le n _ V p P (tv_center n p rho' ltac:(lra)) q S). unfold tv in *. lra.
Qed.

Theorem A11_corrected_proved : claim_A11_corrected.
Proof.
  intros n A B r P pi rho rho' k s K Q R Hs. revert s Hs. induction k as [|k IH]; intros s Hs; [cbn; lra|].
  cbn [value]. apply sum_le. intros a Ha. apply sum_le. intros b Hb. apply Rmult_le_compat_l; [now apply (Q (S k) s Hs)|].
  unfold action_value. apply Rplus_le_compat_l. unfold robust at 1 3, tv_ball at 1 3. now apply radius; [apply K| |].
Qed.
