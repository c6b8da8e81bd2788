(** D4, appendix D.1, proof of Theorem 3, step 2: the escape identity. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** C steps are left in the trap; step j escapes with probability q j, which pays 1 as each later step does.
    The backward recursion from step j, and the probability that tau = j. *)
Fixpoint trap (q : vec) (C j : nat) : R :=
  match C with O => 0 | S m => q j * INR (S m) + (1 - q j) * trap q m (S j) end.
Fixpoint stays (q : vec) (j : nat) : R := match j with O => 1 | S m => stays q m * (1 - q m) end.
Definition claim_D4 : Prop := forall (q : vec) (C : nat), (forall j, 0 <= q j <= 1) -> (1 <= C)%nat ->
  trap q C 0 = sum C (fun j => stays q j * q j * (INR C - INR (S j) + 2)).
