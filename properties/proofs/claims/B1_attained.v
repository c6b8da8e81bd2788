(** B1.attained, Lemma 5: two absorbing states, one of which pays 1 a step, attain the span of B1.tight. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

Definition claim_B1_attained : Prop := forall rho H, 0 < rho <= 1 ->
  let V := value 1 1 (fun s _ _ => INR s) (robust 2 (tv_ball 2 rho) (fun s _ _ => pure s)) (fun _ _ _ _ => 1) H in
  V 1%nat - V 0%nat = (1 - (1 - rho) ^ H) / rho.
