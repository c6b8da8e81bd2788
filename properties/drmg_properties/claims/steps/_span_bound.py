"""Lemma 5 of the MORNAVI paper: what a robust value of total variation can differ by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets import Row
from drmg_check.vocabulary import InputError
from drmg_properties.claims.steps._averages import mean

MAX_HORIZON = 200


@dataclass(frozen=True, slots=True)
class Chain:
    """Two absorbing states, one of which pays 1 a step: radius and horizon.

    >>> Chain(Fraction(1, 2), 3).H
    3
    """

    radius: Fraction
    H: int

    def __post_init__(self) -> None:
        if not 0 <= self.radius <= 1 or not 1 <= self.H <= MAX_HORIZON:
            raise InputError(
                f"radius={self.radius}, H={self.H}; expected 0 <= radius <= 1, 1 <= H <= {MAX_HORIZON}"
            )


def printed_dual(row: Row, coefficient: Fraction) -> tuple[Fraction, Fraction]:
    """Return the sup over eta in [0, max V] of ``-E(eta - V)+ - c (eta - min V)+ + eta``, and its eta.

    The objective is concave and piecewise linear with its breaks at the values, so they and the ends
    of the interval are the only candidates. Eq. (10) has c = rho / 2.

    >>> from drmg_check.sets import TotalVariation
    >>> printed_dual(Row.of(TotalVariation(), [1, 0], [1, 0], "1/2"), Fraction(1, 4))
    (Fraction(3, 4), Fraction(1, 1))
    """
    p, V = row.probabilities, row.values

    def objective(eta: Fraction) -> Fraction:
        above = max(eta - min(V), Fraction(0))
        return eta - mean(p, [max(eta - v, Fraction(0)) for v in V]) - coefficient * above

    return max((objective(eta), eta) for eta in {Fraction(0), *V})


def span_bound(rho: Fraction, k: int) -> Fraction:
    """Return ``min { 1 / rho, k }`` for k = H - h + 1 steps to go.

    >>> span_bound(Fraction(1, 3), 5)
    Fraction(3, 1)
    """
    return min(1 / rho, Fraction(k)) if rho else Fraction(k)
