From Coq Require Import Reals Lra Lia List ZArith.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Duality Divergences Draws Unseen Values Tactics.
From Claims Require Import C3 C3_one_visit.
Import ListNotations.
Open Scope R_scope.

(** The good state, 0, is drawn; the bad one has probability 1/100. *)
Definition P := vector [99 / 100; 1 / 100].
Definition V := vector [1; 0].

(** At radii of log 100 and more the bad state may come for certain. *)
Lemma worst rho : 5 <= rho -> real (worst_case 2 (kl 2 P rho) V) <= 0.
Proof.
  intros R. eapply Rle_trans; [apply worst_le with (p := P) (q := pure 1)|].
  - unfold P. distribution.
  - apply kl_center; [lra|unfold P; distribution].
  - apply simplex_pure. lia.
  - split; [unfold P; each_state; lra|]. apply Rle_trans with 5; [|exact R]. unfold P, pure. cbn. rewrite Rmult_0_l. interval with (i_prec 64).
  - rewrite expect_pure by lia. unfold V. cbn. lra.
Qed.

Theorem C3_one_visit_refuted : ~ claim_C3_one_visit.
Proof.
  intros (cf & CF & C).
  assert (K10000 : exists K : nat, INR K = 10000 /\ (1 < K)%nat).
  { exists (Z.to_nat 10000). split; [|lia]. rewrite INR_IZR_INZ, Z2Nat.id by lia. reflexivity. }
  destruct K10000 as (K & EK & K1). assert (root : sqrt (INR K) = 100) by (rewrite EK; apply sqrt_lem_1; lra).
  assert (IP : 0 < iota 3 1 2 K) by (unfold iota, delta; rewrite root, EK; cbn [INR]; interval with (i_prec 64)).
  set (L := sqrt (iota 3 1 2 K)). assert (LP : 0 < L) by now apply sqrt_lt_R0.
  set (rho := 5 + 20 * cf * L). assert (RP : 0 < rho) by (unfold rho; nra).
  specialize (C 2%nat K P V rho). unfold pessimism in C.
  apply chance_of_one with (s := 0%nat) in C; try lia; try (unfold P; distribution); try (unfold V; each_state; lra); try exact RP;
    try (unfold P, delta; cbn; lra); try exact K1.
  specialize (C 1 (least_of_pure 2 0 _ ltac:(lia) (fun i _ => frequency_of_one 2 0 i))).
  assert (W := worst rho ltac:(unfold rho; nra)).
  unfold low in C. assert (B := Rmax_l (real (worst_case 2 (kl 2 (frequency 2 [0%nat]) rho) (low_next 2 K cf rho V [0%nat]))
    - beta cf rho (2 + 1) 1 2 K (length [0%nat]) 1) 0).
  assert (E : worst_case 2 (kl 2 (frequency 2 [0%nat]) rho) (low_next 2 K cf rho V [0%nat]) = low_next 2 K cf rho V [0%nat] 0%nat).
  { apply kl_point; [intros; apply frequency_of_one|lia|lra]. }
  assert (X := Rle_trans _ _ _ (Rle_trans _ _ _ B C) W). rewrite E in X. cbn [real] in X. unfold low_next in X. cbn in X.
  assert (M := Rmax_l (1 - beta cf rho 3 1 2 K 1 1) 0).
  assert (bound : beta cf rho 3 1 2 K 1 1 <= 21 / 100).
  { unfold beta. cbn [INR]. rewrite (Rmax_left 1 1) by lra. replace (iota 3 1 2 K / (1 * 1)) with (iota 3 1 2 K) by field. fold L.
    rewrite root.
    assert (2 * cf * (1 + 1) / rho * L <= 2 / 10); [|unfold V in *; cbn in *; lra].
    apply Rmult_le_reg_r with rho; [exact RP|]. replace (2 * cf * (1 + 1) / rho * L * rho) with (4 * cf * L) by (field; lra). unfold rho. nra. }
  unfold V in *. cbn in *. lra.
Qed.
