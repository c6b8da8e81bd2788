From Coq Require Import Reals Lra Lia List ZArith.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Duality Divergences Draws Values Tactics.
From Claims Require Import C4_unvisited.
Import ListNotations.
Open Scope R_scope.

(** Two states: the first leads to the good one, which is the second and pays 1; the third, bad, is never reached. *)
Definition P (s a b : nat) : vec := match s with 0%nat => pure 1 | _ => pure s end.
Definition r (s a b : nat) : R := match s with 1%nat => 1 | _ => 0 end.

Theorem C4_unvisited_refuted : ~ claim_C4_unvisited.
Proof.
  intros (cf & C).
  assert (K10000 : exists K : nat, INR K = 10000 /\ (1 <= K)%nat).
  { exists (Z.to_nat 10000). split; [|lia]. rewrite INR_IZR_INZ, Z2Nat.id by lia. reflexivity. }
  destruct K10000 as (K & EK & K1). assert (root : sqrt (INR K) = 100) by (rewrite EK; apply sqrt_lem_1; lra).
  set (L := sqrt (iota 3 1 2 K / (1 * / INR 3))). assert (L0 : 0 <= L) by apply sqrt_pos.
  set (rho := 2 + 20 * Rabs cf * L). assert (A0 := Rabs_pos cf). assert (R0 : 2 <= rho) by (unfold rho; nra).
  specialize (C 3%nat 1%nat r P rho 2%nat K 2%nat 0%nat).
  set (b := beta cf rho 3 1 2 K 0 (/ INR 3)) in *.
  assert (B : b <= 1 / 4).
  { unfold b, beta. rewrite root, (Rmax_right (INR 0) 1) by (cbn; lra). fold L. cbn [INR].
    assert (2 * cf * (1 + 1) / rho * L <= 2 / 10); [|lra].
    apply Rmult_le_reg_r with rho; [lra|]. replace (2 * cf * (1 + 1) / rho * L * rho) with (4 * (cf * L)) by (field; lra).
    assert (cf <= Rabs cf) by apply Rle_abs. assert (cf * L <= Rabs cf * L) by (apply Rmult_le_compat_r; lra). unfold rho. lra. }
  assert (one : forall W, worst_case 3 (kl 3 (pure 1) rho) W = W 1%nat) by (intros; apply kl_pure; [lia|lra]).
  (* the best value is 1 *)
  assert (V : best 1 1 r (robust 3 (fun p => kl 3 p rho) P) (fun _ _ a _ => match a with O => 1 | _ => 0 end) 2 0%nat = 1).
  { cbn [best sum largest]. unfold action_value, others, robust, P. cbn [sum]. rewrite !one. cbn [real sum r]. lra. }
  rewrite V in C.
  (* the estimate is twice the bonus at most: the uniform row may become the bad state *)
  assert (far : forall W, real (worst_case 3 (kl 3 (uniform 3) rho) W) <= W 2%nat).
  { intros W. rewrite <- (expect_pure 3 2 W) by lia. apply worst_le with (uniform 3).
    - apply simplex_uniform. lia.
    - apply kl_center; [lra|apply simplex_uniform; lia].
    - apply simplex_pure. lia.
    - split; [unfold uniform; intros i _ E; cbn in E; lra|]. apply Rle_trans with 2; [|exact R0].
      unfold uniform, pure. cbn. unfold Rdiv. rewrite !Rmult_0_l. interval with (i_prec 64). }
  assert (E : unvisited 3 1 r rho (INR 2) b 2 0%nat <= 2 * b).
  { cbn [unvisited largest]. eapply Rle_trans; [apply Rmin_l|]. cbn [r].
    assert (F := far (unvisited 3 1 r rho (INR 2) b 1)). cbn [unvisited largest r] in F.
    assert (G := far (fun _ => 0)). cbv beta in G.
    assert (M := Rmin_l (0 + real (worst_case 3 (kl 3 (uniform 3) rho) (fun _ => 0)) + b) (INR 2)).
    cbn [unvisited largest r]. lra. }
  assert (1 <= unvisited 3 1 r rho (INR 2) b 2 0%nat); [|lra]. apply C; try lia; try lra.
  - intros s a c Hs _ _. unfold P. destruct s as [|s]; apply simplex_pure; lia.
  - intros s a c Hs _ _. unfold r. destruct s as [|[|s]]; lra.
Qed.
