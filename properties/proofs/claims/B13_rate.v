(** B13.rate, Theorem 1 with (19) as printed: the rate with the last term of the printed bonus. *)
From Coq Require Import Reals.
From Drmg Require Import Rows.
Open Scope R_scope.

(** Each of S A pairs is visited n times at each of H steps, K = S A n; c2 = 1, without iota on either side.
    The last terms of (19) sum to at most c sqrt (min { 1 / rho, H } H^2 S A K). *)
Definition claim_B13_rate : Prop := exists c, forall (S A H n : nat) rho,
  (1 <= S)%nat -> (1 <= A)%nat -> (1 <= H)%nat -> (1 <= n)%nat -> 0 < rho <= 1 ->
  let K := INR S * INR A * INR n in
  INR H * (INR S * INR A) * sum n (fun j => INR H ^ 2 * INR S / sqrt (Rmax (INR j) 1))
    <= c * sqrt (Rmin (1 / rho) (INR H) * INR H ^ 2 * INR S * INR A * K).
