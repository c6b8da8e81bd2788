r"""Acceptance by backward error: a float is right when rounding explains its distance from the truth.

**Theorem** (componentwise conditioning). Relative perturbations of at most eps of every p_i, of every
``W_i = V_i - min V`` and of rho change ``sigma`` by at most ``(2 + 1 + 1) eps span(V) + O(eps^2)``.

* p: by the envelope theorem ``d sigma / d p = G(V) - E_p G(V)``, where the dual integrand G has slope
  ``q/p`` in V, so ``E_p |G - E_p G| <= E_p max(q_i/p_i, q_j/p_j) |V_i - V_j| <= 2 span``. For the interval
  ball ``|d sigma / d p_i| <= |V_i - eta|`` and ``E_p |V - eta| <= span``.
* W: ``d sigma / d W = q``, and ``E_q W <= span``.
* rho: as the value of a convex program sigma is convex in its right-hand side, and it is E_p V at 0, so
  ``rho |d sigma / d rho| <= E_p V - sigma <= span``. (For Wasserstein-k this holds for the budget rho^k, and
  rho counts k times.)

**Forward test.** ``lo - T <= v <= hi + T`` with ``T = k (u (span + |v|) + 2^-1074)``, ``u = 2^-53`` and
``k = 32 + 2 S``: two naive sums over S states (row sum and expectation) lose at most ``S u`` of
``max |V| <= span + |v|`` each; 32 pays for inputs rounded to a few ulp, elementary functions and the final
rounding, each at most 4 times by the theorem; 2^-1074 is what gradual underflow rounds to.

**Backward test**, where the forward test fails by no more than the theorem allows: the extreme values of
sigma over the box ``p (1 +- k u), V (1 +- k u), rho (1 +- k u)`` are sought at two corners chosen by the
sign of the gradient. The box is connected, so every value between the two is right for some input in it,
and up to ``k u span`` beyond is accepted. That is sound whatever corners were chosen.

Perturbing p absolutely is another matter: there sigma may jump by a large part of the span
(:func:`zero_pattern_sensitive`), and an implementation that clips, adds to, flushes or rounds p to single
precision solves another problem. ``span`` is that of all of V: a sweep may shift V once for all rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets import Row
from drmg_check.vocabulary import InputError, exact
from drmg_check.words import Direction, Grade
from drmg_oracles.rows._certificate import Enclosure
from drmg_oracles.rows._enclosure import enclose

# The unit roundoff of float64, and its smallest positive number.
UNIT = Fraction(1, 2**53)
UNDERFLOW = Fraction(1, 2**1074)
# Shares of the span that the grades name.
ENGINEERING = Fraction(1, 10**9)
WEAK = Fraction(1, 10**6)
ZERO_PATTERN = Fraction(1, 10**8)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The judgement of one value.

    Parameters
    ----------
    accepted : bool
        The value is right for the row up to rounding; the same as grade ``"exact"``.
    grade : {"exact", "engineering", "weak", "wrong"}
        Beyond ``"exact"``: off by at most 1e-9 or 1e-6 of the span over the rounding allowed, or by more.
    k_min : float
        The smallest k with which the forward test would accept; infinite when no k helps.
    direction : str or None
        ``"too optimistic"`` above the truth, ``"too pessimistic"`` below it, None inside the enclosure.
    flags : tuple of str
        Of rejected values: ``"zero-pattern"``, the answer hinges on which probabilities are exactly 0;
        ``"normalisation"``, the weights do not sum to exactly 1, so that their normalisation is meant.
    reason : str
        A sentence.
    enclosure : Enclosure
        What the value was compared with.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler
    >>> verdict = agrees(0.5, Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> verdict.grade, verdict.direction
    ('wrong', 'too optimistic')
    """

    accepted: bool
    grade: Grade
    k_min: float
    direction: Direction | None
    flags: tuple[str, ...]
    reason: str
    enclosure: Enclosure


def agrees(value: object, row: Row, enclosure: Enclosure | None = None) -> Agreement:
    """Judge a computed worst-case expectation by backward error.

    Parameters
    ----------
    value : float
        What an implementation returned. NaN, infinities and what is no number are wrong, not errors.
    row : Row
    enclosure : Enclosure, optional
        Of this row, if it is known already.

    Raises
    ------
    InputError
        The enclosure is of another row.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/3", "2/3"], [0, 1], "1/6")
    >>> agrees(0.5, row).accepted, agrees(0.5 + 1e-8, row).grade
    (True, 'weak')
    """
    truth = enclose(row) if enclosure is None else enclosure
    if truth.row != row:
        raise InputError("the enclosure belongs to another row; expected enclose(row)")
    try:
        v = exact(value, "value")
    except InputError as garbage:
        return Agreement(False, "wrong", math.inf, None, (), str(garbage), truth)
    k = rounding_allowance(row)
    unit = UNIT * (row.span + abs(v)) + UNDERFLOW
    off = max(truth.lo - v, v - truth.hi, Fraction(0))
    k_min = _rounded(off / unit)
    direction: Direction | None = None
    if off:
        direction = "too optimistic" if v > truth.hi else "too pessimistic"
    if off <= k * unit:
        reason = f"right up to rounding: needs k = {k_min:.2g}, k = {k} is allowed"
        return Agreement(True, "exact", k_min, direction, (), reason, truth)
    # 4 k u span by the theorem and k u max|V| for moving V, besides the k u span around the box
    if off <= 6 * k * unit and _right_nearby(v, row, truth, k):
        reason = f"right for an input within {k} ulp of the given one (forward it needs k = {k_min:.2g})"
        return Agreement(True, "exact", k_min, direction, (), reason, truth)
    beyond = off - k * unit
    grade: Grade = "wrong"
    if beyond <= WEAK * row.span:
        grade = "engineering" if beyond <= ENGINEERING * row.span else "weak"
    reason = f"{direction} by {_size(v, off, row)}: rounding explains k = {k}, this needs k = {k_min:.2g}"
    return Agreement(False, grade, k_min, direction, _flags(row), reason, truth)


