(** A checker of certificates over the rationals, proved right: what [check] accepts is [enclosed].

    It has the rules of the stand-alone checker in Python for the polyhedral sets, one for one. *)
From Coq Require Import Reals Lra Lia List QArith Qreals Qabs Bool.
From Drmg Require Import Rows Sums Duality.
Import ListNotations.
Open Scope Q_scope.

(** * The certificate, as in drmg-certificate version 1; v is the floor *)
Inductive set := TV | L1 | Interval | Contamination | Wasserstein (cost plan : list (list Q)).
Inductive bound := Minimum | Mean | Dual (x : Q).
Record certificate := Certificate {
  kind : set; nominal_support : bool;
  p : list Q; V : list Q; rho : Q;   (* the row *)
  lo : Q; hi : Q;                    (* the claim *)
  q : list Q; v : Q; by_ : bound     (* why *)
}.

Definition at_ (l : list Q) (i : nat) : Q := nth i l 0.
Definition at2 (l : list (list Q)) (i j : nat) : Q := nth j (nth i l []) 0.

Fixpoint sumQ (n : nat) (f : nat -> Q) : Q :=
  match n with O => 0 | S m => Qred (sumQ m f + f m) end.
Definition maxQ (a b : Q) : Q := if Qle_bool a b then b else a.
Definition minQ (a b : Q) : Q := if Qle_bool a b then a else b.
Definition posQ (a : Q) : Q := maxQ a 0.
Definition positiveQ (a : Q) : bool := negb (Qle_bool a 0).
Definition all (n : nat) (f : nat -> bool) : bool := forallb f (seq 0 n).
Definition simplexQ (n : nat) (q : nat -> Q) : bool := all n (fun i => Qle_bool 0 (q i)) && Qeq_bool (sumQ n q) 1.
Definition expectQ (n : nat) (q V : nat -> Q) : Q := sumQ n (fun i => q i * V i).

Section Check.
  Variable c : certificate.
  Let n := length (p c).
  Let P := at_ (p c). Let W := at_ (V c). Let T := at_ (q c).
  Let usable (i : nat) : bool := negb (nominal_support c && Qeq_bool (P i) 0).

  Definition ball_has : bool :=
    match kind c with
    | TV => Qle_bool (sumQ n (fun i => Qabs (T i - P i))) (2 * rho c)
    | L1 => Qle_bool (sumQ n (fun i => Qabs (T i - P i))) (rho c)
    | Interval => all n (fun i => Qle_bool (Qabs (T i - P i)) (rho c))
    | Contamination => all n (fun i => Qle_bool ((1 - rho c) * P i) (T i))
    | Wasserstein C plan =>
        all n (fun i => all n (fun j => Qle_bool 0 (at2 plan i j)))
        && all n (fun i => Qeq_bool (sumQ n (at2 plan i)) (P i))
        && all n (fun j => Qeq_bool (sumQ n (fun i => at2 plan i j)) (T j))
        && Qle_bool (sumQ n (fun i => sumQ n (fun j => at2 plan i j * at2 C i j))) (rho c)
    end.

  Fixpoint leastQ (n : nat) (f : nat -> Q) (top : Q) : Q :=
    match n with O => top | S m => minQ (leastQ m f top) (f m) end.

  Definition dual (x : Q) : Q :=
    match kind c with
    | TV => expectQ n P (fun i => minQ (W i) x) - rho c * posQ (x - v c)
    | L1 => expectQ n P (fun i => minQ (W i) x) - rho c / 2 * posQ (x - v c)
    | Interval => x + expectQ n (fun i => posQ (P i - rho c)) (fun i => posQ (W i - x))
                  - expectQ n (fun i => if usable i then minQ (P i + rho c) 1 else 0) (fun i => posQ (x - W i))
    | Contamination => (1 - rho c) * expectQ n P W + rho c * v c
    | Wasserstein C _ =>
        expectQ n P (fun i => leastQ n (fun j => W j + x * at2 C i j) (W 0%nat + x * at2 C i 0%nat)) - x * rho c
    end.

  Definition confinedQ : bool := all n (fun i => usable i || Qeq_bool (T i) 0).
  Definition floorQ : bool := all n (fun i => negb (usable i) || Qle_bool (v c) (W i)).
  Definition dual_proves : bool :=
    match by_ c with
    | Minimum => Qle_bool (lo c) (v c)
    | Mean => Qeq_bool (rho c) 0 && Qle_bool (lo c) (expectQ n P W)
              && match kind c with
                 | Wasserstein C _ => all n (fun i => all n (fun j => if Nat.eqb i j then Qle_bool 0 (at2 C i j) else positiveQ (at2 C i j)))
                 | _ => true
                 end
    | Dual x => Qle_bool (lo c) (dual x) && match kind c with Wasserstein _ _ => Qle_bool 0 x | _ => true end
    end.

  Definition check : bool :=
    simplexQ n P && simplexQ n T && ball_has && confinedQ && floorQ
    && Qle_bool (expectQ n T W) (hi c) && dual_proves.
