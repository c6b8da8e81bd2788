From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A3 B2 B4.
From Instances Require Import B4.
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

Theorem B4_refuted : ~ claim_B4.
Proof.
  intros C. specialize (C states actions 1%nat r P pi radius horizon 0%nat 1%nat 1%nat 0%nat 0%nat). cbv zeta in C.
  unfold states, actions in C. cbn [best sum largest] in C. unfold action_value, others in C.
  assert (I : INR horizon = 2) by (unfold horizon; cbn; ring).
  assert (Z : forall s, (s < 2)%nat -> by_eq_10 2 P radius horizon s 0 0 (fun _ => 0) = 0).
  { intros s Hs. rewrite stays; try assumption; try lra; reflexivity || (rewrite I; lra). }
  rewrite (stays (fun s => _)) in C; try lia; rewrite ?Z by lia; rewrite ?I; unfold pi, r, reward in *; cbn in *; try lra.
  rewrite !Z in C by lia.
  match type of C with _ -> _ -> _ -> _ -> _ -> _ -> _ -> _ -> _ -> ?G => assert (D : G) end.
  { apply C; try (unfold horizon; lia); try lia; try (unfold radius; lra).
    - intros s a b Hs Ha Hb. replace a with 0%nat by lia. unfold P, row. revert s Hs. each_state; distribution.
    - intros s a b Hs Ha Hb. replace a with 0%nat by lia. unfold r, reward. revert s Hs. each_state; lra.
    - intros k s _. unfold pi. split; [intros; lra|cbn; lra].
    - split; [lia|]. intros a b Ha Hb. replace a with 0%nat by lia. unfold P, row, r, reward. cbn. split; [each_state; lra|lra]. }
  assert (M := Rmin_l (1 / radius) (1 + 1)). unfold radius in *. lra.
Qed.
