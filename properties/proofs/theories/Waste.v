(** How many steps are wasted in the trap of Example 1. *)
From Coq Require Import Reals Lra Lia Arith Bool.
From Drmg Require Import Rows Hardness Sums.

Lemma wasted_most C f : (wasted C f <= C)%nat.
Proof. revert f. induction C as [|C IH]; intros f; cbn; [lia|]. destruct (f O); [lia|]. specialize (IH (fun j => f (S j))). lia. Qed.
Lemma wasted_before C f j : f j = true -> (wasted C f <= j)%nat.
Proof.
  revert f j. induction C as [|C IH]; intros f j F; cbn; [lia|]. destruct (f O) eqn:E; [lia|].
  destruct j as [|j]; [congruence|]. specialize (IH (fun j => f (S j)) j F). lia.
Qed.
Lemma wasted_never C f : (forall j, f j = false) -> wasted C f = C.
Proof. revert f. induction C as [|C IH]; intros f F; cbn; [easy|]. rewrite F. now rewrite IH. Qed.
Lemma wasted_always C f : f O = true -> wasted C f = O.
Proof. intros F. destruct C; cbn; [easy|]. now rewrite F. Qed.
Lemma wasted_ext C f g : (forall j, f j = g j) -> wasted C f = wasted C g.
Proof. revert f g. induction C as [|C IH]; intros f g E; cbn; [easy|]. rewrite E. destruct (g O); [easy|]. f_equal. now apply IH. Qed.
