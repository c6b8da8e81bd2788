r"""Verify a certificate of a state in an s-rectangular set: :mod:`drmg_oracles.checker` for states.

A certificate claims ``lo <= max_d min_q sum_k d_k sum_{a of k} c_a E_{q_a} z_a <= hi`` over the kernels q
with ``sum_a w_a D(q_a, p_a) <= kappa``. Two facts prove it:

* *primal*: rows ``q_a`` with ``D(q_a, p_a) <= xi_a`` and ``sum_a w_a xi_a <= kappa`` leave no choice k more
  than hi: the adversary holds the agent below it, however it randomises;
* *dual*: with probabilities d of the choices and a multiplier m >= 0, every admissible q has

      sum_a e_a E_{q_a} z_a >= sum_a inf_q { e_a E_q z_a + m w_a D(q, p_a) } - m kappa >= lo,  e_a = d_k c_a,

  so that the agent secures lo by d. With ``v`` the least admissible value of ``e_a z_a``, ``u = m w_a`` and a
  number x that the certificate gives, the infimum is at least

========  =====================================================  =============================================
set       bound, E over p_a, V = e_a z_a                         because
========  =====================================================  =============================================
l1, tv    E min(V, v + 2 u); for tv v + u                        mass above it pays more than it costs to stay
kl        v - u log E exp(-(V - v) / u)                          Gibbs
chi2      x - u E f((x - V) / u), f(y) = y + y^2/4, y >= -2,     Fenchel: t y - (t - 1)^2 <= f(y)
          and f(y) = -1 below
interval  x - E (x - V)_+ + E y, y <= (V - x)_+ on the largest   |q - p|_inf >= y . (q - p) / |y|_1 for the y
          p first, sum of y at most u - sum (x - V)_+            that lifts V to x from below, lowers it above
========  =====================================================  =============================================

For m = 0 every bound is v; without a budget the mean over p. It uses the standard library and the arithmetic
of :mod:`drmg_oracles.checker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context
from fractions import Fraction
from functools import partial
from typing import Any

from drmg_oracles.checker import (
    ONE,
    ZERO,
    Interval,
    ParsedRow,
    RefusedError,
    distribution,
    dot,
    exp,
    log,
    number,
    prove,
    room,
)

STATE_KINDS = frozenset({"tv", "l1", "kl", "chi2", "interval"})
_UNIT = {"tv": 1, "l1": 2}  # what moving a unit of mass costs


@dataclass(frozen=True, slots=True)
class Share:
    """One action: its row, what it weighs, and what a unit of discrepancy costs there."""

    kind: str
    p: tuple[Fraction, ...]
    z: tuple[Fraction, ...]
    usable: tuple[bool, ...]
    weight: Fraction
    share: Fraction
    choice: int


def verify_state(data: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """Return the interval ``(lo, hi)`` that a state's certificate, given as parsed JSON, proves.

    Raises
    ------
    RefusedError
        Not a certificate of version 1, or its claim does not follow from what it gives.
    """
    try:
        known = (data["format"], data["version"]) == ("drmg-state-certificate", 1)
        _require(known, "unknown format or version")
        state = data["state"]
        shares, budget = _read_shares(state), number(state["budget"])
        _require(budget >= 0, "the budget is negative")
        lo, hi = number(data["lo"]), number(data["hi"])
        _check_primal(shares, budget, data, hi)
        _check_dual(shares, budget, data, lo)
    except RefusedError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RefusedError(f"malformed certificate: {type(error).__name__}: {error}") from error
    return lo, hi


def _read_shares(state: Mapping[str, Any]) -> list[Share]:
    ball = state["uncertainty"]["ball"]
    kind, support = ball["kind"], ball.get("support", "all")
    _require(kind in STATE_KINDS and support in ("all", "nominal"), "unknown uncertainty set")
    confined = kind in ("kl", "chi2") or support == "nominal"
    rows, values = state["nominal"], state["values"]
    weights = state["uncertainty"].get("weights") or ["1"] * len(rows)
    choices, parts = state["choices"], [number(x) for x in state["shares"]]
    columns = (rows, values, weights, choices, parts)
    _require({len(column) for column in columns} == {len(rows)}, "lengths differ")
    _require(all(type(k) is int for k in choices), "a choice is no integer")
    _require(set(choices) == set(range(max(choices) + 1)), "choices are missing")
    shares = []
    for row, line, weight, k, part in zip(*columns, strict=True):
        p, z, w = distribution(row), [number(x) for x in line], number(weight)
        _require(len(p) == len(z) and w > 0 and part >= 0, "a row, a weight or a share is illegal")
        usable = tuple(m > 0 or not confined for m in p)
        shares.append(Share(kind, tuple(p), tuple(z), usable, w, part, k))
    return shares


def _check_primal(shares: Sequence[Share], budget: Fraction, data: Mapping[str, Any], hi: Fraction) -> None:
    spent = [number(x) for x in data["spent"]]
    rows = [distribution(row) for row in data["rows"]]
    _require(len(spent) == len(rows) == len(shares) and min(spent) >= 0, "rows or spending are missing")
    total = sum((share.weight * xi for share, xi in zip(shares, spent, strict=True)), ZERO)
    _require(total <= budget, "the rows spend more than the budget")
    worth: dict[int, Fraction] = {}
    for share, q, xi in zip(shares, rows, spent, strict=True):
        _require(len(q) == len(share.p), "a row has another length")
        _require(all(u or not x for x, u in zip(q, share.usable, strict=True)), "a row leaves the support")
        row = ParsedRow(
            share.kind, ZERO, list(share.p), [], xi, [ONE] * len(q), [], list(share.usable), [], ZERO
        )
        prove(partial(room, row, q), "a row keeps within what is spent on it")
        here = share.share * dot(q, share.z)
        worth[share.choice] = worth.get(share.choice, ZERO) + here
    _require(max(worth.values()) <= hi, "a choice is worth more than hi against these rows")


def _check_dual(shares: Sequence[Share], budget: Fraction, data: Mapping[str, Any], lo: Fraction) -> None:
    d, m = distribution(data["policy"]), number(data["multiplier"])
    n_choices = max(share.choice for share in shares) + 1
    _require(len(d) == n_choices and m >= 0, "policy or multiplier is illegal")
    at = [number(x) for x in data["at"]]
    _require(len(at) == len(shares), "a dual point is missing")
    prove(lambda context: lower_bound(shares, budget, d, m, at, context) + -lo, "the policy secures lo")


def lower_bound(
    shares: Sequence[Share],
    budget: Fraction,
    d: Sequence[Fraction],
    m: Fraction,
    at: Sequence[Fraction],
    context: Context,
) -> Interval:
    """Enclose what the probabilities d secure at the multiplier m, by the table of the module."""
    if budget == 0:  # the nominal rows are all that is left
        each = (d[share.choice] * share.share * dot(share.p, share.z) for share in shares)
        mean = sum(each, ZERO)
        return Interval(mean, mean)
    total = Interval(-m * budget, -m * budget)
    for share, x in zip(shares, at, strict=True):
        total += _row_bound(share, d[share.choice] * share.share, m * share.weight, x, context)
    return total


def _row_bound(share: Share, e: Fraction, u: Fraction, x: Fraction, context: Context) -> Interval:
    V = [e * z for z in share.z]
    v = min(value for value, usable in zip(V, share.usable, strict=True) if usable)
    if u == 0 or e == 0:
        return Interval(v, v)
    pairs = [(m, value) for m, value in zip(share.p, V, strict=True) if m]
    if share.kind in _UNIT:
        cap = v + _UNIT[share.kind] * u
        bound = sum((m * min(value, cap) for m, value in pairs), ZERO)
    elif share.kind == "chi2":
        slopes = ((m, (x - value) / u) for m, value in pairs)
        bound = x - u * sum((m * (y + y * y / 4 if y >= -2 else -ONE) for m, y in slopes), ZERO)
    elif share.kind == "interval":
        lifted = [max(x - value, ZERO) * usable for value, usable in zip(V, share.usable, strict=True)]
        left = u - sum(lifted, ZERO)
        _require(left >= 0, "lifting the values costs more than the multiplier allows")
        bound = x - sum((m * up for m, up in zip(share.p, lifted, strict=True)), ZERO)
        for m, value in sorted(pairs, reverse=True):
            lowered = min(max(value - x, ZERO), left)
            bound, left = bound + m * lowered, left - lowered
    else:
        mean = Interval(ZERO, ZERO)
        for m, value in pairs:
            mean += exp((v - value) / u, context) * m
        return log(mean, context) * -u + v
    return Interval(bound, bound)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise RefusedError(message)
