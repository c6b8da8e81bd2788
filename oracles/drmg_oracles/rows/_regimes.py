r"""When the adversary reaches the smallest admissible value, and from which radius on.

With ``P = p(argmin V)`` over the admissible states, the minimum is reached iff the radius is at least

=====================  ================================================================================
tv, l1                 1 - P, 2 (1 - P)
contamination          1 (or P = 1)
interval               the least rho with ``sum_{argmin} min(1, p + rho) >= 1`` and ``rho >= p`` elsewhere
wasserstein            (sum_i p_i min_{j in argmin} d_ij^order)^(1/order)
kl                     -log P
reverse-kl             never, unless P = 1
chi2                   1 / P - 1
hellinger              2 - 2 sqrt(P)
cressie-read           (P^(1-a) - 1) / (a (a - 1)) for a > 0; never for a < 0, unless P = 1
=====================  ================================================================================

The bound is inclusive. For the divergences it is the divergence of the nominal row conditioned on the argmin
(a point mass there if P = 0), from which every other distribution on the argmin is farther away.
"""

from __future__ import annotations

from fractions import Fraction

from flint import ctx

from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ProbabilityBounds,
    Quadratic,
    Row,
    Scenarios,
    TotalVariation,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    operation,
)
from drmg_oracles.rows._polyhedral import admissible, argmin
from drmg_oracles.rows._tilt import ball_of, power, rational


def reaches_minimum(uncertainty: PowerDivergence, row: Row) -> bool:
    """Decide exactly whether the worst case of a divergence ball is the smallest admissible value.

    Rational powers are compared as powers of rationals; ``exp(-rho) <= P`` is never an equality, so that
    balls of growing precision decide it.
    """
    P = _mass_of_argmin(row)
    if P == 1 or row.radius == 0:
        return P == 1
    a, scale = uncertainty.power
    rho = scale * row.radius
    if a == 1:
        return _exp_minus_at_most(rho, P)
    if a <= 0:
        return False
    K = 1 + a * (a - 1) * rho
    m, n = a.numerator, a.denominator
    if a > 1:
        return K**n * P ** (m - n) >= 1
    return K <= 0 or P ** (n - m) >= K**n


def saturation_radius(row: Row) -> Fraction | None:
    """Return the least radius that reaches the minimum, relative error below 2^-100; None if there is none.

    The radius of ``row`` plays no role.

    >>> from drmg_check.sets import TotalVariation
    >>> saturation_radius(Row.of(TotalVariation(), ["1/3", "2/3"], [0, 1], 0))
    Fraction(2, 3)
    """
    P = _mass_of_argmin(row)
    if P == 1:
        return Fraction(0)
    return saturation(row.uncertainty, row, P)


saturation: Operation[[Row, Fraction], Fraction | None] = operation(
    "saturation radius", __name__, "the least radius that reaches the minimum, given the mass of the argmin"
)


@saturation.register(TotalVariation)
def _tv(_: TotalVariation, _row: Row, P: Fraction) -> Fraction:
    return 1 - P


@saturation.register(L1)
def _l1(_: L1, _row: Row, P: Fraction) -> Fraction:
    return 2 - 2 * P


@saturation.register(Contamination)
def _contamination(_: Contamination, _row: Row, _P: Fraction) -> Fraction:
    return Fraction(1)


@saturation.register(Interval)
def _interval(_: Interval, row: Row, P: Fraction) -> Fraction:
    p, V, floor = row.probabilities, row.values, row.values[argmin(row)]
    least = [s for s in admissible(row) if V[s] == floor]
    return max((1 - P) / len(least), *(p[s] for s in range(len(p)) if V[s] != floor and p[s]), Fraction(0))


@saturation.register(Wasserstein)
def _wasserstein(uncertainty: Wasserstein, row: Row, _P: Fraction) -> Fraction:
    V, order, floor = row.values, uncertainty.order, row.values[argmin(row)]
    targets = [s for s, value in enumerate(V) if value == floor]
    budget = sum(
        (
            m * min(line[t] for t in targets) ** order
            for m, line in zip(row.probabilities, uncertainty.ground, strict=True)
        ),
        Fraction(0),
    )
    return _power(budget, Fraction(1, order))


