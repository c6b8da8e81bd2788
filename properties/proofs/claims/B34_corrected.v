(** B34.corrected, eq. (51), (63), (75): the floor of the pessimistic estimate leaves - Q^pi. *)
From Coq Require Import Reals.
Open Scope R_scope.

Definition claim_B34_corrected : Prop := forall r beta low own,
  Rmax (r + low - beta) 0 - (r + own) = Rmax (low - own - beta) (0 - (r + own)).
