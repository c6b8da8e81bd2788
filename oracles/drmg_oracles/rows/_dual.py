r"""The textbook dual of each set, maximised in its own variable at any number of digits.

One concave function of one variable ``x``, with ``v = min V`` over the admissible states, ``W = V - v``:

    TV, L1          max_c   E min(V, c) - rho (c - v)                          L1: rho / 2
    contamination   (1 - rho) E V + rho v
    interval        max_eta eta + sum (p - rho)_+ (V - eta)_+ - min(1, p + rho) (eta - V)_+
    Wasserstein     max_lam sum_s p_s min_t (V_t + lam d(s, t)^k) - lam rho^k
    KL              max_lam v - lam log E exp(-W / lam) - lam rho
    chi-square      max_eta eta - sqrt(1 + rho) (E (eta - V)_+^2)^(1/2)
    Cressie-Read    max_eta eta - c (E (eta - V)_+^r)^(1/r)   for alpha > 1,
                    max_eta eta + c (E (V - eta)^r)^(1/r)     for alpha < 1, eta <= v,
                    r = alpha / (alpha - 1),  c = (1 + alpha (alpha - 1) rho)^(1/alpha)
    Hellinger       max_z   b^2 / E[1 / (V + z)] - z,  b = 1 - rho / 2         (z = -eta)
    reverse KL      max_eta eta + exp(-rho) exp(E log(V - eta))

The norm duals follow from Hoelder's inequality (reversed for alpha < 1) applied to ``E_q (V - eta)``,
without a conjugate: ``E_q(eta - V) <= |q/p|_alpha |(eta - V)_+|_r``, and the ball is ``|q/p|_alpha <= c``.
Maxima at an end of the range are found by the sign of the one-sided derivative there, which covers
saturation and, for alpha < 1 and p(argmin) = 0, the worst case that leaves mass outside the support.

Stopping rule: the derivative changes sign on a bracket ``[x1, x2]`` of x; concavity puts the maximum below
``g(x1) + g'(x1) (x2 - x1)`` and below ``g(x2) - g'(x2) (x2 - x1)``, and the search stops when one of the two
exceeds its ``g`` by at most ``10^-digits`` of the span. Sources: Iyengar (2005); Nilim and El Ghaoui
(2005); Duchi and Namkoong (2021); Gao and Kleywegt (2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from typing import Any, TypeAlias

import mpmath

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
    Wasserstein,
    leaves_support,
)
from drmg_check.vocabulary import InputError, NumericalError

_MAX_STEPS = 20_000
_Real: TypeAlias = Any  # mpmath.mpf, which has no type information
_Curve: TypeAlias = Callable[[_Real], tuple[_Real, _Real]]  # x -> value and derivative of a concave function


@dataclass(frozen=True, slots=True)
class DualSolution:
    """The maximum of a dual, with the bound on its own error.

    Parameters
    ----------
    value : Fraction
        The dual's value at the maximiser (a binary number of the working precision).
    error : Fraction
        The maximum is at most ``value + error`` by concavity, up to rounding at ``digits`` + 10 or more
        decimal digits; 0 where the maximum is at a breakpoint or an end of the range.
    variable : str
        ``"c"``, ``"eta"``, ``"lambda"``, or ``"none"`` where there is a closed form.
    maximiser : Fraction or None
    digits : int
        Decimal digits asked for.
    """

    value: Fraction
    error: Fraction
    variable: str
    maximiser: Fraction | None
    digits: int

    def __str__(self) -> str:
        with mpmath.workdps(self.digits):
            return str(mpmath.mpf(self.value.numerator) / self.value.denominator)


def dual(row: Row, digits: int = 50) -> DualSolution:
    """Maximise the dual of ``row`` to ``digits`` decimal digits of the span of V.

    Parameters
    ----------
    row : Row
        _Real set.
    digits : int
        Between 1 and 1000. The working precision adds what the smallest probability, radius and
        difference of values of the row take up.

    Raises
    ------
    InputError
        Illegal ``digits``.
    NumericalError
        The bracket did not close; no number is returned in its place.
    """
    if isinstance(digits, bool) or not 1 <= digits <= 1000:
        raise InputError(f"digits={digits!r}; expected 1 <= digits <= 1000")
    p, V = row.probabilities, row.values
    anywhere = leaves_support(row.uncertainty)
    allowed = [s for s in range(len(p)) if anywhere or p[s]]
    floor = min(V[s] for s in allowed)
    mean = sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0))
    if row.radius == 0 or mean == floor:
        return DualSolution(mean, Fraction(0), "none", None, digits)
    match row.uncertainty:
        case Contamination():
            value = (1 - row.radius) * mean + row.radius * floor
            return DualSolution(value, Fraction(0), "none", None, digits)
        case TotalVariation() | L1():
            return _best_breakpoint(row, allowed, _capped_mean, "c", digits)
        case Interval():
            return _best_breakpoint(row, allowed, _knapsack, "eta", digits)
        case Wasserstein():
            return _transport(row, digits)
        case _:
            return _smooth(row, floor, digits)


def _best_breakpoint(
    row: Row,
    allowed: list[int],
    bound: Callable[[Row, list[int], Fraction], Fraction],
    variable: str,
    digits: int,
) -> DualSolution:
    """Maximise a concave function that is linear between the values of V: one of them is a maximiser."""
    value, at = max((bound(row, allowed, x), x) for x in {row.values[s] for s in allowed})
    return DualSolution(value, Fraction(0), variable, at, digits)


def _capped_mean(row: Row, allowed: list[int], c: Fraction) -> Fraction:
    rho = row.radius / 2 if isinstance(row.uncertainty, L1) else row.radius
    capped = sum((x * min(v, c) for x, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return capped - rho * (c - min(row.values[s] for s in allowed))


def _knapsack(row: Row, allowed: list[int], eta: Fraction) -> Fraction:
    p, V, rho = row.probabilities, row.values, row.radius
    least = sum((max(p[s] - rho, Fraction(0)) * max(V[s] - eta, Fraction(0)) for s in allowed), Fraction(0))
    most = sum((min(p[s] + rho, Fraction(1)) * max(eta - V[s], Fraction(0)) for s in allowed), Fraction(0))
    return eta + least - most


def _transport(row: Row, digits: int) -> DualSolution:
    """Climb the concave piecewise linear dual by intersecting the tangents at both ends of a bracket."""
    assert isinstance(row.uncertainty, Wasserstein)
    d, k = row.uncertainty.ground, row.uncertainty.order
    p, V, budget = row.probabilities, row.values, row.radius**row.uncertainty.order

    def tangents(lam: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Return the value and the slopes to the left and to the right of ``lam``."""
        value, left, right = -lam * budget, -budget, -budget
        for s, mass in enumerate(p):
            if mass:
                best, costs = _cheapest([(V[t] + lam * d[s][t] ** k, d[s][t] ** k) for t in range(len(V))])
                value, left, right = value + mass * best, left + mass * max(costs), right + mass * min(costs)
        return value, left, right

    value, _, slope = tangents(Fraction(0))
    if slope <= 0:
        return DualSolution(value, Fraction(0), "lambda", Fraction(0), digits)
    low = (value, slope)  # intercept and slope of the tangent on the left
    high = (sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0)), -budget)
    while True:
        lam = (high[0] - low[0]) / (low[1] - high[1])
        value, left, right = tangents(lam)
        if value == low[0] + low[1] * lam or right <= 0 <= left:
            return DualSolution(value, Fraction(0), "lambda", lam, digits)
        if right > 0:
            low = (value - right * lam, right)
        else:
            high = (value - left * lam, left)


