From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Hardness Sums.
From Claims Require Import D2.
From Instances Require Import D2.
Open Scope R_scope.

(** The algorithm that always plays the secret of that game wastes nothing. *)
Theorem D2_refuted : ~ claim_D2.
Proof.
  intros (k & P & C). destruct (C M H 1%nat) as (a & _ & L); try (unfold M, H; lia). specialize (L (fun _ _ => a)).
  unfold H in L. cbn [sum] in L. rewrite (Nat.eqb_refl a) in L. unfold M in L. cbn in L. rewrite ?Nat.eqb_refl in L. cbn in L.
  rewrite Rmin_left in L by lra. nra.
Qed.
