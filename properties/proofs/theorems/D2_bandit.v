From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Hardness Sums.
From Claims Require Import D2_bandit.
From Instances Require Import D2_bandit.
Open Scope R_scope.

(** The algorithm that always plays the secret of that bandit loses nothing. *)
Theorem D2_bandit_refuted : ~ claim_D2_bandit.
Proof.
  intros (k & P & C). destruct (C M M radius) as (a & _ & L); try (unfold M; lia); try (unfold radius; lra).
  specialize (L (fun _ => a)). rewrite (sum_ext M _ (fun _ => 0)), sum_0 in L by (intros; now rewrite Nat.eqb_refl).
  assert (0 < INR M) by (unfold M; cbn; lra). assert (0 < sqrt (INR M * INR M)) by (apply sqrt_lt_R0; nra). nra.
Qed.
