From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A11.
From Instances Require Import A11.
Open Scope R_scope.

Definition P (s a b : nat) : vec := row s a.
Definition r (s a b : nat) : R := reward s a.
Definition pi (k s a b : nat) : R := 1.

(** After two steps the first state is worth 2 - rho. *)
Lemma two_steps rho : 0 <= rho <= 1 -> value 1 1 r (robust 2 (tv_ball 2 rho) P) pi 2%nat 0%nat = 2 - rho.
Proof.
  intros R. cbn [value sum]. unfold action_value.
  assert (Z : forall s b, (s < 2)%nat -> robust 2 (tv_ball 2 rho) P s 0%nat b (fun _ => 0) = 0).
  { intros s b Hs. rewrite (robust_tv 2 rho P s 0 b (fun _ => 0) 0 0); try lia; try lra; [|intros; lra].
    revert s Hs. each_state; unfold P, row, pure; each_state; lra. }
  rewrite (robust_tv 2 rho P 0 0 0 _ 0 1); try lia; try lra.
  - rewrite !Z by lia. unfold r, reward, pi. cbn. ring.
  - unfold P, row, pure. each_state; lra.
  - intros t Ht. rewrite !Z by lia. revert t Ht. unfold r, reward, pi. each_state; lra.
Qed.

Theorem A11_refuted : ~ claim_A11.
Proof.
  intros C. specialize (C states actions 1%nat r P pi smaller larger horizon 0%nat).
  unfold smaller, larger, horizon, states, actions in *. rewrite !two_steps in C by lra.
  assert (2 - 0 <= 2 - 1); [|lra]. apply C; try lra; try lia.
  - intros s a b Hs Ha Hb. replace a with 0%nat by lia. unfold P, row. revert s Hs. each_state; distribution.
  - intros k s _. unfold pi. split; [intros; lra|cbn; lra].
Qed.
