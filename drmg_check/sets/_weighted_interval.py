"""The weighted L-infinity ball."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from drmg_check.sets._weighted import WeightedSet


@dataclass(frozen=True, slots=True)
class WeightedInterval(WeightedSet):
    """The weighted L-infinity ball: ``max_s w_s |q_s - p_s| <= rho``, radius >= 0, weights ``w > 0``.

    A fractional knapsack between ``l = max(0, p - rho / w)`` and ``u = min(1, p + rho / w)``; dual
    ``max_eta eta + sum l (V - eta)_+ - u (eta - V)_+``. With ``support="nominal"``, ``u = 0`` where
    ``p = 0``. Weights of 1 mean :class:`Interval`. Source: Givan, Leach and Dean (2000).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(WeightedInterval((1, 2)), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(3, 8)
    """

    kind: ClassVar[str] = "weighted-interval"
    distance_in_numpy: ClassVar[str] = "np.max(weights * np.abs(q - p))"
    dual_in_numpy: ClassVar[str] = (
        "x + np.maximum(p - rho / weights, 0) @ np.maximum(V - x, 0) - upper @ np.maximum(x - V, 0)"
    )
