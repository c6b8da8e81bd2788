From Coq Require Import Reals Lra Lia.
From Drmg Require Import Rows Games Sums Values Span Tactics.
From Claims Require Import B1_attained.
Open Scope R_scope.

Theorem B1_attained_proved : claim_B1_attained.
Proof.
  intros rho H R. cbv zeta. set (sigma := robust 2 (tv_ball 2 rho) (fun s _ _ => pure s)).
  set (V := value 1 1 (fun s _ _ => INR s) sigma (fun _ _ _ _ => 1)).
  assert (I : V H 0%nat = 0 /\ V H 1%nat = spans rho H).
  { induction H as [|H [I0 I1]]; [split; reflexivity|]. assert (B := spans_bounds rho H ltac:(lra)).
    assert (M : forall t, (t < 2)%nat -> V H 0%nat <= V H t) by (intros t Ht; destruct t as [|[|t]]; [|rewrite I0, I1|]; lra || lia).
    assert (step : forall s, (s < 2)%nat -> V (S H) s = INR s + (1 - rho) * V H s + rho * V H 0%nat).
    { intros s Hs. unfold V. cbn [value sum]. unfold action_value. fold V. unfold sigma at 1.
      rewrite (robust_tv 2 rho _ s 0 0 (V H) s 0); try lia; try lra; auto. }
    rewrite !step, I0, I1 by lia. cbn [spans INR]. split; ring. }
  destruct I as [-> ->]. rewrite <- spans_closed. field. lra.
Qed.
