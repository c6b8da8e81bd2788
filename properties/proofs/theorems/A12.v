From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import A12.
From Instances Require Import A12.
Open Scope R_scope.

Definition P (s a b : nat) : vec := row s a.
Definition r (s a b : nat) : R := reward s a.
(** The first action in s_1, the second in the other state. *)
Definition pi (k s a b : nat) : R := if Nat.eqb s a then 1 else 0.

Lemma gaps s : (s < 2)%nat -> gap 2 1 r (robust 2 (tv_ball 2 radius) P) pi horizon s = INR s.
Proof.
  intros Hs. unfold horizon, gap. cbn [value best sum largest]. unfold action_value, others. cbn [sum].
  assert (Z : forall a, (a < 2)%nat -> robust 2 (tv_ball 2 radius) P s a 0%nat (fun _ => 0) = 0).
  { intros a Ha. rewrite (robust_tv 2 radius P s a 0 (fun _ => 0) 0 0); try lia; try (unfold radius; lra); [|intros; lra].
    revert s Hs a Ha. each_state; each_state; unfold P, row, pure; each_state; lra. }
  rewrite !Z by lia. clear Z. revert s Hs. each_state; unfold r, reward, pi; cbn; unfold Rmax; destruct (Rle_dec _ _); lra.
Qed.

Theorem A12_refuted : ~ claim_A12.
Proof.
  intros C. specialize (C states actions r P pi radius horizon 0%nat 1%nat). cbv zeta in C.
  unfold states, actions in C. rewrite !gaps in C by lia. assert (INR 1 <= 0); [|cbn in *; lra].
  apply C; try lia; try (unfold radius; lra); [| |cbn; lra].
  - intros s a b Hs Ha Hb. unfold P, row. revert s Hs a Ha. each_state; each_state; distribution.
  - intros k s Hs. unfold pi. split; [intros a b _ _; destruct (Nat.eqb s a); lra|revert s Hs; each_state; lra].
Qed.
