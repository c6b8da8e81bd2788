"""The full L1 distance: total variation with another unit of the radius."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, get_args

from drmg_check.sets._base import Divergence, Radius, Shareable, Support, SupportedSet, UncertaintySet
from drmg_check.sets._tv import TotalVariation


@dataclass(frozen=True, slots=True)
class L1(SupportedSet, Shareable):
    """The full L1 distance: ``D = sum |q - p|``, radius in [0, 2]: the TV ball of radius rho / 2.

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(L1(), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(3, 8)
    """

    kind: ClassVar[str] = "l1"
    max_radius: ClassVar[Fraction | None] = Fraction(2)
    distance_in_numpy: ClassVar[str] = "np.abs(q - p).sum()"
    dual_in_numpy: ClassVar[str] = "np.minimum(V, x) @ p - rho / 2 * max(x - v, 0)"

    def canonical(self, radius: Radius) -> tuple[UncertaintySet, Radius]:
        """Return the total-variation ball: half the distance, half the radius."""
        return _TV[self.support], radius / 2

    @property
    def divergence(self) -> Divergence:
        """``|t - 1|``."""
        from mpmath import mpf

        return Divergence(lambda t: abs(t - 1), lambda t: mpf(1), mpf(1))


_TV = {support: TotalVariation(support) for support in get_args(Support)}  # a sweep of few rows asks often
