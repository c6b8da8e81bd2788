(** Draws that never hit a state. *)
From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Chance Sums Draws.
Import ListNotations.
Open Scope R_scope.

Lemma likelihood_repeat p s N : likelihood p (repeat s N) = p s ^ N.
Proof. induction N as [|N IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

Lemma forall_repeat n s N : (s < n)%nat -> Forall (fun t => (t < n)%nat) (repeat s N).
Proof. intros H. apply Forall_forall. intros t T. apply repeat_spec in T. now subst. Qed.

Lemma count_repeat s N i : count (repeat s N) i = if Nat.eqb i s then N else O.
Proof.
  unfold count. induction N as [|N IH]; cbn; [now destruct (Nat.eqb i s)|]. rewrite IH.
  destruct (Nat.eq_dec s i) as [->|E]; [now rewrite Nat.eqb_refl|]. destruct (Nat.eqb_spec i s); congruence.
Qed.

Lemma frequency_repeat n s N i : (1 <= N)%nat -> frequency n (repeat s N) i = pure s i.
Proof.
  intros H. unfold frequency. destruct N as [|N]; [lia|]. cbn [repeat]. change (s :: repeat s N) with (repeat s (S N)).
  rewrite count_repeat, repeat_length. assert (0 < INR (S N)) by (apply lt_0_INR; lia).
  unfold pure. destruct (Nat.eqb i s); [|change (INR 0) with 0]; field; lra.
Qed.

(** Bernoulli *)
Lemma bernoulli q N : 0 <= q <= 1 -> 1 - INR N * q <= (1 - q) ^ N.
Proof.
  intros Q. induction N as [|N IH]; [cbn; lra|]. rewrite S_INR. cbn [pow].
  assert (0 <= (1 - q) ^ N) by (apply pow_le; lra). assert (0 <= INR N) by apply pos_INR.
  assert ((1 - INR N * q) * (1 - q) <= (1 - q) ^ N * (1 - q)) by (apply Rmult_le_compat_r; lra). nra.
Qed.
