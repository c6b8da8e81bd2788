From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Values Tactics.
From Claims Require Import D1.
From Instances Require Import D1.
Open Scope R_scope.

(** Three steps, two actions; in the trap the plan plays the secret at the second step, and not at the third. *)
Definition a_star : nat := nth 0 secret 0%nat.
Definition pi (k s a b : nat) : R := if Nat.eqb a (match k with 2%nat => 0%nat | _ => 1%nat end) then 1 else 0.
Definition sigma := robust 2 (tv_ball 2 radius) (shock_row a_star).

(** The good state is worth at least as much as the trap. *)
Lemma moves s a (V : vec) : V 1%nat <= V 0%nat -> (s < 2)%nat -> (a < 2)%nat ->
  sigma s a 0%nat V = (1 - radius) * V (match s, a with 1%nat, 1%nat => 1%nat | _, _ => 0%nat end) + radius * V 1%nat.
Proof.
  intros L Hs Ha. unfold sigma. apply robust_tv; try lia; try (unfold radius; lra).
  - revert s Hs a Ha. unfold a_star, secret. each_state; each_state; intros i _; reflexivity.
  - destruct s as [|[|s]]; [lia|destruct a as [|[|a]]; lia|lia].
  - each_state; lra.
Qed.

Ltac compute_step := unfold action_value, others; cbn [sum]; rewrite !moves by (cbv beta; lra || lia);
  unfold shock_reward, a_star, secret, pi, radius; cbn; unfold Rmax; repeat destruct (Rle_dec _ _); lra.
Let r := shock_reward a_star.
Lemma value_1 s : (s < 2)%nat -> value 2 1 r sigma pi 1 s = match s with 0%nat => 1 | _ => 0 end.
Proof. revert s. each_state; cbn [value sum]; compute_step. Qed.
Lemma best_1 s : (s < 2)%nat -> best 2 1 r sigma pi 1 s = 1.
Proof. revert s. each_state; cbn [best sum largest]; compute_step. Qed.

Lemma value_S k s : value 2 1 r sigma pi (S k) s =
  sum 2 (fun a => sum 1 (fun b => pi (S k) s a b * action_value r sigma (value 2 1 r sigma pi k) s a b)).
Proof. reflexivity. Qed.
Lemma best_S k s : best 2 1 r sigma pi (S k) s =
  largest 2 (fun a => sum 1 (fun b => others 2 pi (S k) s b * action_value r sigma (best 2 1 r sigma pi k) s a b)).
Proof. reflexivity. Qed.

Ltac go V0 V1 := unfold action_value, others; cbn [sum largest]; rewrite !moves by (rewrite ?V0, ?V1 by lia; lra || lia);
  cbv iota beta; rewrite ?V0, ?V1 by lia; unfold r, shock_reward, a_star, secret, pi, radius; cbn; unfold Rmax; repeat destruct (Rle_dec _ _); lra.

Lemma value_2 s : (s < 2)%nat -> value 2 1 r sigma pi 2 s = 3 / 2.
Proof.
  assert (V0 := value_1 0 ltac:(lia)). assert (V1 := value_1 1 ltac:(lia)). cbv iota in V0, V1.
  intros Hs. rewrite value_S. revert V0 V1. generalize (value 2 1 r sigma pi 1). intros W V0 V1. revert s Hs. each_state; go V0 V1.
Qed.
Lemma best_2 s : (s < 2)%nat -> best 2 1 r sigma pi 2 s = 2.
Proof.
  assert (V0 := best_1 0 ltac:(lia)). assert (V1 := best_1 1 ltac:(lia)).
  intros Hs. rewrite best_S. revert V0 V1. generalize (best 2 1 r sigma pi 1). intros W V0 V1. revert s Hs. each_state; go V0 V1.
Qed.

Theorem D1_refuted : ~ claim_D1.
Proof.
  intros C. specialize (C M (H - 1)%nat a_star radius pi). change (S (H - 1)) with 3%nat in C. change (H - 1)%nat with 2%nat in C.
  unfold M in C. cbv beta zeta in C. fold sigma in C. fold r in C. unfold gap in C.
  rewrite value_2, best_2, value_S, best_S in C by lia.
  assert (V0 := value_2 0 ltac:(lia)). assert (V1 := value_2 1 ltac:(lia)). assert (B0 := best_2 0 ltac:(lia)). assert (B1 := best_2 1 ltac:(lia)).
  revert C V0 V1 B0 B1. generalize (value 2 1 r sigma pi 2) (best 2 1 r sigma pi 2). intros W U C V0 V1 B0 B1.
  unfold action_value, others in C. cbn [sum largest] in C. rewrite !moves in C by (rewrite ?V0, ?V1, ?B0, ?B1; lra || lia).
  cbv iota beta in C. rewrite V0, V1, B0, B1 in C. unfold r, shock_reward, a_star, secret, pi, radius in C. cbn in C.
  match type of C with _ -> _ -> _ -> ?G => assert (D : G) end.
  { apply C; [lia|lra|]. intros k s Hs. unfold pi. split; [intros; destruct (Nat.eqb _ _); lra|].
    cbn. destruct k as [|[|[|k]]]; cbn; lra. }
  revert D. unfold Rmax. destruct (Rle_dec _ _); lra.
Qed.
