From Coq Require Import Reals Lra Lia List.
From Drmg Require Import Rows Games Sums.
From Claims Require Import A9.
From Instances Require Import A9.
Open Scope R_scope.

Theorem A9_refuted : ~ claim_A9.
Proof.
  intros C. destruct (C size ltac:(unfold size; lia)) as (n & p & L & [N T0] & E). unfold size in *.
  destruct n as [|[|n]]; [lia|lia|]. assert (T := sum_term (S n) p 0 ltac:(intros; apply N; lia) ltac:(lia)).
  rewrite (E 0%nat) in T by lia. cbn [sum] in *. destruct n as [|n].
  - cbn in *. rewrite (E 0%nat), (E 1%nat) in T0 by lia. lra.
  - assert (T1 := sum_term (S (S n)) p 1 ltac:(intros; apply N; lia) ltac:(lia)).
    assert (0 <= p (S n)) by (apply N; lia). assert (0 <= p (S (S n))) by (apply N; lia).
    assert (U : p 0%nat + p 1%nat <= sum (S (S n)) p).
    { clear - N. induction n as [|n IH]; [cbn; lra|]. change (sum (S (S (S n))) p) with (sum (S (S n)) p + p (S (S n))).
      assert (0 <= p (S (S n))) by (apply N; lia). assert (p 0%nat + p 1%nat <= sum (S (S n)) p); [|lra].
      apply IH. intros; apply N; lia. }
    rewrite (E 0%nat), (E 1%nat) in U by lia. cbn [sum] in *. lra.
Qed.
