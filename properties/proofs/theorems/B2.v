From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A3 B2.
From Instances Require Import B2.
Open Scope R_scope.

Definition P (s a b : nat) : vec := row s a.
Definition r (s a b : nat) : R := reward s a.
Definition pi (k s a b : nat) : R := 1.

(** Eq. (10) moves half of the mass only. *)
Lemma stays V s : V 0%nat = 0 -> 0 <= V 1%nat <= INR horizon -> (s < 2)%nat ->
  by_eq_10 2 P radius horizon s 0 0 V = V s / 2.
Proof.
  unfold horizon. cbn [INR]. intros V0 V1 Hs. unfold by_eq_10, eq_10. rewrite (sup_is _ _ _ (V s / 2) (V s)); [reflexivity| | |];
    [|unfold P, row|intros t T; unfold P, row]; revert s Hs; each_state; unfold radius; expand; rewrite ?V0 in *;
    try lra; cases_minmax; lra.
Qed.

Let V := value 1 1 r (by_eq_10 2 P radius horizon) pi.
Lemma step k s : V k 0%nat = 0 -> 0 <= V k 1%nat <= INR horizon -> (s < 2)%nat -> V (S k) s = reward s 0%nat + V k s / 2.
Proof.
  intros V0 V1 Hs. unfold V in *. cbn [value sum]. unfold action_value. rewrite (stays (value 1 1 r _ pi k) s V0 V1 Hs).
  unfold r, pi. ring.
Qed.

Lemma span : V 2 1%nat - V 2 0%nat = 3 / 2.
Proof.
  assert (I : INR horizon = 2) by (unfold horizon; cbn; ring).
  assert (one : forall s, (s < 2)%nat -> V 1 s = reward s 0%nat).
  { intros s Hs. rewrite step; try assumption; cbn; lra. }
  assert (V0 : V 1 0%nat = 0) by (rewrite one by lia; reflexivity).
  assert (V1 : V 1 1%nat = 1) by (rewrite one by lia; reflexivity).
  rewrite (step 1%nat 1%nat), (step 1%nat 0%nat) by (lia || lra). rewrite V0, V1. unfold reward. cbn. lra.
Qed.

Theorem B2_refuted : ~ claim_B2.
Proof.
  intros C. specialize (C states actions 1%nat r P pi radius horizon horizon 1%nat 0%nat).
  assert (D : V 2 1%nat - V 2 0%nat <= Rmin (1 / radius) (INR horizon)).
  { apply C; try lia; try (unfold radius; lra); try (unfold states; lia).
    - intros s a b Hs Ha Hb. replace a with 0%nat by (unfold actions in Ha; lia). unfold P, row, states in *. revert s Hs. each_state; distribution.
    - intros s a b Hs Ha Hb. replace a with 0%nat by (unfold actions in Ha; lia). unfold r, reward, states in *. revert s Hs. each_state; lra.
    - intros k s _. unfold pi. split; [intros; lra|cbn; lra]. }
  assert (M := Rmin_l (1 / radius) (INR horizon)). rewrite span in D. unfold radius in *. lra.
Qed.
