"""A certificate of one row as a theorem: what it claims, and the proof that Coq's kernel checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from drmg_check.vocabulary import InputError
from drmg_oracles.checker import RefusedError, number, verify

_SETS = {"tv": "TV", "l1": "L1", "interval": "Interval", "contamination": "Contamination"}
_LONG = 10**20  # Coq reads decimal literals in quadratic time, hexadecimal ones in linear time
_BITS = 200
_PROGRAM = """\
From Coq Require Import QArith List.
From Drmg Require Import Rows Certificates.
Import ListNotations.
Open Scope Q_scope.

Definition certificate_1 : certificate := {term}.

Theorem certificate_1_true : says certificate_1.
Proof. apply check_sound. vm_cast_no_check (eq_refl true). Qed.
"""
_ENTROPY = """\
From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
From Drmg Require Import Rows Games Sums Duality Divergences Tactics.
Import ListNotations.
Open Scope R_scope.

Definition p := vector {p}.
Definition V := vector {V}.
Definition q := vector {q}.

Theorem certificate_1_true : enclosed {n} (kl {n} p {rho}) V {lo} {hi}.
Proof.
  apply enclosed_by with q.
  - intros t S B. eapply Rle_trans;
      [|refine (kl_bound _ p V _ _ t {floor} {at} S B _); [unfold p; distribution|lra]].
    unfold p, V. cbn. interval with (i_prec {bits}).
  - unfold q. distribution.
  - split; [unfold p, q; each_state; lra|unfold p, q; cbn; interval with (i_prec {bits})].
  - unfold q, V. cbn. lra.
Qed.
"""


def kernel_check(data: Mapping[str, Any]) -> str:
    """Return a Coq file that states what a certificate claims, and proves it.

    Polyhedral sets are checked by a program that is proved sound, relative entropy by interval arithmetic.

    Raises
    ------
    InputError
        The certificate is refused, or of a set or a kind for which there is no such proof yet.

    Examples
    --------
    >>> from drmg_check.sets import Row, TotalVariation
    >>> from drmg_oracles import certificate_to_json, enclose
    >>> coin = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> "TV false [(1#2);(1#2)]" in kernel_check(certificate_to_json(enclose(coin)))
    True
    """
    try:
        lo, hi = verify(data)
    except RefusedError as error:
        raise InputError(f"the certificate proves nothing: {error}") from error
    row, bound = data["row"], data["bound"]
    kind, V = row["uncertainty"]["kind"], [number(x) for x in row["values"]]
    p, q = _normalised(row["nominal"]), _normalised(data["distribution"])
    support = row["uncertainty"].get("support") == "nominal" or kind == "kl"
    floor = min(v for v, m in zip(V, p, strict=True) if m or not support)
    rho = number(row["radius"])
    if kind == "kl":
        if bound["kind"] != "dual" or rho == 0 or 0 in q:
            raise InputError(
                "a kl certificate by its minimum or mean, or with a state of mass 0; expected a dual one"
            )
        return _ENTROPY.format(
            n=len(p), p=_reals(p), V=_reals(V), q=_reals(q), rho=_real(rho), lo=_real(lo), hi=_real(hi),
            floor=_real(floor), at=_real(number(bound["at"])), bits=_BITS,
        )  # fmt: skip
    if kind == "wasserstein":
        order = row["uncertainty"]["order"]
        cost = [[number(x) ** order for x in line] for line in row["uncertainty"]["ground"]]
        plan = [[Fraction(0)] * len(p) for _ in p]
        for i, j, mass in data["plan"]:
            plan[i][j] += number(mass)
        ball, rho = f"(Wasserstein {_table(cost)} {_table(plan)})", rho**order
    elif kind in _SETS:
        ball = _SETS[kind]
    else:
        known = ", ".join([*_SETS, "wasserstein", "kl"])
        raise InputError(f"a certificate of kind={kind!r}; expected one of {known}")
    why = {"minimum": "Minimum", "mean": "Mean"}.get(bound["kind"])
    if why is None:
        why = f"(Dual {_rational(number(bound['at']) if kind != 'contamination' else Fraction(0))})"
    numbers = [_line(p), _line(V), _rational(rho), _rational(lo), _rational(hi), _line(q), _rational(floor)]
    within = "true" if support else "false"
    return _PROGRAM.format(term=" ".join(["Certificate", ball, within, *numbers, why]))


def _normalised(weights: Sequence[str]) -> list[Fraction]:
    numbers = [number(x) for x in weights]
    return [x / sum(numbers) for x in numbers]


def _digits(k: int) -> str:
    return hex(k) if abs(k) >= _LONG else str(k)


def _rational(x: Fraction) -> str:
    return f"({_digits(x.numerator)}#{_digits(x.denominator)})"


def _line(numbers: Sequence[Fraction]) -> str:
    return "[" + ";".join(map(_rational, numbers)) + "]"


def _table(rows: Sequence[Sequence[Fraction]]) -> str:
    return "[" + ";".join(map(_line, rows)) + "]"


def _real(x: Fraction) -> str:
    return f"({x.numerator} / {x.denominator})"


def _reals(numbers: Sequence[Fraction]) -> str:
    return "[" + "; ".join(map(_real, numbers)) + "]"
