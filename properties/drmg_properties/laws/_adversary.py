r"""Laws about the adversary: it is at least as bad as one that we write down, and it must be legal.

The mixture ``q = (1 - w) p + w delta_t``, where ``t`` is an argmin that the adversary may reach, is in the
ball for

* TV, L1, L-infinity: ``w (1 - p_t) <= rho`` (L1: half of rho), since ``q_t - p_t = w (1 - p_t)``;
* contamination: ``w <= rho``;
* chi-square: ``D = w^2 (1 - p_t) / p_t``; KL: the same w, since ``KL <= chi2``;
* reverse KL: ``w = rho / (1 + rho)``, since ``D <= -log(1 - w) = log(1 + rho) <= rho``;
* squared Hellinger: ``w = rho - rho^2 / 4``, since ``D <= 2 - 2 sqrt(1 - w) = rho``;
* Wasserstein: ``w sum_s p_s d(s, t)^p <= rho^p``.

So ``sigma <= (1 - w) E_p V + w V_t``: this catches an adversary that forgets a regime or a state.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    Wasserstein,
    leaves_support,
)
from drmg_properties.laws._law import Law, Relation, at_most
from drmg_properties.laws._order import nominal_mean


def _below_sqrt(x: Fraction) -> Fraction:
    """Return a rational at most sqrt(x): the integer square root on a grid of 2^-64 of the number's size."""
    scale = 4 ** max(64, x.denominator.bit_length())
    return Fraction(math.isqrt(x.numerator * scale // x.denominator), math.isqrt(scale))


def _weight(row: Row, p: tuple[Fraction, ...], t: int) -> Fraction:
    """Return a w for which ``(1 - w) p + w delta_t`` is in the ball; 0 where the module lists none."""
    rho, rest = row.radius, 1 - p[t]
    match row.uncertainty:
        case TotalVariation() | Interval():
            return rho / rest
        case L1():
            return rho / 2 / rest
        case Contamination():
            return rho
        case ChiSquare() | KullbackLeibler():
            return _below_sqrt(rho * p[t] / rest)
        case ReverseKL():
            return rho / (1 + rho)
        case Hellinger():
            return rho - rho * rho / 4
        case Wasserstein(ground=ground, order=order):
            return rho**order / sum((p[s] * ground[s][t] ** order for s in range(len(p))), Fraction(0))
        case _:
            return Fraction(0)


def _mixing_adversary(row: Row) -> Iterator[Relation]:
    p = row.probabilities
    reachable = [s for s in range(len(p)) if p[s] > 0 or leaves_support(row.uncertainty)]
    t = min(reachable, key=lambda s: (row.values[s], p[s]))
    if p[t] == 1:
        return
    w = min(_weight(row, p, t), Fraction(1))
    bound = (1 - w) * nominal_mean(row) + w * row.values[t]
    yield at_most(row, bound, f"the adversary can mix weight {float(w):.3g} into state {t}")


ADVERSARY_LAWS = (
    Law("mixing-adversary", "the worst case is no better than a legal mixture", _mixing_adversary),
)