def rounding_allowance(row: Row) -> int:
    """Return ``k = 32 + 2 S``.

    >>> from drmg_check.sets import TotalVariation
    >>> rounding_allowance(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], 0))
    36
    """
    return 32 + 2 * len(row.nominal)


def agrees_backward(value: float, row: Row, enclosure: Enclosure | None = None) -> bool:
    """Whether the value is right, up to ``k u span``, for an input within k ulp of the given one.

    The full backward test alone, at the cost of two more enclosures. It is at times stricter than the
    forward test of :func:`agrees` (no ``|v|`` on the outside).

    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/3", "2/3"], [0, 1], "1/6")
    >>> agrees_backward(0.5, row), agrees_backward(0.5 + 1e-8, row)
    (True, False)
    """
    truth = enclose(row) if enclosure is None else enclosure
    return math.isfinite(value) and _right_nearby(exact(value), row, truth, rounding_allowance(row))


def zero_pattern_sensitive(row: Row) -> bool:
    """Whether moving each probability by at most ``4 u`` absolutely moves the value by over 1e-8 of the span.

    Such a row is meaningful only for implementations that keep zeros and tiny probabilities exactly.

    >>> from drmg_check.sets import KullbackLeibler
    >>> zero_pattern_sensitive(Row.of(KullbackLeibler(), [1, 1], [0, 1], "1/4"))
    False
    >>> zero_pattern_sensitive(Row.of(KullbackLeibler(), ["1e-30", 1], [0, 1], 60))
    True
    """
    truth = enclose(row).hi
    low, high = (_absolute_corner(row, truth, sign) for sign in (-1, 1))
    return enclose(high).hi - enclose(low).lo > ZERO_PATTERN * row.span


def _right_nearby(v: Fraction, row: Row, truth: Enclosure, k: int) -> bool:
    margin = k * (UNIT * row.span + UNDERFLOW)
    if v > truth.hi:
        return v <= enclose(_relative_corner(row, truth.hi, k, 1)).hi + margin
    return v >= enclose(_relative_corner(row, truth.lo, k, -1)).lo - margin


def _relative_corner(row: Row, threshold: Fraction, k: int, sign: int) -> Row:
    """Move every input by k ulp so that sigma rises (sign 1) or falls (sign -1).

    sigma increases in p_i iff ``G(V_i) > E_p G``; where V_i exceeds sigma is close enough to that.
    """
    eps = k * UNIT * sign
    top = row.uncertainty.max_radius
    radius = row.radius * (1 - eps)
    return Row(
        row.uncertainty,
        tuple(
            x * (1 + eps) if v > threshold else x * (1 - eps)
            for x, v in zip(row.nominal, row.values, strict=True)
        ),
        tuple(v + eps * abs(v) for v in row.values),
        radius if top is None else min(radius, top),
    )


def _absolute_corner(row: Row, threshold: Fraction, sign: int) -> Row:
    shift = 4 * UNIT * sign
    moved = tuple(
        max(x + shift if v > threshold else x - shift, Fraction(0))
        for x, v in zip(row.probabilities, row.values, strict=True)
    )
    return Row(row.uncertainty, moved, row.values, row.radius)


def _flags(row: Row) -> tuple[str, ...]:
    flags = []
    if zero_pattern_sensitive(row):
        flags.append("zero-pattern")
    if sum(row.nominal) != 1:
        flags.append("normalisation")
    return tuple(flags)


def _size(v: Fraction, off: Fraction, row: Row) -> str:
    size = f"{_rounded(off):.2g} although V is constant"
    if row.span:
        size = f"{_rounded(off / row.span):.2g} of the span of V"
    if not min(row.values) <= v <= max(row.values):
        return f"{size}, outside the range of V"
    mean = sum((x * y for x, y in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return f"{size}, above the nominal mean" if v > mean else size


def _rounded(x: Fraction) -> float:
    try:
        return float(x)
    except OverflowError:
        return math.inf
