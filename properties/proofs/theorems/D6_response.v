From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Sums.
From Claims Require Import D6 D6_response.
Open Scope R_scope.

(** Where the others seldom play their part, both waste all there is. *)
Theorem D6_response_refuted : ~ claim_D6_response.
Proof.
  intros (share & S & W). set (o := Rmin ((1 - share) / 2) (1 / 2)).
  assert (O1 : o <= (1 - share) / 2) by apply Rmin_l. assert (O2 : o <= 1 / 2) by apply Rmin_r.
  assert (O0 : 0 < o) by (apply Rmin_glb_lt; lra).
  specialize (W (1 / 2) o 1%nat ltac:(lra) ltac:(lra) ltac:(lia)). unfold waste in W. cbn in W.
  destruct (Rle_dec 0 share); nra.
Qed.
