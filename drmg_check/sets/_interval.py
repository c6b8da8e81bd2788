"""The L-infinity ball."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import ClassVar

from drmg_check.sets._base import Shareable, SupportedSet


@dataclass(frozen=True, slots=True)
class Interval(SupportedSet, Shareable):
    """The L-infinity ball: ``max_s |q_s - p_s| <= rho``, radius in [0, 1].

    A fractional knapsack between ``l = max(0, p - rho)`` and ``u = min(1, p + rho)``; dual
    ``max_eta eta + sum l (V - eta)_+ - u (eta - V)_+``. With ``support="nominal"``, ``u = 0`` where
    ``p = 0``. Source: Givan, Leach and Dean (2000).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(Interval(), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(1, 4)
    """

    kind: ClassVar[str] = "interval"
    max_radius: ClassVar[Fraction | None] = Fraction(1)
    without: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"integers": "its worst case fills many states; its enclosure is exact"}
    )
    distance_in_numpy: ClassVar[str] = "np.abs(q - p).max()"
    dual_in_numpy: ClassVar[str] = (
        "x + np.maximum(p - rho, 0) @ np.maximum(V - x, 0) - upper @ np.maximum(x - V, 0)"
    )

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return ``ceil(1 / rho)``: each of them takes mass rho at most."""
        return ceil(1 / radius) if self.leaves_support and radius > 0 else 0
