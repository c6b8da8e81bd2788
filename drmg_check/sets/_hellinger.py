"""Squared Hellinger distance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import ROUND, Divergence, PowerDivergence, SupportedSet


@dataclass(frozen=True, slots=True)
class Hellinger(SupportedSet, PowerDivergence):
    """Squared Hellinger distance: ``D = sum (sqrt q - sqrt p)^2``, radius in [0, 2]. f(t) = (sqrt t - 1)^2.

    No factor 1/2. Worst case ``q ~ p / (V + z)^2``; dual ``sup_z b^2 HM_p(V + z) - z`` with
    ``b = 1 - rho / 2`` and HM the harmonic mean. The minimum is reached iff
    ``p(argmin) >= (1 - rho / 2)^2`` or ``rho = 2``. Source: Ben-Tal et al. (2013).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(Hellinger(), ["1/2", "1/2"], [0, 1], "2/13")).lo), 6)
    0.14497
    """

    kind: ClassVar[str] = "hellinger"
    without = ROUND
    max_radius: ClassVar[Fraction | None] = Fraction(2)
    distance_in_numpy: ClassVar[str] = "np.sum((np.sqrt(q) - np.sqrt(p)) ** 2)"
    dual_in_numpy: ClassVar[str] = "v + ((1 - rho / 2) ** 2 / (p @ (1 / (1 + x / 2 * W))) - 1) / (x / 2)"

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        """Order 1/2 with twice the radius."""
        return Fraction(1, 2), Fraction(2)

    @property
    def divergence(self) -> Divergence:
        """``(sqrt t - 1)^2``."""
        from mpmath import mp, mpf

        return Divergence(lambda t: (mp.sqrt(t) - 1) ** 2, lambda t: 1 - 1 / mp.sqrt(t), mpf(1))
