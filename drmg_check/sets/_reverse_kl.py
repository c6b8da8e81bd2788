"""The reversed Kullback-Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import ROUND, Divergence, PowerDivergence, SupportedSet


@dataclass(frozen=True, slots=True)
class ReverseKL(SupportedSet, PowerDivergence):
    """KL(p || q), Burg's entropy: ``D = sum p log(p / q)``, radius >= 0 (nats). f(t) = -log t.

    Worst case ``q = p kappa / (V - eta)``; the minimum is reached for no finite radius unless the
    nominal row already sits on it. With ``support="all"`` and p(argmin) = 0 the adversary may place
    the remaining mass on the argmin. Source: Ben-Tal et al. (2013).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(ReverseKL(), ["1/2", "1/2"], [0, 1], "1/4")).lo), 6)
    0.186364
    """

    kind: ClassVar[str] = "reverse-kl"
    without = ROUND
    distance_in_numpy: ClassVar[str] = "np.sum(p[p > 0] * np.log(p[p > 0] / q[p > 0]))"
    dual_in_numpy: ClassVar[str] = "v + np.expm1(p @ np.log1p(x * W) - rho) / x"

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        """The limit of order 0."""
        return Fraction(0), Fraction(1)

    @property
    def divergence(self) -> Divergence:
        """``t - 1 - log t``, infinite at 0: no state of the support may be emptied."""
        from mpmath import mp, mpf

        return Divergence(lambda t: t - 1 - mp.log(t) if t else mp.inf, lambda t: 1 - 1 / t, mpf(1))
