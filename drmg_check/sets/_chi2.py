"""Pearson's chi-square."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import Divergence, PowerDivergence, Shareable


@dataclass(frozen=True, slots=True)
class ChiSquare(PowerDivergence, Shareable):
    """Pearson's chi-square: ``D = sum (q - p)^2 / p``, radius >= 0. f(t) = (t - 1)^2.

    The adversary never leaves the nominal support. Worst case ``q ~ p (eta - V)_+``; dual
    ``max_c E[V^c] - sqrt(rho Var(V^c))`` with ``V^c = min(V, c)``. Regimes: no truncation iff
    ``rho <= Var / (max V - mean)^2``; the essential minimum iff ``rho >= 1 / p(argmin) - 1``.
    Source: Duchi and Namkoong (2019).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(ChiSquare(), ["1/2", "1/2"], [0, 1], "1/9")).lo), 6)
    0.333333
    """

    kind: ClassVar[str] = "chi2"
    distance_in_numpy: ClassVar[str] = "np.sum((q - p)[p > 0] ** 2 / p[p > 0])"
    dual_in_numpy: ClassVar[str] = "v + (1 - np.sqrt((1 + rho) * (p @ np.maximum(1 - x * W, 0) ** 2))) / x"

    @property
    def leaves_support(self) -> bool:
        """Never: a state of probability 0 costs infinitely much."""
        return False

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        """Order 2 with half the radius."""
        return Fraction(2), Fraction(1, 2)

    @property
    def divergence(self) -> Divergence:
        """``(t - 1)^2``."""
        return Divergence(lambda t: (t - 1) ** 2, lambda t: 2 * (t - 1), None)