def _cheapest(options: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, list[Fraction]]:
    best = min(price for price, _ in options)
    return best, [cost for price, cost in options if price == best]


def _smooth(row: Row, floor: Fraction, digits: int) -> DualSolution:
    """Scale W to [0, 1] exactly, then climb the curve of the set."""
    pairs = [(x, v - floor) for x, v in zip(row.probabilities, row.values, strict=True) if x]
    span = max(w for _, w in pairs)
    pairs = [(x, w / span) for x, w in pairs]
    small = [row.radius, *(x for x, _ in pairs), *(w for _, w in pairs if w)]
    lost = sum(max(0.0, log10(x.denominator) - log10(x.numerator)) for x in (small[0], min(small[1:])))
    with mpmath.workdps(digits + 30 + 2 * int(lost)):
        curve, slope_at_zero, at_zero = _curve(row, [(_mpf(x), _mpf(w)) for x, w in pairs])
        if slope_at_zero <= 0:
            value, error, at = at_zero, mpmath.mpf(0), mpmath.mpf(0)
        else:
            value, error, at = _climb(curve, slope_at_zero, at_zero, mpmath.mpf(10) ** -digits)
        x = span * _fraction(at)
        variable, maximiser = "eta", floor - x
        if isinstance(row.uncertainty, KullbackLeibler):
            variable, maximiser = "lambda", x
        elif isinstance(row.uncertainty, ChiSquare) or getattr(row.uncertainty, "alpha", 0) > 1:
            maximiser = floor + x
        return DualSolution(
            floor + span * _fraction(value), span * _fraction(error), variable, maximiser, digits
        )


