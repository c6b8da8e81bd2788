r"""The textbook dual of each set, maximised in its own variable at any number of digits.

One concave function of one variable ``x``, with ``v = min V`` over the admissible states, ``W = V - v``:

    TV, L1          max_c   E min(V, c) - rho (c - v)                          L1: rho / 2
    contamination   (1 - rho) E V + rho v
    interval        max_eta eta + sum (p - rho)_+ (V - eta)_+ - min(1, p + rho) (eta - V)_+
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
    Operation,
    ReverseKL,
    Row,
    SmoothDivergence,
    TotalVariation,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import InputError, NumericalError

_MAX_STEPS = 20_000  # a safeguard: adversarial rows of five states took 74, for a thousand digits
Real: TypeAlias = Any  # mpmath.mpf, which has no type information
_Climbed: TypeAlias = Callable[[Real], tuple[Real, Real]]  # x -> value and derivative
_Pairs: TypeAlias = list[tuple[Real, Real]]  # (p, W) on the nominal support


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

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> solution = dual(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> solution.value, solution.error, solution.variable, solution.maximiser
    (Fraction(1, 4), Fraction(0, 1), 'c', Fraction(1, 1))
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
        Any set.
    digits : int
        Between 1 and 1000. The working precision adds what the smallest probability, radius and
        difference of values of the row take up.

    Raises
    ------
    InputError
        Illegal ``digits``.
    UnsupportedError
        The set has no dual here.
    NumericalError
        The bracket did not close; no number is returned in its place.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler
    >>> print(dual(Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], "1/4"), digits=30))
    0.162106922149817696912972941766
    """
    if isinstance(digits, bool) or not 1 <= digits <= 1000:
        raise InputError(f"digits={digits!r}; expected 1 <= digits <= 1000")
    p, V = row.probabilities, row.values
    floor = min(V[s] for s in allowed_states(row))
    mean = sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0))
    if row.radius == 0 or mean == floor:
        return DualSolution(mean, Fraction(0), "none", None, digits)
    return maximum(row.uncertainty, row, digits)


maximum: Operation[[Row, int], DualSolution] = operation(
    "dual", __name__, "the maximum of the textbook dual to any number of digits"
)


def allowed_states(row: Row) -> list[int]:
    """Return the states on which the adversary may put mass."""
    anywhere = leaves_support(row.uncertainty)
    return [s for s, mass in enumerate(row.nominal) if anywhere or mass]


def best_breakpoint(
    row: Row, bound: Callable[[Fraction], Fraction], variable: str, digits: int
) -> DualSolution:
    """Maximise a concave function that is linear between the values of V: one of them is a maximiser."""
    value, at = max((bound(x), x) for x in {row.values[s] for s in allowed_states(row)})
    return DualSolution(value, Fraction(0), variable, at, digits)


