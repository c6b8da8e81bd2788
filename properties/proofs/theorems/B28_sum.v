From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Unrolling Tactics.
From Claims Require Import B28_sum.
Import ListNotations.
Open Scope R_scope.

(** Two states, two actions at random; action a leads to state a with 3/4. In state 0 the last step has
    the bonus 1, all others 1/100. The worse state is reached, as its action was played. *)
Definition P (s a : nat) : vec := if Nat.eqb a 0 then vector [3 / 4; 1 / 4] else vector [1 / 4; 3 / 4].
Definition pi (k s : nat) : vec := fun _ => 1 / 2.
Definition bonus (k s a : nat) : R := match k, s with 1%nat, 0%nat => 1 | _, _ => 1 / 100 end.
Definition zero (k : nat) : nat := 0.

Lemma first : width 2 2 11 P pi bonus 2%nat 0%nat = 1113 / 200.
Proof. cbv [width expect sum P pi bonus Nat.eqb vector nth]. lra. Qed.
Lemma total : noise 2 2 11 P pi bonus zero zero 2 = - (49 / 25).
Proof. cbv [noise zeta xi width_of_pair width expect sum P pi bonus zero Nat.eqb vector nth pred]. lra. Qed.

Theorem B28_sum_refuted : ~ claim_B28_sum.
Proof.
  intros (c & N & C). specialize (C 2%nat 2%nat P pi bonus zero zero 2%nat).
  replace (1 + 20 / INR 2) with 11 in C by (cbn; field). change (zero 2) with 0%nat in C. rewrite first, total in C.
  assert (1113 / 200 <= c * - (49 / 25)); [|nra]. apply C; try lia.
  - intros i b _ _. unfold P. destruct (Nat.eqb b 0); distribution.
  - intros k i _. unfold pi. distribution.
  - intros k i b. unfold bonus. destruct k as [|[|k]], i; lra.
  - intros k. unfold zero. split; lia.
Qed.
