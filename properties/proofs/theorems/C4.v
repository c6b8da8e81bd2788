From Coq Require Import Reals Lra Lia List ZArith.
From Coquelicot Require Import Rbar.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Chance Learning Sums Duality Divergences Draws Values Tactics.
From Claims Require Import C4.
Import ListNotations.
Open Scope R_scope.

(** The bad state has the probability e^-t, the radius is t / 2 - 1, and iota is t + 1. *)
Section Rarity.
  Variable t : R.
  Hypothesis T : 4 <= t.
  Definition P := vector [1 - exp (- t); exp (- t)].
  Definition V := vector [1; 0].
  Let rho := t / 2 - 1.

  Lemma rare : 0 < exp (- t) < 1 / 10.
  Proof. split; [apply exp_pos|]. apply Rle_lt_trans with (exp (- 4)); [|interval with (i_prec 64)]. destruct (Rle_lt_or_eq_dec 4 t T) as [H|H]; [left; apply exp_increasing; lra|right; f_equal; lra]. Qed.
  Lemma row : simplex 2 P.
  Proof. assert (R := rare). unfold P. distribution. Qed.

  Lemma half : 1 / 2 <= real (worst_case 2 (kl 2 P rho) V).
  Proof.
    assert (R := rare). apply worst_ge with P; [exact row|apply kl_center; [unfold rho; lra|exact row]|].
    intros q S B. eapply Rle_trans; [|apply (kl_bound 2 P V rho row q 0 t S B ltac:(lra))].
    unfold P, V, expect. cbn [sum vector nth]. replace (- t * (0 - 0)) with 0 by ring. replace (- t * (1 - 0)) with (- t) by ring. rewrite exp_0.
    assert (L : ln (0 + (1 - exp (- t)) * exp (- t) + exp (- t) * 1) <= ln (2 * exp (- t))).
    { destruct (Rle_lt_or_eq_dec (0 + (1 - exp (- t)) * exp (- t) + exp (- t) * 1) (2 * exp (- t))) as [H|H]; [nra|left; apply ln_increasing; nra|now rewrite H; right]. }
    rewrite ln_mult, ln_exp in L by lra. assert (ln 2 <= 1) by interval with (i_prec 64).
    set (y := ln (0 + _ + _)) in *. clearbody y. apply Rmult_le_reg_r with t; [lra|].
    replace ((0 - (y + rho) / t) * t) with (- y - rho) by (field; lra). unfold rho. lra.
  Qed.
End Rarity.

Theorem C4_refuted : ~ claim_C4.
Proof.
  intros (cf & C). destruct (archimedean (100 + 1000 * cf ^ 2)) as (m & M & L). assert (Q := pow2_ge_0 cf).
  set (t := INR m) in *. assert (T : 100 < t) by lra. assert (R := rare t ltac:(lra)). assert (Hf := half t ltac:(lra)).
  assert (K100 : exists K : nat, INR K = 100 /\ (1 <= K)%nat).
  { exists (Z.to_nat 100). split; [|lia]. rewrite INR_IZR_INZ, Z2Nat.id by lia. reflexivity. }
  destruct K100 as (K & EK & K1). specialize (C 2%nat (P t) V (t / 2 - 1) (t + 1) 1%nat K).
  apply chance_of_one with (s := 1%nat) in C; try lia; try lra; try (apply row; lra); try (unfold V; each_state; lra).
  - specialize (C 1 (least_of_pure 2 1 _ ltac:(lia) (fun i _ => frequency_of_one 2 1 i))).
    rewrite (kl_point 2 (frequency 2 [1%nat]) 1) in C; [|intros; apply frequency_of_one|lia|lra]. cbn [real] in C.
    assert (root : sqrt (INR K) = 10) by (rewrite EK; apply sqrt_lem_1; lra). rewrite root in C.
    unfold V at 2 in C. cbn [vector nth INR] in C. replace ((t + 1) / (1 * 1)) with (t + 1) in C by field.
    assert (S := sqrt_sqrt (t + 1) ltac:(lra)). assert (Sp := sqrt_pos (t + 1)). set (s := sqrt (t + 1)) in *. clearbody s.
    assert (B : 2 / 5 <= 2 * cf / (t / 2 - 1) * s) by lra.
    apply (Rmult_le_compat_r (t / 2 - 1)) in B; [|lra].
    replace (2 * cf / (t / 2 - 1) * s * (t / 2 - 1)) with (2 * (cf * s)) in B by (field; lra).
    assert ((t / 5 - 2 / 5) * (t / 5 - 2 / 5) <= (2 * (cf * s)) * (2 * (cf * s))) by nra.
    replace ((2 * (cf * s)) * (2 * (cf * s))) with (4 * cf ^ 2 * (s * s)) in H by ring. rewrite S in H. nra.
  - unfold P. cbn [vector nth]. replace (- (t + 1)) with (- t + - (1)) by ring. rewrite exp_plus.
    assert (exp (- (1)) < 1 / 2) by interval with (i_prec 64). assert (E := exp_pos (- (1))). nra.
Qed.