@maximum.register(Contamination)
def _contamination(_: Contamination, row: Row, digits: int) -> DualSolution:
    mean = sum((x * v for x, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    floor = min(row.values[s] for s in allowed_states(row))
    value = (1 - row.radius) * mean + row.radius * floor
    return DualSolution(value, Fraction(0), "none", None, digits)


@maximum.register(TotalVariation)
def _tv(_: TotalVariation, row: Row, digits: int) -> DualSolution:
    return best_breakpoint(row, lambda c: _capped_mean(row, row.radius, c), "c", digits)


@maximum.register(L1)
def _l1(_: L1, row: Row, digits: int) -> DualSolution:
    return best_breakpoint(row, lambda c: _capped_mean(row, row.radius / 2, c), "c", digits)


def _capped_mean(row: Row, price: Fraction, c: Fraction) -> Fraction:
    capped = sum((x * min(v, c) for x, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return capped - price * (c - min(row.values[s] for s in allowed_states(row)))


@maximum.register(Interval)
def _interval(_: Interval, row: Row, digits: int) -> DualSolution:
    p, V, rho, zero = row.probabilities, row.values, row.radius, Fraction(0)
    allowed = allowed_states(row)

    def knapsack(eta: Fraction) -> Fraction:
        least = sum((max(p[s] - rho, zero) * max(V[s] - eta, zero) for s in allowed), zero)
        most = sum((min(p[s] + rho, Fraction(1)) * max(eta - V[s], zero) for s in allowed), zero)
        return eta + least - most

    return best_breakpoint(row, knapsack, "eta", digits)


@dataclass(frozen=True, slots=True)
class Curve:
    """A dual as a concave function of ``x >= 0`` in units of the span, its values heights above v.

    ``at`` is its value and derivative; ``slope_at_zero`` and ``at_zero`` those at 0. ``x`` is the variable
    lambda, or eta counted from v: upwards (``direction`` 1) or downwards (-1).
    """

    at: _Climbed
    slope_at_zero: Real
    at_zero: Real
    variable: str = "eta"
    direction: int = -1

    def maximiser(self, floor: Fraction, x: Fraction) -> Fraction:
        """Return the variable itself."""
        return x if self.variable == "lambda" else floor + self.direction * x


@maximum.register(SmoothDivergence)
def _smooth(uncertainty: SmoothDivergence, row: Row, digits: int) -> DualSolution:
    """Scale W to [0, 1] exactly, then climb the curve of the set."""
    floor = min(row.values[s] for s in allowed_states(row))
    pairs = [(x, v - floor) for x, v in zip(row.probabilities, row.values, strict=True) if x]
    span = max(w for _, w in pairs)
    pairs = [(x, w / span) for x, w in pairs]
    small = [row.radius, *(x for x, _ in pairs), *(w for _, w in pairs if w)]
    lost = sum(max(0.0, log10(x.denominator) - log10(x.numerator)) for x in (small[0], min(small[1:])))
    # 30 digits for the sums; what cancels at a tiny radius and a tiny weight is lost twice
    with mpmath.workdps(digits + 30 + 2 * int(lost)):
        climbed = curve(uncertainty, row.radius, [(mpf_of(x), mpf_of(w)) for x, w in pairs])
        if climbed.slope_at_zero <= 0:
            value, error, at = climbed.at_zero, mpmath.mpf(0), mpmath.mpf(0)
        else:
            value, error, at = climb(climbed, mpmath.mpf(10) ** -digits)
        return DualSolution(
            floor + span * fraction_of(value),
            span * fraction_of(error),
            climbed.variable,
            climbed.maximiser(floor, span * fraction_of(at)),
            digits,
        )


curve: Operation[[Fraction, _Pairs], Curve] = operation(
    "dual curve", __name__, "the dual as a concave function of one variable", of=SmoothDivergence
)


def _mass_at_zero(pairs: _Pairs) -> Real:
    return mpmath.fsum(p for p, w in pairs if w == 0)


@curve.register(KullbackLeibler)
def _kl(_: KullbackLeibler, radius: Fraction, pairs: _Pairs) -> Curve:
    rho, lowest = mpf_of(radius), _mass_at_zero(pairs)

    def at(x: Real) -> tuple[Real, Real]:
        tilted = [p * mpmath.exp(-w / x) for p, w in pairs]
        total = mpmath.fsum(tilted)
        inner = mpmath.fsum(e * w for e, (_, w) in zip(tilted, pairs, strict=True)) / total
        log = mpmath.log(total)
        return -x * (log + rho), -log - inner / x - rho

    slope = -mpmath.log(lowest) - rho if lowest else mpmath.inf
    return Curve(at, slope, mpmath.mpf(0), variable="lambda")


@curve.register(ReverseKL)
def _reverse_kl(_: ReverseKL, radius: Fraction, pairs: _Pairs) -> Curve:
    rho = mpf_of(radius)

    def at(x: Real) -> tuple[Real, Real]:
        geometric = mpmath.exp(mpmath.fsum(p * mpmath.log(w + x) for p, w in pairs) - rho)
        return geometric - x, geometric * mpmath.fsum(p / (w + x) for p, w in pairs) - 1

    return Curve(at, mpmath.inf, mpmath.mpf(0)) if _mass_at_zero(pairs) else _from_zero(at)


@curve.register(Hellinger)
def _hellinger(_: Hellinger, radius: Fraction, pairs: _Pairs) -> Curve:
    factor, lowest = (1 - mpf_of(radius) / 2) ** 2, _mass_at_zero(pairs)

    def at(x: Real) -> tuple[Real, Real]:
        inverse = mpmath.fsum(p / (w + x) for p, w in pairs)
        square = mpmath.fsum(p / (w + x) ** 2 for p, w in pairs)
        return factor / inverse - x, factor * square / inverse**2 - 1

    return Curve(at, factor / lowest - 1, mpmath.mpf(0)) if lowest else _from_zero(at)


@curve.register(ChiSquare)
def _chi_square(_: ChiSquare, radius: Fraction, pairs: _Pairs) -> Curve:
    return _norm_curve(pairs, mpmath.mpf(2), mpmath.sqrt(1 + mpf_of(radius)))


@curve.register(CressieRead)
def _cressie_read(uncertainty: CressieRead, radius: Fraction, pairs: _Pairs) -> Curve:
    a = uncertainty.alpha
    power = 1 + a * (a - 1) * radius
    if power <= 0:  # the ball is the whole simplex
        return Curve(lambda x: (-x, mpmath.mpf(-1)), mpmath.mpf(-1), mpmath.mpf(0))
    return _norm_curve(pairs, mpf_of(a), mpf_of(power) ** mpf_of(1 / a))


def _from_zero(at: _Climbed) -> Curve:
    value, slope = at(mpmath.mpf(0))
    return Curve(at, slope, value)


def _norm_curve(pairs: _Pairs, alpha: Real, c: Real) -> Curve:
    """Return the Cressie-Read dual: ``x - c |(x - W)_+|_r`` or ``c (E (W + x)^r)^(1/r) - x``."""
    r = alpha / (alpha - 1)
    sign = 1 if alpha > 1 else -1
    lowest = _mass_at_zero(pairs)

    def at(x: Real) -> tuple[Real, Real]:
        tops = [(p, x - sign * w) for p, w in pairs]
        inner = mpmath.fsum(p * t**r for p, t in tops if t > 0)
        slope = mpmath.fsum(p * t ** (r - 1) for p, t in tops if t > 0)
        return sign * (x - c * inner ** (1 / r)), sign * (1 - c * inner ** (1 / r - 1) * slope)

    if not lowest:  # only for alpha < 1
        return _from_zero(at)
    slope_at_zero = mpmath.inf if alpha < 0 else sign * (1 - c * lowest ** (1 / r))
    return Curve(at, slope_at_zero, mpmath.mpf(0), direction=sign)


def climb(climbed: Curve, tolerance: Real) -> tuple[Real, Real, Real]:
    """Return value, error bound and place of the maximum of a concave curve that rises at 0."""
    low, (low_value, low_slope) = mpmath.mpf(0), (climbed.at_zero, climbed.slope_at_zero)
    high, jump = mpmath.mpf(1), 1
    high_value, high_slope = climbed.at(high)
    while high_slope > 0:
        low, low_value, low_slope = high, high_value, high_slope
        high, jump = mpmath.ldexp(high, jump), 2 * jump
        high_value, high_slope = climbed.at(high)
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
        value, slope = climbed.at(x)
        if slope > 0:
            low, low_value, low_slope = x, value, slope
            kept = min(kept, 0) - 1
        else:
            high, high_value, high_slope = x, value, slope
            kept = max(kept, 0) + 1
    raise NumericalError(f"the dual's bracket [{low}, {high}] did not close in {_MAX_STEPS} steps")


def mpf_of(x: Fraction) -> Real:
    """Return a rational in the precision that is set."""
    return mpmath.mpf(x.numerator) / x.denominator


def fraction_of(x: Real) -> Fraction:
    """Return the rational that a number of mpmath is."""
    return Fraction(*mpmath.libmp.to_rational(x._mpf_))
