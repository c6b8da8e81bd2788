From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums Duality Values Tactics.
From Claims Require Import B23.
From Instances Require Import B23.
Import ListNotations.
Open Scope R_scope.

(** The start leads to "now" and to "later", which leads to "then"; the last state is the failure state. *)
Definition P (s a b : nat) : vec :=
  match s with 0%nat => vector [0; 1 / 2; 1 / 2; 0; 0] | 2%nat => pure 3 | _ => pure 4 end.
Definition r (s a b : nat) : R := match s with 1%nat | 3%nat => 1 | _ => 0 end.
Definition pi (k s a b : nat) : R := 1.

Section Radius.
  Variable rho : R.
  Hypothesis R : 0 <= rho <= 1.
  Let sigma := robust 5 (tv_ball 5 rho) P.
  Let V := value 1 1 r sigma pi.

  Lemma step k s : V (S k) s = r s 0%nat 0%nat + sigma s 0%nat 0%nat (V k).
  Proof. unfold V. cbn [value sum]. unfold action_value, pi. ring. Qed.

  Lemma moves s g W : (s < 5)%nat -> s <> 0%nat -> g = (if Nat.eqb s 2 then 3 else 4)%nat ->
    (forall t, (t < 5)%nat -> W 4%nat <= W t) -> sigma s 0%nat 0%nat W = (1 - rho) * W g + rho * W 4%nat.
  Proof.
    intros Hs N -> M. apply robust_tv; auto; try lia; [|destruct (Nat.eqb s 2); lia].
    intros i _. unfold P. destruct s as [|[|[|s]]]; [easy| | |]; reflexivity.
  Qed.

  Lemma last s : (s < 5)%nat -> V 1 s = r s 0%nat 0%nat.
  Proof.
    intros Hs. rewrite step. assert (Z : sigma s 0%nat 0%nat (V 0) = 0); [|lra]. destruct s as [|s].
    - unfold sigma, robust, tv_ball. rewrite (worst_number _ _ _ 0); [reflexivity|].
      apply enclosed_exact, enclosed_by with (P 0 0 0).
      + intros q [_ S] _. unfold expect, V. cbn [value]. right. rewrite (sum_ext 5 _ (fun _ => 0)) by (intros; ring). now rewrite sum_0.
      + unfold P. distribution.
      + apply tv_center. lra.
      + unfold V, P. cbn. lra.
    - rewrite (moves (S s) (if Nat.eqb (S s) 2 then 3 else 4) _ Hs); try easy; unfold V; cbn [value]; [lra|intros; lra].
  Qed.

  Lemma next : V 2 1%nat = 1 /\ V 2 2%nat = 1 - rho.
  Proof.
    assert (M : forall t, (t < 5)%nat -> V 1 4%nat <= V 1 t).
    { intros t Ht. rewrite !last by lia. revert t Ht. each_state; lra. }
    split; rewrite step; [rewrite (moves 1 4)|rewrite (moves 2 3)]; try lia; auto; rewrite !last by lia; cbn; lra.
  Qed.

  Lemma spread : variance 5 (P 0 0 0) (V 2) = rho ^ 2 / 4.
  Proof. destruct next as [A B]. unfold variance, expect, P. cbn [sum vector nth]. rewrite A, B. field. Qed.
End Radius.

Theorem B23_refuted : ~ claim_B23.
Proof.
  intros C. specialize (C 5%nat 1%nat r P pi first second 4%nat 2%nat 0%nat 0%nat). cbv beta zeta in C.
  rewrite !spread in C by (unfold first, second; lra). unfold first, second in C.
  assert (1 ^ 2 / 4 <= (1 / 100) ^ 2 / 4); [|lra]. apply C; try lia; try lra.
  - intros s a b Hs _ _. unfold P. revert s Hs. each_state; try (apply simplex_pure; lia). distribution.
  - intros s a b Hs _ _. unfold r. revert s Hs. each_state; lra.
  - intros k s _. unfold pi. split; [intros; lra|cbn; lra].
  - split; [lia|]. intros a b _ _. split; reflexivity.
Qed.
