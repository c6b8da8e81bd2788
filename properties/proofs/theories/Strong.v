(** Strong duality for total variation: some member of the ball attains the dual. *)
From Coq Require Import Reals Lra Lia List.
From Coquelicot Require Import Rbar Lub.
From Drmg Require Import Rows Sums Duality Values.
Open Scope R_scope.

(** Among the states that satisfy a predicate one has the least value. *)
Lemma argmin n (V : vec) (A : nat -> bool) : (exists i, (i < n)%nat /\ A i = true) ->
  exists i, (i < n)%nat /\ A i = true /\ forall j, (j < n)%nat -> A j = true -> V i <= V j.
Proof.
  induction n as [|n IH]; intros (i & Hi & T); [lia|].
  assert (C : (exists i, (i < n)%nat /\ A i = true) \/ forall i, (i < n)%nat -> A i = false).
  { clear. induction n as [|n IH]; [right; lia|]. destruct IH as [(i & Hi & T)|N]; [left; exists i; split; [lia|exact T]|].
    destruct (A n) eqn:E; [left; exists n; split; [lia|exact E]|right].
    intros i Hi. destruct (Nat.eq_dec i n) as [->|D]; [exact E|apply N; lia]. }
  destruct C as [C|N].
  - destruct (IH C) as (k & Hk & Tk & M). destruct (A n) eqn:E.
    + destruct (Rle_dec (V k) (V n)) as [L|G].
      * exists k. repeat split; [lia|exact Tk|]. intros j Hj Tj. destruct (Nat.eq_dec j n) as [->|D]; [exact L|apply M; [lia|exact Tj]].
      * exists n. repeat split; [lia|exact E|]. intros j Hj Tj. destruct (Nat.eq_dec j n) as [->|D]; [lra|].
        assert (V k <= V j) by (apply M; [lia|exact Tj]). lra.
    + exists k. repeat split; [lia|exact Tk|]. intros j Hj Tj. destruct (Nat.eq_dec j n) as [->|D]; [congruence|apply M; [lia|exact Tj]].
  - destruct (Nat.eq_dec i n) as [->|D]; [|rewrite N in T by lia; discriminate].
    exists n. repeat split; [lia|exact T|]. intros j Hj Tj. destruct (Nat.eq_dec j n) as [->|D]; [lra|].
    rewrite N in Tj by lia. discriminate.
Qed.

