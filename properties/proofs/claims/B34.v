(** B34, eq. (51), (63), (75): the floor of the pessimistic estimate. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** At one (s, a): reward r, bonus beta, and what the next values are worth, of the pessimistic estimate (low), of
    the policy (own), of the best response (best). By (6) Q_low = max { r + low - beta, 0 }. *)
Definition claim_B34 : Prop := forall r beta low own best,
  0 <= r <= 1 -> 0 <= beta -> 0 <= low <= own -> own <= best ->
  Rmax (r + low - beta) 0 - (r + own) = Rmax (low - own - beta) (0 - (r + best)).
