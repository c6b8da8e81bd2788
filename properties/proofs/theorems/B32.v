From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Tactics.
From Claims Require Import B32.
From Instances Require Import B32.
Import ListNotations.
Open Scope R_scope.

(** The profiles (0, 0), (1, 1), (2, 2) are told alike; who is told 0 plays 2. *)
Definition mu := matrix [[1 / 3; 0; 0]; [0; 1 / 3; 0]; [0; 0; 1 / 3]].
Definition phi (i : nat) : nat := match i with O => 2 | _ => i end.

Theorem B32_refuted : ~ claim_B32.
Proof.
  intros C. assert (D : modified 3 3 payoffs mu phi <= obeying 3 3 payoffs mu).
  { apply C; unfold payoffs, mu.
    - each_pair; lra.
    - expand. lra.
    - unfold fixed, obeying. intros a Ha. do 3 (try (destruct a as [|a])); try lia; expand; lra.
    - unfold phi. each_state; lia. }
  revert D. unfold modified, obeying, payoffs, mu, phi. expand. lra.
Qed.
