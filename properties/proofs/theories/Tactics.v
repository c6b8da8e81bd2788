(** What instances need: a concrete sum becomes an expression, min and max become cases. *)
From Coq Require Import Reals Lra Lia List QArith Qreals.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Sums Duality Games.
Open Scope R_scope.

Ltac expand := cbv [expect sum vector nth least largest payoff pure matrix Nat.eqb simplex tv l1 interval_set contamination] in *.
Ltac split_index i H := (* i < n, n concrete *)
  repeat (destruct i as [|i]; [try clear H| apply Nat.succ_lt_mono in H]); [.. | exfalso; inversion H].
Ltac each_state := let i := fresh "state" in let H := fresh "H" in intros i H; do 12 (try (destruct i as [|i])); try lia; clear H; cbn.
Ltac distribution := split; [each_state; lra | cbn; lra].

Lemma sup_is low high (f : R -> R) (w eta : R) :
  low <= eta <= high -> f eta = w -> (forall t, low <= t <= high -> f t <= w) -> sup_on low high f = w.
Proof.
  intros E W U. apply is_lub_Rbar_unique. split.
  - intros x (t & T & ->). cbn. auto.
  - intros b B. rewrite <- W. apply (B (f eta)). now exists eta.
Qed.
Lemma sup_at_least low high (f : R -> R) (eta : R) : low <= eta <= high -> Rbar_le (f eta) (sup_on low high f).
Proof. intros E. apply (proj1 (Lub_Rbar_correct (fun x => exists t, low <= t <= high /\ x = f t))). now exists eta. Qed.
Ltac cases_abs := unfold Rabs; repeat match goal with |- context [Rcase_abs ?a] => destruct (Rcase_abs a) end.
Lemma div_self x : x <> 0 -> x / x = 1.
Proof. intros. now field. Qed.
Ltac each_pair := let i := fresh "state" in let j := fresh "state" in let H := fresh "H" in let G := fresh "G" in
  intros i j H G; do 12 (try (destruct i as [|i])); try lia; do 12 (try (destruct j as [|j])); try lia; clear H G; cbn.
(** No expectation is below a least value: the goal is [x <= expect n q V] with S : simplex n q. *)
Ltac by_minimum :=
  match goal with S : simplex ?n ?q |- _ <= expect ?n ?q _ =>
    apply (minimum_bound n q); [exact S|]; let i := fresh "i" in let I := fresh "I" in
    intros i I; left; revert i I;
    repeat match goal with |- context [?V _] => is_const V; unfold V end; each_state; try lra end.