def _curve(row: Row, pairs: list[tuple[_Real, _Real]]) -> tuple[_Curve, _Real, _Real]:
    """Return the dual as a concave function of ``x >= 0``, and its slope and value at 0.

    In units of the span, x is lambda (KL), ``eta - v`` (chi-square and alpha > 1) or ``v - eta`` (else);
    values are heights above v.
    """
    rho = _mpf(row.radius)
    lowest = mpmath.fsum(p for p, w in pairs if w == 0)
    match row.uncertainty:
        case KullbackLeibler():

            def kl(x: _Real) -> tuple[_Real, _Real]:
                tilted = [p * mpmath.exp(-w / x) for p, w in pairs]
                total = mpmath.fsum(tilted)
                inner = mpmath.fsum(e * w for e, (_, w) in zip(tilted, pairs, strict=True)) / total
                log = mpmath.log(total)
                return -x * (log + rho), -log - inner / x - rho

            return kl, (-mpmath.log(lowest) - rho if lowest else mpmath.inf), mpmath.mpf(0)
        case ReverseKL():

            def burg(x: _Real) -> tuple[_Real, _Real]:
                geometric = mpmath.exp(mpmath.fsum(p * mpmath.log(w + x) for p, w in pairs) - rho)
                return geometric - x, geometric * mpmath.fsum(p / (w + x) for p, w in pairs) - 1

            return (burg, mpmath.inf, mpmath.mpf(0)) if lowest else (burg, *reversed(burg(mpmath.mpf(0))))
        case Hellinger():
            factor = (1 - rho / 2) ** 2

            def harmonic(x: _Real) -> tuple[_Real, _Real]:
                inverse = mpmath.fsum(p / (w + x) for p, w in pairs)
                square = mpmath.fsum(p / (w + x) ** 2 for p, w in pairs)
                return factor / inverse - x, factor * square / inverse**2 - 1

            if lowest:
                return harmonic, factor / lowest - 1, mpmath.mpf(0)
            return harmonic, *reversed(harmonic(mpmath.mpf(0)))
        case ChiSquare():
            return _norm_curve(pairs, lowest, mpmath.mpf(2), mpmath.sqrt(1 + rho))
        case CressieRead(alpha=a):
            power = 1 + a * (a - 1) * row.radius
            if power <= 0:  # the ball is the whole simplex
                return (lambda x: (-x, mpmath.mpf(-1))), mpmath.mpf(-1), mpmath.mpf(0)
            return _norm_curve(pairs, lowest, _mpf(a), _mpf(power) ** _mpf(1 / a))
        case other:
            raise InputError(f"uncertainty={other!r} has no smooth dual")


def _norm_curve(
    pairs: list[tuple[_Real, _Real]], lowest: _Real, alpha: _Real, c: _Real
) -> tuple[_Curve, _Real, _Real]:
    """Return the Cressie-Read dual: ``x - c |(x - W)_+|_r`` or ``c (E (W + x)^r)^(1/r) - x``."""
    r = alpha / (alpha - 1)
    sign = 1 if alpha > 1 else -1

    def norm(x: _Real) -> tuple[_Real, _Real]:
        tops = [(p, x - sign * w) for p, w in pairs]
        inner = mpmath.fsum(p * t**r for p, t in tops if t > 0)
        slope = mpmath.fsum(p * t ** (r - 1) for p, t in tops if t > 0)
        return sign * (x - c * inner ** (1 / r)), sign * (1 - c * inner ** (1 / r - 1) * slope)

    if not lowest:  # only for alpha < 1
        return norm, *reversed(norm(mpmath.mpf(0)))
    if alpha < 0:
        return norm, mpmath.inf, mpmath.mpf(0)
    return norm, sign * (1 - c * lowest ** (1 / r)), mpmath.mpf(0)


def _climb(
    curve: _Curve, slope_at_zero: _Real, at_zero: _Real, tolerance: _Real
) -> tuple[_Real, _Real, _Real]:
    """Return value, error bound and place of the maximum of a concave curve that rises at 0."""
    low, (low_value, low_slope) = mpmath.mpf(0), (at_zero, slope_at_zero)
    high, jump = mpmath.mpf(1), 1
    high_value, high_slope = curve(high)
    while high_slope > 0:
        low, low_value, low_slope = high, high_value, high_slope
        high, jump = mpmath.ldexp(high, jump), 2 * jump
        high_value, high_slope = curve(high)
    jump, kept = 1, 0  # kept counts the steps that one end has survived: Illinois halves its weight
    for _ in range(_MAX_STEPS):
        error_low = low_slope * (high - low)
        error_high = -high_slope * (high - low)
        if error_low <= tolerance:
            return low_value, error_low, low
        if error_high <= tolerance:
            return high_value, error_high, high
        if low == 0:
            x, jump = mpmath.ldexp(high, -jump), 2 * jump
        elif high > 2 * low:
            x = mpmath.sqrt(low * high)
        else:
            weight_low = low_slope / 2 ** max(kept - 1, 0)
            weight_high = -high_slope / 2 ** max(-kept - 1, 0)
            x = (low * weight_high + high * weight_low) / (weight_low + weight_high)
        value, slope = curve(x)
        if slope > 0:
            low, low_value, low_slope = x, value, slope
            kept = min(kept, 0) - 1
        else:
            high, high_value, high_slope = x, value, slope
            kept = max(kept, 0) + 1
    raise NumericalError(f"the dual's bracket [{low}, {high}] did not close in {_MAX_STEPS} steps")


def _mpf(x: Fraction) -> _Real:
    return mpmath.mpf(x.numerator) / x.denominator


def _fraction(x: _Real) -> Fraction:
    return Fraction(*mpmath.libmp.to_rational(x._mpf_))
