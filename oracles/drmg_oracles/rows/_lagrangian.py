r"""Proofs from approximate points: any distribution bounds the worst case above, any multiplier below.

With ``sigma = inf { E_q V : D(q, p) <= rho }`` and ``D`` convex, ``D(p, p) = 0``:

* **above.** ``D((1 - t) p + t q, p) <= t D(q, p)``, so mixing q with p at ``t = min(1, rho / D(q, p))``
  gives a distribution in the ball, whatever q was.
* **below.** Lemma 1 of the MORNAVI paper: for every multiplier ``lam > 0`` of the ball and every ``eta``
  with ``eta - V_s <= lam lim f(t)/t`` at each admissible state,
  ``eta - lam sum_s p_s f*((eta - V_s) / lam) - lam rho <= sigma``,
  because ``E_q V >= E_q V + lam (D(q, p) - rho)`` on the ball and ``t y - f(t) <= f*(y)``.

The conjugates, from ``f*(y) = sup_{t >= 0} t y - f(t)``, and their derivatives ``t(y)``:

    KL              f = t log t               e^(y-1)                              e^(y-1)
    reverse KL      f = -log t                -1 - log(-y),  y < 0                 -1/y
    chi-square      f = (t-1)^2               y + y^2/4 if y > -2, else -1         (1 + y/2)_+
    Hellinger       f = (sqrt t - 1)^2        y/(1-y),  y < 1                      (1-y)^-2
    Cressie-Read a  (in its docstring)        ((1+(a-1)y)_+^(a/(a-1)) - 1)/a       (1+(a-1)y)_+^(1/(a-1))

Transcendental functions are evaluated in ball arithmetic and rounded to the safe side; the rest is
rational. Source: Ben-Tal et al. (2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
from flint import arb, ctx, fmpq

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    leaves_support,
)
from drmg_check.vocabulary import FloatArray, UnsupportedError, normalise

PRECISION = 256  # bits of the balls; the points to be proved come from float64
_BISECTIONS = 200


def admissible_states(row: Row) -> list[int]:
    """Return the states on which the adversary may put mass."""
    anywhere = leaves_support(row.uncertainty)
    return [s for s, weight in enumerate(row.nominal) if weight or anywhere]


def pull_into_ball(row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return a distribution that provably lies in the ball: q mixed with as little of p as the proof needs.

    Parameters
    ----------
    row : Row
        Any set but Wasserstein, whose discrepancy is itself a linear program.
    q : distribution over the states, exactly normalised, zero where the adversary may not go
    """
    p, rho = row.probabilities, row.radius
    if isinstance(
        row.uncertainty, Contamination
    ):  # keep what q puts above (1 - rho) p, whatever it puts below
        rest = normalise([max(y - (1 - rho) * x, Fraction(0)) for x, y in zip(p, q, strict=True)])
        return _mix(p, rest, rho)
    distance = discrepancy_above(row, q)
    if distance is None:  # infinite: a state was emptied that the set does not let go
        q = _mix(p, q, 1 - Fraction(1, 2**40))
        distance = discrepancy_above(row, q)
    if distance is None:
        return p
    return tuple(q) if distance <= rho else _mix(p, q, rho / distance)


def discrepancy_above(row: Row, q: Sequence[Fraction]) -> Fraction | None:
    """Return an upper bound on ``D(q, p)`` computed from its definition, or None where it is infinite.

    Exact for TV, L1, chi-square and interval.
    """
    p = row.probabilities
    pairs = [(x, y) for x, y in zip(p, q, strict=True) if x]
    outside = sum((y for x, y in zip(p, q, strict=True) if not x), Fraction(0))
    match row.uncertainty:
        case TotalVariation():
            return sum((abs(y - x) for x, y in pairs), outside) / 2
        case L1():
            return sum((abs(y - x) for x, y in pairs), outside)
        case Interval():
            return max(abs(y - x) for x, y in zip(p, q, strict=True))
        case ChiSquare():
            return sum(((y - x) ** 2 / x for x, y in pairs), Fraction(0))
    holds_all = isinstance(row.uncertainty, ReverseKL) or getattr(row.uncertainty, "alpha", 1) < 0
    if holds_all and any(y == 0 for _, y in pairs):
        return None
    with _precision():
        return _upper(_smooth_discrepancy(row.uncertainty, pairs))


