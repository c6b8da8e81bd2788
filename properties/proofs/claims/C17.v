(** C17, eq. (162)-(163): the value inside the worst-case expectation is that of the same step. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games.
Open Scope R_scope.

(** One agent: max Q_h = r_h + sigma (max V_h), the best values with k + 1 steps to go on both sides. *)
Definition claim_C17 : Prop := forall n r P rho k s,
  kernel n 1 1 P -> 0 <= rho <= 1 -> (s < n)%nat ->
  let sigma := robust n (tv_ball n rho) P in
  let V := best 1 1 r sigma (fun _ _ _ _ => 1) (S k) in V s = r s 0%nat 0%nat + sigma s 0%nat 0%nat V.