End Check.

(** * Its meaning *)
Definition qvec (l : list Q) : vec := fun i => Q2R (at_ l i).
Definition ball (c : certificate) : vec -> Prop :=
  let n := length (p c) in
  let B := match kind c with
           | TV => tv n (qvec (p c)) (Q2R (rho c))
           | L1 => l1 n (qvec (p c)) (Q2R (rho c))
           | Interval => interval_set n (qvec (p c)) (Q2R (rho c))
           | Contamination => contamination n (qvec (p c)) (Q2R (rho c))
           | Wasserstein C _ => wasserstein n (fun i j => Q2R (at2 C i j)) (qvec (p c)) (Q2R (rho c))
           end in
  if nominal_support c then within n (qvec (p c)) B else B.
Definition says (c : certificate) : Prop :=
  enclosed (length (p c)) (ball c) (qvec (V c)) (Q2R (lo c)) (Q2R (hi c)).

(** * Soundness *)
Open Scope R_scope.

Lemma Q2R_0 : Q2R 0 = 0. Proof. unfold Q2R; simpl; field. Qed.
Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R; simpl; field. Qed.
Lemma Q2R_2 : Q2R 2 = 2. Proof. unfold Q2R; simpl; field. Qed.
Lemma Q2R_abs a : Q2R (Qabs a) = Rabs (Q2R a).
Proof.
  apply Qabs_case; intros H; apply Qle_Rle in H; rewrite Q2R_0 in H.
  - now rewrite Rabs_pos_eq.
  - rewrite Q2R_opp. now rewrite Rabs_left1.
Qed.
Lemma Qle_bool_R a b : Qle_bool a b = true -> Q2R a <= Q2R b.
Proof. intros H. apply Qle_Rle. now apply Qle_bool_iff. Qed.
Lemma Qle_bool_R_false a b : Qle_bool a b = false -> Q2R b < Q2R a.
Proof.
  intros H. apply Rnot_le_lt. intros L. apply Rle_Qle in L. apply Qle_bool_iff in L. congruence.
Qed.
Lemma Qeq_bool_R a b : Qeq_bool a b = true -> Q2R a = Q2R b.
Proof. intros H. apply Qeq_eqR. now apply Qeq_bool_iff. Qed.
Lemma Q2R_max a b : Q2R (maxQ a b) = Rmax (Q2R a) (Q2R b).
Proof.
  unfold maxQ. destruct (Qle_bool a b) eqn:E; [apply Qle_bool_R in E|apply Qle_bool_R_false in E].
  - now rewrite Rmax_right.
  - rewrite Rmax_left; lra.