def _smooth_discrepancy(uncertainty: UncertaintySet, pairs: list[tuple[Fraction, Fraction]]) -> arb:
    match uncertainty:
        case KullbackLeibler():
            return sum((_ball(y) * _ball(y / x).log() for x, y in pairs if y), arb(0))
        case ReverseKL():
            return sum((_ball(x) * _ball(x / y).log() for x, y in pairs), arb(0))
        case Hellinger():
            return 2 - 2 * sum((_ball(x * y).sqrt() for x, y in pairs), arb(0))
        case CressieRead(alpha=a):
            power = sum((_ball(x) * _power(y / x, a) for x, y in pairs), arb(0))
            return (power - 1) / _ball(a * (a - 1))
        case other:
            raise UnsupportedError(f"uncertainty={other!r} has no divergence here")


def lagrangian_bound(row: Row, multiplier: Fraction, eta: Fraction | None = None) -> Fraction:
    """Return a proven lower bound on the worst case from approximate dual variables.

    Parameters
    ----------
    row : Row
        Any set.
    multiplier : Fraction
        Of the ball: value per radius, for Wasserstein per budget ``rho^p``.
    eta : Fraction, optional
        Multiplier of ``sum q = 1``, which the interval set needs; elsewhere it is optimised in floating
        point (any eta proves, so that rounding it costs accuracy only).

    Returns
    -------
    Fraction
        The smallest admissible value where the variables prove nothing better.
    """
    states = admissible_states(row)
    V, p = row.values, row.probabilities
    floor = min(V[s] for s in states)
    mean = sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0))
    match row.uncertainty:
        case _ if row.radius == 0:
            return mean
        case Contamination():
            return (1 - row.radius) * mean + row.radius * floor
        case Interval():
            found = _interval_bound(row, states, floor if eta is None else eta)
        case _ if multiplier <= 0:
            return floor
        case TotalVariation() | L1():
            scale = multiplier if isinstance(row.uncertainty, TotalVariation) else 2 * multiplier
            cap = floor + scale  # eta + lam / 2: f* = max(y, -1/2) up to y = 1/2
            capped = sum((x * min(v, cap) for x, v in zip(p, V, strict=True)), Fraction(0))
            found = capped - multiplier * row.radius
        case Wasserstein(ground=d, order=k):
            found = -multiplier * row.radius**k
            for s, mass in enumerate(p):
                if mass:
                    found += mass * min(v + multiplier * d[s][t] ** k for t, v in enumerate(V))
        case _:
            found = _smooth_bound(row, states, multiplier)
    return max(found, floor)


def _interval_bound(row: Row, states: list[int], eta: Fraction) -> Fraction:
    """``E_q V = eta + sum q (V - eta)``, and ``(p - rho)_+ <= q <= min(1, p + rho)``."""
    p, V, rho = row.probabilities, row.values, row.radius
    found = eta
    for s in states:
        extreme = max(p[s] - rho, Fraction(0)) if V[s] > eta else min(p[s] + rho, Fraction(1))
        found += extreme * (V[s] - eta)
    return found


def _smooth_bound(row: Row, states: list[int], multiplier: Fraction) -> Fraction:
    V, p = row.values, row.probabilities
    floor = min(V[s] for s in states)
    if multiplier * 10**300 < max(V[s] for s in states) - floor:  # would overflow below
        return floor
    weights = np.array([float(p[s]) for s in states])
    heights = np.array([float((V[s] - floor) / multiplier) for s in states])
    y = Fraction(_best_shift(row.uncertainty, weights, heights))
    with _precision():
        total = arb(0)
        for s in states:
            conjugate = _conjugate(row.uncertainty, y - (V[s] - floor) / multiplier, p[s] > 0)
            if conjugate is None:
                return floor
            total += _ball(p[s]) * conjugate
        return floor + multiplier * (y - row.radius - _upper(total))