Section Row.
  Variables (n : nat) (p V : vec) (rho : R).
  Hypotheses (P : simplex n p) (Rho : 0 <= rho <= 1).

  Definition above (x : R) : R := sum n (fun i => if Rlt_dec x (V i) then p i else 0).
  Definition from (x : R) : R := sum n (fun i => if Rle_dec x (V i) then p i else 0).

  Lemma nonempty : (0 < n)%nat.
  Proof. destruct n; [|lia]. destruct P as [_ S]. cbn in S. lra. Qed.

  (** A quantile: at most rho lies above it, at least rho from it on. *)
  Lemma quantile : exists i, (i < n)%nat /\ above (V i) <= rho <= from (V i).
  Proof.
    assert (N := nonempty). destruct P as [P0 S].
    set (A := fun i => if Rle_dec (above (V i)) rho then true else false).
    destruct (argmin n V A) as (i & Hi & T & M).
    { destruct (largest_some n V N) as (k & Hk & E). exists k. split; [exact Hk|]. unfold A.
      destruct (Rle_dec (above (V k)) rho) as [|G]; [reflexivity|]. exfalso. apply G. unfold above.
      rewrite (sum_ext n _ (fun _ => 0)), sum_0; [lra|]. intros j Hj. destruct (Rlt_dec (V k) (V j)) as [L|]; [|reflexivity].
      assert (V j <= largest n V) by now apply largest_max. lra. }
    exists i. split; [exact Hi|]. unfold A in T. destruct (Rle_dec (above (V i)) rho) as [L|]; [|discriminate].
    split; [exact L|]. apply Rnot_lt_le. intros F.
    (* then something lies below, and the largest of it would have done as well *)
    set (B := fun j => if Rlt_dec (V j) (V i) then true else false).
    destruct (argmin n (fun j => - V j) B) as (j & Hj & Tj & Mj).
    { destruct (Rlt_dec (least n V) (V i)) as [G|G].
      - destruct (least_some n V N) as (k & Hk & E). exists k. split; [exact Hk|]. unfold B. destruct (Rlt_dec (V k) (V i)); [reflexivity|lra].
      - exfalso. unfold from in F. rewrite (sum_ext n _ p) in F; [lra|]. intros k Hk.
        destruct (Rle_dec (V i) (V k)); [reflexivity|]. assert (least n V <= V k) by now apply least_min. lra. }
    unfold B in Tj. destruct (Rlt_dec (V j) (V i)) as [Lj|]; [|discriminate].
    assert (X : above (V j) = from (V i)).
    { apply sum_ext. intros k Hk. destruct (Rlt_dec (V j) (V k)) as [G|G], (Rle_dec (V i) (V k)) as [Q|Q]; try reflexivity; [|lra].
      assert (B k = true) as Bk by (unfold B; destruct (Rlt_dec (V k) (V i)); [reflexivity|lra]). specialize (Mj k Hk Bk). cbv beta in Mj. lra. }
    assert (V i <= V j); [|lra]. apply M; [exact Hj|]. unfold A. rewrite X. destruct (Rle_dec (from (V i)) rho); [reflexivity|lra].
  Qed.

  (** The mass above the quantile, and a share of that at it, moves to the worst state. *)
  Lemma tv_attained : exists i q, (i < n)%nat /\ simplex n q /\ tv n p rho q /\
    expect n q V = expect n p (fun s => Rmin (V s) (V i)) - rho * (V i - least n V).
  Proof.
    destruct quantile as (i & Hi & L & U). set (x := V i) in *. assert (N := nonempty).
    destruct (least_some n V N) as (b & Hb & Eb).
    set (at_ := sum n (fun k => if Req_EM_T (V k) x then p k else 0)).
    assert (E : from x = above x + at_).
    { unfold from, above, at_. rewrite <- sum_plus. apply sum_ext. intros k Hk.
      destruct (Rle_dec x (V k)), (Rlt_dec x (V k)), (Req_EM_T (V k) x); try lra. }
    assert (T : exists t, 0 <= t <= 1 /\ above x + t * at_ = rho).
    { destruct (Req_dec at_ 0) as [Z|Z]; [exists 0; split; [lra|rewrite Z in *; lra]|].
      assert (0 < at_) by lra. exists ((rho - above x) / at_). split; [|field; exact Z]. split.
      - apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat].
      - apply Rmult_le_reg_r with at_; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by exact Z. lra. }
    destruct T as (t & T & Et). destruct P as [P0 S].
    set (moved := fun k => if Rlt_dec x (V k) then p k else if Req_EM_T (V k) x then t * p k else 0).
    assert (M : forall k, (k < n)%nat -> 0 <= moved k <= p k).
    { intros k Hk. assert (Pk := P0 k Hk). unfold moved. destruct (Rlt_dec x (V k)); [lra|]. destruct (Req_EM_T (V k) x); nra. }
    assert (Z : sum n moved = rho).
    { rewrite <- Et. unfold above, at_. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros k Hk. unfold moved.
      destruct (Rlt_dec x (V k)), (Req_EM_T (V k) x); try lra. }
    exists i, (fun k => p k - moved k + rho * pure b k). assert (SB := simplex_pure n b Hb). repeat split; auto.
    - intros k Hk. assert (0 <= pure b k) by now apply (proj1 SB). specialize (M k Hk). assert (0 <= rho * pure b k) by (apply Rmult_le_pos; lra). lra.
    - rewrite sum_plus, sum_minus, sum_scal, S, Z, (proj2 SB). lra.
    - unfold tv. assert (H : sum n (fun k => Rabs (p k - moved k + rho * pure b k - p k)) <= sum n (fun k => moved k + rho * pure b k)).
      { apply sum_le. intros k Hk. assert (0 <= pure b k) by now apply (proj1 SB). specialize (M k Hk).
        assert (0 <= rho * pure b k) by (apply Rmult_le_pos; lra). unfold Rabs. destruct (Rcase_abs _); lra. }
      rewrite sum_plus, sum_scal, Z, (proj2 SB) in H. lra.
    - rewrite Eb. change (V i) with x. unfold expect.
      rewrite (sum_ext n (fun k => (p k - moved k + rho * pure b k) * V k) (fun k => (p k * Rmin (V k) x - x * moved k) + rho * (pure b k * V k))).
      + rewrite sum_plus, sum_minus, !sum_scal, Z, sum_pure by exact Hb. ring.
      + intros k Hk. unfold moved, Rmin. destruct (Rlt_dec x (V k)), (Rle_dec (V k) x); try lra; destruct (Req_EM_T (V k) x) as [Q|Q]; try lra; rewrite Q; ring.
  Qed.

  Lemma tv_dual_form q x : simplex n q -> tv n p rho q -> - expect n p (fun s => pos (x - V s)) - rho * pos (x - least n V) + x <= expect n q V.
  Proof.
    intros S D. eapply Rle_trans; [|apply (tv_bound n p V rho P q (least n V) x S D)].
    - right. destruct P as [_ E]. unfold expect. rewrite (sum_ext n (fun s => p s * Rmin (V s) x) (fun s => p s * x - p s * pos (x - V s))).
      + rewrite sum_minus, sum_scal_r, E. ring.
      + intros k _. unfold pos, Rmin, Rmax. destruct (Rle_dec (V k) x), (Rle_dec (x - V k) 0); try lra; ring || (replace (V k) with x by lra; ring).
    - intros k Hk. left. now apply least_min.
  Qed.
End Row.