Qed.
Lemma Q2R_min a b : Q2R (minQ a b) = Rmin (Q2R a) (Q2R b).
Proof.
  unfold minQ. destruct (Qle_bool a b) eqn:E; [apply Qle_bool_R in E|apply Qle_bool_R_false in E].
  - now rewrite Rmin_left.
  - rewrite Rmin_right; lra.
Qed.
Lemma Q2R_pos a : Q2R (posQ a) = pos (Q2R a).
Proof. unfold posQ, pos. now rewrite Q2R_max, Q2R_0. Qed.
Lemma Q2R_sum n f : Q2R (sumQ n f) = sum n (fun i => Q2R (f i)).
Proof.
  induction n as [|n IH]; cbn [sumQ sum]; [apply Q2R_0|].
  rewrite (Qeq_eqR _ _ (Qred_correct _)), Q2R_plus, IH. easy.
Qed.
Lemma Q2R_expect n f g : Q2R (expectQ n f g) = expect n (fun i => Q2R (f i)) (fun i => Q2R (g i)).
Proof. unfold expectQ, expect. rewrite Q2R_sum. apply sum_ext. intros. apply Q2R_mult. Qed.
Lemma all_spec n f : all n f = true -> forall i, (i < n)%nat -> f i = true.
Proof. intros H i Hi. unfold all in H. rewrite forallb_forall in H. apply H. apply in_seq. lia. Qed.
Lemma leastQ_spec n f top i : (i < n)%nat -> Q2R (leastQ n f top) <= Q2R (f i).
Proof.
  induction n as [|n IH]; intros Hi; [lia|]. cbn. rewrite Q2R_min.
  destruct (Nat.eq_dec i n) as [->|D]; [apply Rmin_r|].
  eapply Rle_trans; [apply Rmin_l | apply IH; lia].
Qed.
Lemma simplexQ_spec n f : simplexQ n f = true -> simplex n (fun i => Q2R (f i)).
Proof.
  unfold simplexQ. rewrite andb_true_iff. intros [H S]. split.
  - intros i Hi. rewrite <- Q2R_0. apply Qle_bool_R. now apply (all_spec n _ H).
  - rewrite <- Q2R_sum, <- Q2R_1. now apply Qeq_bool_R.
Qed.

Ltac push :=
  repeat first [ rewrite Q2R_expect | rewrite Q2R_sum | rewrite Q2R_abs | rewrite Q2R_plus | rewrite Q2R_minus
               | rewrite Q2R_mult | rewrite Q2R_pos | rewrite Q2R_min | rewrite Q2R_0 | rewrite Q2R_1 | rewrite Q2R_2 ].

