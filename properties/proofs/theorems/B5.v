From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import B5.
From Instances Require Import B5.
Open Scope R_scope.

(** A failure state, and one that pays 1; both stay. *)
Definition P (s a b : nat) : vec := pure s.
Definition r (s a b : nat) : R := INR s.

Theorem B5_refuted : ~ claim_B5.
Proof.
  intros C. specialize (C 2%nat 1%nat r P radius 0%nat beta H 1%nat 1%nat). cbn [optimistic largest] in C. unfold action_value in C.
  rewrite (robust_tv 2 radius P 1 0 0 (fun _ => 0) 1 1) in C; try lia; try (unfold radius; lra); [|reflexivity|intros; lra].
  unfold r, radius, beta, H in C. cbn in C.
  assert (D : Rmin (1 + ((1 - 1) * 0 + 1 * 0) + 1 / 2) (1 + 1) <= Rmin (1 / 1) 1).
  { apply C; try lia; try lra.
    - intros s a b Hs _ _. now apply simplex_pure.
    - intros s a b Hs _ _. unfold r. revert s Hs. each_state; lra.
    - split; [lia|]. intros a b _ _. now split. }
  revert D. unfold Rmin. repeat destruct (Rle_dec _ _); lra.
Qed.
