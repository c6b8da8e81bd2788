"""The Euclidean distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import ClassVar

from drmg_check.sets._base import ROUND_ONE_BY_ONE, SupportedSet, UncertaintySet


class Quadratic(UncertaintySet):
    """A set whose discrepancy is ``D = sqrt(sum_s w_s (q_s - p_s)^2)``.

    >>> from drmg_check.sets import L2
    >>> L2().squares(2)
    (Fraction(1, 1), Fraction(1, 1))
    """

    __slots__ = ()
    without: ClassVar[Mapping[str, str]] = MappingProxyType({**ROUND_ONE_BY_ONE})

    def squares(self, n_states: int) -> Sequence[Fraction]:
        """Return the weights w of the squares, for so many states."""
        return (Fraction(1),) * n_states


@dataclass(frozen=True, slots=True)
class L2(SupportedSet, Quadratic):
    """The Euclidean distance: ``D = sqrt(sum_s (q_s - p_s)^2)``, radius >= 0, and q stays a distribution.

    The radius bounds the distance, not its square. At the multiplier ``x > 0`` of the squared radius and any
    eta, the dual is ``eta - x rho^2 + sum_s y_s (V_s - eta) + x (y_s - p_s)^2`` with
    ``y_s = max(0, p_s - (V_s - eta) / (2 x))``. Where no ``y_s`` is cut at 0 the value is
    ``E_p V - rho sqrt(sum_s (V_s - m)^2)``, m the plain mean of V; in general that is too low.
    Source: Kumar, Derman, Geist, Levy and Mannor (2023), there without ``q >= 0``.

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(L2(), ["1/2", "1/2"], [0, 1], "1/2")).lo), 6)
    0.146447
    """

    kind: ClassVar[str] = "l2"
    without = Quadratic.without
    distance_in_numpy: ClassVar[str] = "np.sqrt(np.sum((q - p) ** 2))"
    dual_in_numpy: ClassVar[str] = (
        "(e := (V[q > 0].sum() + 2 * x * (1 - p[q > 0].sum())) / np.sum(q > 0)) - x * rho**2 + np.sum((y := "
        "np.maximum(p - (V - e) / (2 * x), 0) * kept) * (V - e) + x * (y - p) ** 2)"
    )
