(** B18.tight, Lemma 14: |Var V - Var (U + L) / 2| <= H E[U - L] for L <= V <= U in [0, H]. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

Definition claim_B18_tight : Prop := forall n p L V U H, simplex n p ->
  (forall s, (s < n)%nat -> 0 <= L s <= V s /\ V s <= U s <= H) ->
  Rabs (variance n p V - variance n p (fun s => (U s + L s) / 2)) <= H * expect n p (fun s => U s - L s).
