"""The ellipsoid whose axes are the states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._l2 import Quadratic
from drmg_check.sets._weighted import WeightedSet


@dataclass(frozen=True, slots=True)
class Ellipsoid(WeightedSet, Quadratic):
    """The ellipsoid ``sqrt(sum_s w_s (q_s - p_s)^2) <= rho``, radius >= 0, and q stays a distribution.

    Its axes are the states, with weights ``w > 0``; those of 1 mean :class:`L2`, and ``w = 1 / p`` the
    chi-square ball of radius ``rho^2`` around p. The dual is that of L2 with
    ``y_s = max(0, p_s - (V_s - eta) / (2 x w_s))`` and the squares weighted.
    Source: Ben-Tal and Nemirovski (1999).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(Ellipsoid((1, 3)), ["1/2", "1/2"], [0, 1], "1/2")).lo), 6)
    0.25
    """

    kind: ClassVar[str] = "ellipsoid"
    without = Quadratic.without
    distance_in_numpy: ClassVar[str] = "np.sqrt(np.sum(weights * (q - p) ** 2))"
    dual_in_numpy: ClassVar[str] = (
        "(e := ((V / weights)[q > 0].sum() + 2 * x * (1 - p[q > 0].sum())) / (1 / weights)[q > 0].sum()) - x "
        "* rho**2 + np.sum((y := np.maximum(p - (V - e) / (2 * x * weights), 0) * kept) * (V - e) + x * "
        "weights * (y - p) ** 2)"
    )

    def squares(self, n_states: int) -> Sequence[Fraction]:
        """Return its own weights."""
        return self.weights