Theorem check_sound c : check c = true -> says c.
Proof.
  unfold check. rewrite !andb_true_iff. intros [[[[[[SP SQ] HB] HC] HF] HH] HD].
  set (n := length (p c)) in *.
  assert (P := simplexQ_spec _ _ SP). fold (qvec (p c)) in P.
  assert (Q := simplexQ_spec _ _ SQ). fold (qvec (q c)) in Q.
  assert (Hi : expect n (qvec (q c)) (qvec (V c)) <= Q2R (hi c)).
  { apply Qle_bool_R in HH. revert HH. push. exact (fun H => H). }
  (* what the floor is worth, for every q that respects the support *)
  assert (F : forall t, (nominal_support c = true -> confined n (qvec (p c)) t) ->
              floor n (qvec (p c)) t (qvec (V c)) (Q2R (v c))).
  { intros t K i I. assert (A := all_spec _ _ HF i I). cbn in A. unfold floor.
    apply orb_true_iff in A. destruct A as [A|A]; [|left; now apply Qle_bool_R].
    rewrite negb_involutive, andb_true_iff in A. destruct A as [A Z]. right.
    assert (Z' : qvec (p c) i = 0) by (unfold qvec; rewrite <- Q2R_0; now apply Qeq_bool_R).
    split; [exact Z' | now apply K]. }
  assert (KQ : nominal_support c = true -> confined n (qvec (p c)) (qvec (q c))).
  { intros N i I Z. assert (A := all_spec _ _ HC i I). cbn in A. rewrite N in A. cbn in A.
    apply orb_true_iff in A. destruct A as [A|A].
    - rewrite negb_true_iff in A. exfalso. apply Qeq_bool_neq in A. apply A. apply eqR_Qeq. now rewrite Q2R_0.
    - unfold qvec. rewrite <- Q2R_0. now apply Qeq_bool_R. }
  set (B := match kind c with
           | TV => tv n (qvec (p c)) (Q2R (rho c))
           | L1 => l1 n (qvec (p c)) (Q2R (rho c))
           | Interval => interval_set n (qvec (p c)) (Q2R (rho c))
           | Contamination => contamination n (qvec (p c)) (Q2R (rho c))
           | Wasserstein C _ => wasserstein n (fun i j => Q2R (at2 C i j)) (qvec (p c)) (Q2R (rho c))
           end).
  assert (BQ : B (qvec (q c))).
  { revert HB. unfold ball_has, B. destruct (kind c) as [| | | |C plan].
    - intros H. apply Qle_bool_R in H. revert H. push. unfold tv. intros H.
      rewrite (sum_ext n (fun i => Rabs (qvec (q c) i - qvec (p c) i)) (fun i => Q2R (Qabs (at_ (q c) i - at_ (p c) i))))
        by (intros; unfold qvec; push; reflexivity). fold n in H. lra.
    - intros H. apply Qle_bool_R in H. revert H. push. unfold l1. intros H.
      rewrite (sum_ext n (fun i => Rabs (qvec (q c) i - qvec (p c) i)) (fun i => Q2R (Qabs (at_ (q c) i - at_ (p c) i))))
        by (intros; unfold qvec; push; reflexivity). exact H.
    - intros H i I. assert (A := all_spec _ _ H i I). apply Qle_bool_R in A. revert A. push. exact (fun H => H).
    - intros H i I. assert (A := all_spec _ _ H i I). apply Qle_bool_R in A. revert A. push. exact (fun H => H).
    - rewrite !andb_true_iff. intros [[[H1 H2] H3] H4]. exists (fun i j => Q2R (at2 plan i j)). repeat split.
      + intros i j I J. rewrite <- Q2R_0. apply Qle_bool_R. exact (all_spec _ _ (all_spec _ _ H1 i I) j J).
      + intros i I. rewrite <- Q2R_sum. apply Qeq_bool_R. exact (all_spec _ _ H2 i I).
      + intros j J. rewrite <- Q2R_sum. apply Qeq_bool_R. exact (all_spec _ _ H3 j J).
      + apply Qle_bool_R in H4. eapply Rle_trans; [|exact H4]. right. rewrite Q2R_sum. apply sum_ext. intros i I.
        rewrite Q2R_sum. apply sum_ext. intros j J. now rewrite Q2R_mult. }
  assert (D : forall t, simplex n t -> (nominal_support c = true -> confined n (qvec (p c)) t) -> B t ->
              Q2R (lo c) <= expect n t (qvec (V c))).
  { intros t T K BT. revert HD. unfold dual_proves. destruct (by_ c) as [| |x].
    - intros H. apply Qle_bool_R in H. eapply Rle_trans; [exact H|]. eapply minimum_bound; eauto.
    - rewrite !andb_true_iff. intros [[Z H] M]. apply Qeq_bool_R in Z. apply Qle_bool_R in H. revert H. push. intros H.
      eapply Rle_trans; [exact H|]. apply (mean_bound n (qvec (p c)) (qvec (V c))). rewrite Q2R_0 in Z. unfold B in BT. rewrite Z in BT.
      destruct (kind c) as [| | | |C plan].
      + now apply mean_tv.
      + now apply mean_l1.
      + now apply mean_interval.
      + now apply mean_contamination.
      + apply (mean_wasserstein n (qvec (p c)) (fun i j => Q2R (at2 C i j))); [| |exact BT].
        * intros i I. assert (A := all_spec _ _ (all_spec _ _ M i I) i I). cbn in A. rewrite Nat.eqb_refl in A.
          rewrite <- Q2R_0. now apply Qle_bool_R.
        * intros i j I J N. assert (A := all_spec _ _ (all_spec _ _ M i I) j J). cbn in A.
          destruct (Nat.eqb_spec i j); [easy|]. unfold positiveQ in A. rewrite negb_true_iff in A.
          rewrite <- Q2R_0. now apply Qle_bool_R_false.
    - rewrite andb_true_iff. intros [H X]. apply Qle_bool_R in H. eapply Rle_trans; [exact H|]. clear H.
      unfold dual, B in *. fold n. destruct (kind c) as [| | | |C plan].
      + eapply Rle_trans; [|apply (tv_bound n (qvec (p c)) (qvec (V c)) (Q2R (rho c)) P t (Q2R (v c)) (Q2R x)); auto].
        right. push. f_equal. apply sum_ext. intros; push; reflexivity.
      + assert (E : Q2R (rho c / 2) = Q2R (rho c) / 2) by (rewrite Q2R_div, Q2R_2 by (intros Z; discriminate Z); reflexivity).
        eapply Rle_trans; [|apply (l1_bound n (qvec (p c)) (qvec (V c)) (Q2R (rho c) / 2) P t (Q2R (v c)) (Q2R x)); auto].
        * right. push. rewrite E. f_equal. apply sum_ext. intros; push; reflexivity.
        * replace (2 * (Q2R (rho c) / 2)) with (Q2R (rho c)) by field. exact BT.
      + eapply Rle_trans; [|apply (interval_bound n (qvec (p c)) (qvec (V c)) (Q2R (rho c)) t
                               (fun i => negb (nominal_support c && Qeq_bool (at_ (p c) i) 0)) (Q2R x)); auto].
        * right. push. f_equal; [f_equal|]; apply sum_ext; intros i I; unfold qvec; cbv beta.
          -- now push.
          -- destruct (negb _); now push.
        * intros i I Z. rewrite negb_false_iff, andb_true_iff in Z. destruct Z as [N Z]. apply K; auto.
          unfold qvec. rewrite <- Q2R_0. now apply Qeq_bool_R.
      + eapply Rle_trans; [|apply (contamination_bound n (qvec (p c)) (qvec (V c)) (Q2R (rho c)) P t (Q2R (v c))); auto].
        right. push. reflexivity.
      + eapply Rle_trans; [|apply (wasserstein_bound n (qvec (p c)) (qvec (V c)) (Q2R (rho c)) (fun i j => Q2R (at2 C i j)) t
          (fun i => Q2R (leastQ n (fun j => (at_ (V c) j + x * at2 C i j)%Q) (at_ (V c) 0%nat + x * at2 C i 0%nat)%Q)) (Q2R x)
          (Rle_trans _ _ _ (Req_le _ _ (eq_sym Q2R_0)) (Qle_bool_R 0 x X)) BT)].
        * right. push. reflexivity.
        * intros i j I J. eapply Rle_trans; [apply leastQ_spec; exact J|]. right. push. reflexivity. }
  unfold says, ball. fold n. fold B. destruct (nominal_support c) eqn:N.
  - apply enclosed_by with (qvec (q c)); auto.
    + intros t T [K BT]. auto.
    + split; auto.
  - apply enclosed_by with (qvec (q c)); auto. intros t T BT. apply D; auto. discriminate.
Qed.

Corollary checked cs : forallb check cs = true -> Forall says cs.
Proof. intros H. apply Forall_forall. intros c I. apply check_sound. revert c I. now apply forallb_forall. Qed.