@saturation.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval, row: Row, P: Fraction) -> Fraction:
    p, V, w, floor = row.probabilities, row.values, uncertainty.weights, row.values[argmin(row)]
    room = sum((1 / w[s] for s in admissible(row) if V[s] == floor), Fraction(0))
    return max((1 - P) / room, *(p[s] * w[s] for s in range(len(p)) if V[s] != floor), Fraction(0))


@saturation.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, row: Row, P: Fraction) -> Fraction | None:
    """Return None where some other state keeps mass, or the argmin cannot take all of it."""
    p, V, floor = row.probabilities, row.values, row.values[argmin(row)]
    others = [s for s in range(len(p)) if V[s] != floor and p[s]]
    upper = zip(p, uncertainty.upper, V, strict=True)
    room = sum((max(high - m, Fraction(0)) for m, high, v in upper if v == floor), Fraction(0))
    if any(uncertainty.lower[s] for s in others) or room < 1 - P:
        return None
    return Fraction(1) if others else Fraction(0)


@saturation.register(Scenarios)
def _scenarios(uncertainty: Scenarios, row: Row, _P: Fraction) -> Fraction | None:
    floor = row.values[argmin(row)]
    means = (sum((x * v for x, v in zip(q, row.values, strict=True)), Fraction(0)) for q in uncertainty.rows)
    return Fraction(1) if floor in means else None


@saturation.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, row: Row, P: Fraction) -> Fraction:
    p, V, w, floor = row.probabilities, row.values, uncertainty.weights, row.values[argmin(row)]
    cheapest = min(w[s] for s in admissible(row) if V[s] == floor)
    return (1 - P) * cheapest + sum((p[s] * w[s] for s in range(len(p)) if V[s] != floor), Fraction(0))


@saturation.register(Quadratic)
def _quadratic(uncertainty: Quadratic, row: Row, P: Fraction) -> Fraction:
    p, V, floor = row.probabilities, row.values, row.values[argmin(row)]
    w = uncertainty.squares(len(p))
    room = sum((1 / w[s] for s in admissible(row) if V[s] == floor), Fraction(0))
    left = sum((w[s] * p[s] ** 2 for s in range(len(p)) if V[s] != floor), Fraction(0))
    return _power(left + (1 - P) ** 2 / room, Fraction(1, 2))


@saturation.register(KullbackLeibler)
def _kl(_: KullbackLeibler, _row: Row, P: Fraction) -> Fraction:
    with ctx.workprec(_precision(P)):
        return rational(-ball_of(P).log())


@saturation.register(PowerDivergence)
def _smooth(uncertainty: PowerDivergence, _row: Row, P: Fraction) -> Fraction | None:
    a, scale = uncertainty.power
    return None if a <= 0 else (_power(P, 1 - a) - 1) / (a * (a - 1) * scale)


def _power(x: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return x**exponent.numerator
    with ctx.workprec(_precision(x)):
        return rational(power(ball_of(x), exponent))


def _precision(x: Fraction) -> int:
    """Return bits enough for 2^-100 in ``x ** e - 1`` and ``log x``, even where x is next to 1."""
    return 200 + 2 * max(x.denominator.bit_length(), 64)


def _mass_of_argmin(row: Row) -> Fraction:
    floor = row.values[argmin(row)]
    return sum((m for m, v in zip(row.probabilities, row.values, strict=True) if v == floor), Fraction(0))


def _exp_minus_at_most(rho: Fraction, P: Fraction) -> bool:
    """Decide ``exp(-rho) <= P`` for rho > 0; never equal, so some precision decides."""
    prec = 128
    while True:
        with ctx.workprec(prec):
            left, right = (-ball_of(rho)).exp(), ball_of(P)
            if left < right:
                return True
            if left > right:
                return False
        prec *= 2
