r"""Laws about the adversary: it is at least as bad as one that we write down, and it must be legal.

The mixture ``q = (1 - w) p + w delta_t``, where ``t`` is an argmin that the adversary may reach, is in the
ball for

* TV, L1, L-infinity: ``w (1 - p_t) <= rho`` (L1: half of rho), since ``q_t - p_t = w (1 - p_t)``;
* contamination: ``w <= rho``;
* chi-square: ``D = w^2 (1 - p_t) / p_t``; KL: the same w, since ``KL <= chi2``;
* reverse KL: ``w = rho / (1 + rho)``, since ``D <= -log(1 - w) = log(1 + rho) <= rho``;
* squared Hellinger: ``w = rho - rho^2 / 4``, since ``D <= 2 - 2 sqrt(1 - w) = rho``;
* Cressie-Read of an order a > 0: ``w = rho / D(delta_t, p)`` with ``D = (p_t^(1 - a) - 1) / (a (a - 1))``,
  since D is convex in q;
* Wasserstein: ``w sum_s p_s d(s, t)^p <= rho^p``;
* weighted L1, L-infinity and L2: ``w D(delta_t, p) <= rho``, D being a norm of ``q - p``;
* bounds: ``w (1 - p_t) <= rho (upper_t - p_t)_+`` and ``w p_s <= rho (p_s - lower_s)_+`` elsewhere;
* scenarios: ``w = rho`` if ``delta_t`` is a row of the list.

So ``sigma <= (1 - w) E_p V + w V_t``: this catches an adversary that forgets a regime or a state.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ProbabilityBounds,
    Quadratic,
    ReverseKL,
    Row,
    Scenarios,
    TotalVariation,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_properties.laws._law import Law, Relation, at_most
from drmg_properties.laws._order import nominal_mean

SMALLEST = Fraction(1, 2**1000)
"""Below it, float64 has no room for the logarithm of a probability or of the rest."""
LARGEST_EXPONENT = 700.0  # exp overflows beyond 709
ROUNDING = 1 + Fraction(1, 2**40)
"""More than what an exponent of at most 700, known to two ulp, changes in its exponential: 700 2^-51."""


def _below_sqrt(x: Fraction) -> Fraction:
    """Return a rational at most sqrt(x): the integer square root on a grid of 2^-64 of the number's size."""
    scale = 4 ** max(64, x.denominator.bit_length())
    return Fraction(math.isqrt(x.numerator * scale // x.denominator), math.isqrt(scale))


mixture: Operation[[Row, int], Fraction] = operation(
    "mixing adversary", __name__, "a weight w for which (1 - w) p + w delta_t is in the ball"
)


@mixture.register(TotalVariation, Interval)
def _moved(_: TotalVariation | Interval, row: Row, t: int) -> Fraction:
    return row.radius / (1 - row.probabilities[t])


@mixture.register(L1)
def _half_moved(_: L1, row: Row, t: int) -> Fraction:
    return row.radius / 2 / (1 - row.probabilities[t])


@mixture.register(Contamination)
def _contaminated(_: Contamination, row: Row, _t: int) -> Fraction:
    return row.radius


@mixture.register(ChiSquare, KullbackLeibler)
def _below_chi_square(_: ChiSquare | KullbackLeibler, row: Row, t: int) -> Fraction:
    p = row.probabilities[t]
    return _below_sqrt(row.radius * p / (1 - p))


@mixture.register(ReverseKL)
def _below_reverse_kl(_: ReverseKL, row: Row, _t: int) -> Fraction:
    return row.radius / (1 + row.radius)


@mixture.register(Hellinger)
def _below_hellinger(_: Hellinger, row: Row, _t: int) -> Fraction:
    return row.radius - row.radius**2 / 4


@mixture.register(PowerDivergence)
def _by_convexity(uncertainty: PowerDivergence, row: Row, t: int) -> Fraction:
    """Give up where D of a point mass is infinite, as of negative orders, or beyond float64."""
    (alpha, unit), p = uncertainty.power, row.probabilities[t]
    if alpha < 0 or 0 < p < SMALLEST or 1 - p < SMALLEST:
        return Fraction(0)
    log = -math.inf if p == 0 else math.log1p(-float(1 - p)) if 2 * p > 1 else math.log(float(p))
    exponent = float(1 - alpha) * log
    if exponent > LARGEST_EXPONENT:
        return Fraction(0)
    distance = Fraction(math.expm1(exponent)) / (alpha * (alpha - 1) * unit)
    return row.radius / (distance * ROUNDING)


@mixture.register(WeightedL1)
def _by_weighted_moves(uncertainty: WeightedL1, row: Row, t: int) -> Fraction:
    return row.radius / sum(_weighted_moves(uncertainty.weights, row, t), Fraction(0))


@mixture.register(WeightedInterval)
def _by_the_largest_move(uncertainty: WeightedInterval, row: Row, t: int) -> Fraction:
    return row.radius / max(_weighted_moves(uncertainty.weights, row, t))


@mixture.register(ProbabilityBounds)
def _between(uncertainty: ProbabilityBounds, row: Row, t: int) -> Fraction:
    p, zero = row.probabilities, Fraction(0)
    room = [max(uncertainty.upper[t] - p[t], zero) / (1 - p[t])]
    room += [
        max(x - low, zero) / x
        for s, (x, low) in enumerate(zip(p, uncertainty.lower, strict=True))
        if s != t and x
    ]
    return row.radius * min(room)


@mixture.register(Scenarios)
def _listed(uncertainty: Scenarios, row: Row, t: int) -> Fraction:
    return row.radius * any(scenario[t] == 1 for scenario in uncertainty.rows)


@mixture.register(Quadratic)
def _by_length(uncertainty: Quadratic, row: Row, t: int) -> Fraction:
    weights = uncertainty.squares(len(row.values))
    moves = zip(
        _weighted_moves(weights, row, t), _weighted_moves([Fraction(1)] * len(weights), row, t), strict=True
    )
    return _below_sqrt(row.radius**2 / sum((x * y for x, y in moves), Fraction(0)))


def _weighted_moves(weights: Sequence[Fraction], row: Row, t: int) -> list[Fraction]:
    """Return ``weights |delta_t - p|``."""
    return [
        w * (1 - p if s == t else p) for s, (w, p) in enumerate(zip(weights, row.probabilities, strict=True))
    ]


@mixture.register(Wasserstein)
def _carried(uncertainty: Wasserstein, row: Row, t: int) -> Fraction:
    p, k = row.probabilities, uncertainty.order
    return row.radius**k / sum((p[s] * uncertainty.ground[s][t] ** k for s in range(len(p))), Fraction(0))


def _mixing_adversary(row: Row) -> Iterator[Relation]:
    p = row.probabilities
    reachable = [s for s in range(len(p)) if p[s] > 0 or leaves_support(row.uncertainty)]
    t = min(reachable, key=lambda s: (row.values[s], p[s]))
    if p[t] == 1:
        return
    w = min(mixture(row.uncertainty, row, t), Fraction(1))
    bound = (1 - w) * nominal_mean(row) + w * row.values[t]
    yield at_most(row, bound, f"the adversary can mix weight {float(w):.3g} into state {t}")


ADVERSARY_LAWS = (
    Law("mixing-adversary", "the worst case is no better than a legal mixture", _mixing_adversary),
)
