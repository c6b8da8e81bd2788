(** Sums, and what follows from the definitions of Rows alone. *)
From Coq Require Import Reals Lra Lia List ZArith.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows.
Open Scope R_scope.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof. induction n as [|n IH]; cbn; intros H; [easy|]. rewrite IH, H by auto with arith. easy. Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
  induction n as [|n IH]; cbn; intros H; [lra|].
  apply Rplus_le_compat; [apply IH; auto with arith | apply H; lia].
Qed.

Lemma sum_plus n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma sum_minus n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. induction n as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma sum_scal n c f : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma sum_scal_r n c f : sum n (fun i => f i * c) = sum n f * c.
Proof. induction n as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma sum_0 n : sum n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. intros H. rewrite <- (sum_0 n). apply sum_le. exact H. Qed.

Lemma sum_pos n f i : (forall i, (i < n)%nat -> 0 <= f i) -> (i < n)%nat -> 0 < f i -> 0 < sum n f.
Proof.
  induction n as [|n IH]; intros H Hi Hf; [lia|]. cbn.
  assert (Hn := H n ltac:(lia)).
  destruct (Nat.eq_dec i n) as [->|D].
  - assert (0 <= sum n f) by (apply sum_nonneg; intros; apply H; lia). lra.
  - assert (0 < sum n f) by (apply IH; try lia; auto; intros; apply H; lia). lra.
Qed.

Lemma sum_swap n m (f : nat -> nat -> R) :
  sum n (fun i => sum m (f i)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
  induction n as [|n IH]; cbn; [now rewrite sum_0|].
  rewrite IH, <- sum_plus. now apply sum_ext.
Qed.

Lemma sum_pure n s f : (s < n)%nat -> sum n (fun i => pure s i * f i) = f s.
Proof.
  intros Hs. unfold pure. induction n as [|n IH]; [lia|]. cbn. destruct (Nat.eq_dec s n) as [->|D].
  - rewrite Nat.eqb_refl. rewrite (sum_ext n _ (fun _ => 0)), sum_0; [ring|].
    intros i Hi. destruct (Nat.eqb_spec i n); [lia|ring].
  - rewrite IH by lia. destruct (Nat.eqb_spec n s); [lia|ring].
Qed.

Lemma simplex_pure n s : (s < n)%nat -> simplex n (pure s).
Proof.
  intros Hs. split.
  - intros i _. unfold pure. destruct (Nat.eqb i s); lra.
  - rewrite (sum_ext n (pure s) (fun i => pure s i * 1)) by (intros; ring). now rewrite sum_pure.
Qed.

Lemma expect_pure n s V : (s < n)%nat -> expect n (pure s) V = V s.
Proof. apply sum_pure. Qed.

Lemma sum_const n c : sum n (fun _ => c) = INR n * c.
Proof. induction n as [|n IH]; [cbn; ring|]. rewrite S_INR. cbn [sum]. rewrite IH. ring. Qed.

Lemma sum_term n f i : (forall j, (j < n)%nat -> 0 <= f j) -> (i < n)%nat -> f i <= sum n f.
Proof.
  induction n as [|n IH]; intros H Hi; [lia|]. cbn. assert (Hn := H n ltac:(lia)).
  assert (0 <= sum n f) by (apply sum_nonneg; intros; apply H; lia).
  destruct (Nat.eq_dec i n) as [->|D]; [lra|]. assert (f i <= sum n f) by (apply IH; [intros; apply H; lia|lia]). lra.
Qed.

Lemma sum_zero n f : (forall i, (i < n)%nat -> 0 <= f i) -> sum n f <= 0 -> forall i, (i < n)%nat -> f i = 0.
Proof. intros H S i Hi. assert (T := sum_term n f i H Hi). specialize (H i Hi). lra. Qed.

(** A distribution somewhere has mass. *)
Lemma simplex_some n q : simplex n q -> exists i, (i < n)%nat /\ 0 < q i.
Proof.
  intros [H S]. revert H S. induction n as [|n IH]; cbn; intros H S; [lra|].
  destruct (Rle_lt_dec (q n) 0) as [L|L]; [|exists n; auto].
  assert (q n = 0) by (specialize (H n ltac:(lia)); lra).
  (* not a distribution over n states unless the sum is still 1 *)
  destruct IH as (i & Hi & Hq); [intros; apply H; lia | lra | exists i; auto].
Qed.

Lemma worst_case_le n (B : vec -> Prop) (V : vec) q : simplex n q -> B q -> Rbar_le (worst_case n B V) (expect n q V).
Proof.
  intros S H. unfold worst_case.
  apply (proj1 (Glb_Rbar_correct (fun x => exists q, simplex n q /\ B q /\ x = expect n q V))).
  now exists q.
Qed.

Lemma worst_case_ge n (B : vec -> Prop) (V : vec) (lo : R) :
  (forall q, simplex n q -> B q -> lo <= expect n q V) -> Rbar_le lo (worst_case n B V).
Proof.
  intros H. unfold worst_case.
  apply (proj2 (Glb_Rbar_correct (fun x => exists q, simplex n q /\ B q /\ x = expect n q V))).
  intros x (q & S & Bq & ->). cbn. auto.
Qed.

Lemma enclosed_by n (B : vec -> Prop) (V : vec) lo hi q :
  (forall q, simplex n q -> B q -> lo <= expect n q V) -> simplex n q -> B q -> expect n q V <= hi ->
  enclosed n B V lo hi.
Proof.
  intros L S Bq U. split; [now apply worst_case_ge|].
  apply Rbar_le_trans with (expect n q V); [now apply worst_case_le | exact U].
Qed.

Lemma enclosed_exact n (B : vec -> Prop) (V : vec) w : enclosed n B V w w -> worst_case n B V = w.
Proof. intros [L U]. now apply Rbar_le_antisym. Qed.

(** Some natural number is larger than a real one. *)
Lemma archimedean c : exists m : nat, (1 <= m)%nat /\ c < INR m.
Proof.
  exists (S (Z.to_nat (up c))). split; [lia|]. rewrite S_INR. destruct (archimed c) as [A _].
  destruct (Z.le_gt_cases 0 (up c)) as [L|G].
  - rewrite INR_IZR_INZ, Z2Nat.id by exact L. lra.
  - assert (IZR (up c) <= 0) by (apply IZR_le; lia). assert (0 <= INR (Z.to_nat (up c))) by apply pos_INR. lra.
Qed.

Lemma worst_case_ge_bar n (B : vec -> Prop) (V : vec) (lo : Rbar) :
  (forall q, simplex n q -> B q -> Rbar_le lo (expect n q V)) -> Rbar_le lo (worst_case n B V).
Proof.
  intros H. unfold worst_case.
  apply (proj2 (Glb_Rbar_correct (fun x => exists q, simplex n q /\ B q /\ x = expect n q V))).
  intros x (q & S & Bq & ->). auto.
Qed.
