From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Games Chance Sums.
From Claims Require Import G2_random_corrected.
Open Scope R_scope.

(** Markov's inequality *)
Theorem G2_random_corrected_proved : claim_G2_random_corrected.
Proof.
  intros K gap delta H N D above A. assert (P : 0 < INR K) by (apply lt_0_INR; lia). set (t := sum K gap) in *.
  assert (T : 0 <= t) by now apply sum_nonneg. unfold probability, uniform.
  destruct T as [T|Z].
  - assert (M : sum K (fun w => if above w then / INR K else 0) <= sum K (fun w => delta / t * gap w)).
    { apply sum_le. intros w Hw. destruct (above w) eqn:E.
      - specialize (A w Hw E). apply (Rmult_lt_compat_l (delta / t)) in A; [|apply Rmult_lt_0_compat; [lra|now apply Rinv_0_lt_compat]].
        replace (delta / t * (t / INR K / delta)) with (/ INR K) in A by (field; lra). lra.
      - apply Rmult_le_pos; [apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]|now apply N]. }
    rewrite sum_scal in M. fold t in M. replace (delta / t * t) with delta in M by (field; lra). exact M.
  - rewrite (sum_ext K _ (fun _ => 0)), sum_0; [lra|]. intros w Hw. destruct (above w) eqn:E; [|reflexivity].
    assert (gap w = 0) by (apply (sum_zero K gap N); [fold t; lra|exact Hw]). specialize (A w Hw E). rewrite <- Z in A.
    unfold Rdiv in A. rewrite !Rmult_0_l in A. lra.
Qed.
