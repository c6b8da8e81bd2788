(** C4.unvisited, Lemma 21, and Lemma 19 as Theorem 2 uses it: the optimistic estimate before the first visit. *)
From Coq Require Import Reals.
From Drmg Require Import Rows Games Learning.
Open Scope R_scope.

(** One agent before the first of K episodes of H steps: with an absolute c_f the estimates, from uniform frequencies
    and the bonus (102) at P_min = 1 / n, are not below the best values. *)
Definition claim_C4_unvisited : Prop := exists cf, forall n A r P rho (H K k s : nat),
  kernel n A 1 P -> rewards n A 1 r -> (1 <= A)%nat -> 0 < rho -> (1 <= K)%nat -> (k <= H)%nat -> (s < n)%nat ->
  best A 1 r (robust n (fun p => kl n p rho) P) (fun _ _ a _ => match a with O => 1 | _ => 0 end) k s
    <= unvisited n A r rho (INR H) (beta cf rho n A H K 0 (/ INR n)) k s.
