"""The weighted L1 distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from drmg_check.sets._weighted import WeightedSet


@dataclass(frozen=True, slots=True)
class WeightedL1(WeightedSet):
    """The weighted L1 distance: ``D = sum_s w_s |q_s - p_s|``, radius >= 0, weights ``w > 0``.

    Moving mass from s to t costs ``w_s + w_t`` a unit, so that with ``support="all"`` it is the Wasserstein-1
    ball of that metric. Dual ``max_{x >= 0} sum_s p_s min(V_s, m + x w_s) - x rho`` with
    ``m = min_t V_t + x w_t`` over the states that the adversary may use. Weights of 1 mean :class:`L1`.
    Source: Russel, Behzadian and Petrik (2019); Ho, Petrik and Wiesemann (2018).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(WeightedL1((1, 3)), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(7, 16)
    """

    kind: ClassVar[str] = "weighted-l1"
    distance_in_numpy: ClassVar[str] = "np.sum(weights * np.abs(q - p))"
    dual_in_numpy: ClassVar[str] = "np.minimum(V, (V + x * weights)[kept].min() + x * weights) @ p - x * rho"
