"""Total variation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import Divergence, Shareable, SupportedSet


@dataclass(frozen=True, slots=True)
class TotalVariation(SupportedSet, Shareable):
    """Total variation, half the L1 distance: ``D = 1/2 sum |q - p|``, radius in [0, 1].

    f(t) = |t - 1| / 2. The worst case cuts mass ``rho`` from the largest values and puts it on one
    argmin; the dual is ``max_c E_p[min(V, c)] - rho (c - min V)``, the coefficient being rho and not
    rho / 2. Regimes: ``rho = 0`` is the nominal mean; ``rho >= 1 - p(argmin)`` gives min V.
    Source: Iyengar (2005); eq. (10) of the MORNAVI paper prints the dual of radius rho / 2.

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(1, 4)
    """

    kind: ClassVar[str] = "tv"
    max_radius: ClassVar[Fraction | None] = Fraction(1)
    distance_in_numpy: ClassVar[str] = "np.abs(q - p).sum() / 2"
    dual_in_numpy: ClassVar[str] = "np.minimum(V, x) @ p - rho * max(x - v, 0)"

    @property
    def divergence(self) -> Divergence:
        """``|t - 1| / 2``."""
        from mpmath import mpf

        return Divergence(lambda t: abs(t - 1) / 2, lambda t: mpf(0.5), mpf(0.5))