def _best_shift(uncertainty: UncertaintySet, p: FloatArray, heights: FloatArray) -> float:
    """Return ``y = (eta - floor) / lam`` with ``E_p t(y - heights) = 1``, or the largest admissible y."""
    inside = p > 0
    slope_at_one, steepest = _slopes(uncertainty)
    low = slope_at_one + float(heights.min())
    high = slope_at_one + float(heights[inside].max())
    if np.isfinite(steepest):  # eta - V <= lam lim f(t)/t, strictly on the support
        margin = 2.0**-50 * (1.0 + abs(steepest))
        high = min(high, steepest + float(heights.min()), steepest + float(heights[inside].min()) - margin)
    with np.errstate(all="ignore"):
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            mass = float(np.sum(p[inside] * _tilt(uncertainty, middle - heights[inside])))
            low, high = (middle, high) if mass < 1.0 else (low, middle)
    return low


def _slopes(uncertainty: UncertaintySet) -> tuple[float, float]:
    """Return ``f'(1)`` and ``lim f(t)/t``."""
    match uncertainty:
        case KullbackLeibler():
            return 1.0, np.inf
        case ReverseKL():
            return -1.0, 0.0
        case Hellinger():
            return 0.0, 1.0
        case CressieRead(alpha=a) if a < 1:
            return 0.0, float(1 / (1 - a))
        case _:
            return 0.0, np.inf


def _tilt(uncertainty: UncertaintySet, y: FloatArray) -> FloatArray:
    """Return ``t(y) = f*'(y)``, the density that the adversary answers with."""
    match uncertainty:
        case KullbackLeibler():
            return np.exp(y - 1.0)
        case ReverseKL():
            return -1.0 / y
        case ChiSquare():
            return np.maximum(1.0 + 0.5 * y, 0.0)
        case Hellinger():
            return (1.0 - y) ** -2
        case CressieRead(alpha=a):
            return np.maximum(1.0 + float(a - 1) * y, 0.0) ** float(1 / (a - 1))
        case other:
            raise UnsupportedError(f"uncertainty={other!r} is not smooth")


def _conjugate(uncertainty: UncertaintySet, y: Fraction, inside: bool) -> arb | None:
    """Return ``f*(y)``, or None where it is infinite; outside the support only finiteness counts."""
    match uncertainty:
        case KullbackLeibler():
            return _ball(y - 1).exp()
        case ReverseKL():
            if inside:
                return -1 - _ball(-y).log() if y < 0 else None
            return arb(0) if y <= 0 else None
        case ChiSquare():
            return _ball(y + y * y / 4 if y > -2 else Fraction(-1))
        case Hellinger():
            if inside:
                return _ball(y / (1 - y)) if y < 1 else None
            return arb(0) if y <= 1 else None
        case CressieRead(alpha=a):
            base = 1 + (a - 1) * y
            if a > 1:
                return (_power(max(base, Fraction(0)), a / (a - 1)) - 1) / _ball(a)
            if base < 0 or (base == 0 and inside and a > 0):
                return None
            return (_power(base, a / (a - 1)) - 1) / _ball(a) if inside else arb(0)
        case other:
            raise UnsupportedError(f"uncertainty={other!r} has no conjugate here")


def _mix(p: Sequence[Fraction], q: Sequence[Fraction], t: Fraction) -> tuple[Fraction, ...]:
    return tuple(x + t * (y - x) for x, y in zip(p, q, strict=True))


def _ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _power(x: Fraction, exponent: Fraction) -> arb:
    return _ball(x) ** _ball(exponent) if x else arb(0)


def _upper(x: arb) -> Fraction:
    mantissa, exponent = x.upper().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@contextmanager
def _precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = PRECISION
    try:
        yield
    finally:
        ctx.prec = before
