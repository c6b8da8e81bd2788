"""Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import Divergence, PowerDivergence, Shareable


@dataclass(frozen=True, slots=True)
class KullbackLeibler(PowerDivergence, Shareable):
    """KL(q || p): ``D = sum q log(q / p)``, radius >= 0 (nats). f(t) = t log t.

    The adversary never leaves the nominal support. Worst case ``q ~ p exp(-s V)``; dual
    ``sup_{s>0} -(log E_p[exp(-s V)] + rho) / s``. Regimes: ``rho = 0`` is the nominal mean;
    ``rho >= -log p(argmin over supp p)`` gives the essential minimum.
    Source: Nilim and El Ghaoui (2005); Donsker-Varadhan.

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], "1/4")).lo), 6)
    0.162107
    """

    kind: ClassVar[str] = "kl"
    distance_in_numpy: ClassVar[str] = "np.sum(q[q > 0] * np.log(q[q > 0] / p[q > 0]))"
    dual_in_numpy: ClassVar[str] = "v - (np.log(p @ np.exp(-x * W)) + rho) / x"

    @property
    def leaves_support(self) -> bool:
        """Never: a state of probability 0 costs infinitely much."""
        return False

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        """The limit of order 1."""
        return Fraction(1), Fraction(1)

    @property
    def divergence(self) -> Divergence:
        """``t log t - t + 1``."""
        from mpmath import mp, mpf

        return Divergence(lambda t: t * mp.log(t) - t + 1 if t else mpf(1), mp.log, None)
