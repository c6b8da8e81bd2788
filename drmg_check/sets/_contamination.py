"""Huber's contamination."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import SupportedSet


@dataclass(frozen=True, slots=True)
class Contamination(SupportedSet):
    """Huber's contamination: ``q = (1 - rho) p + rho q'`` for any ``q'``, radius in [0, 1].

    The value is ``(1 - rho) E_p V + rho min V``, the minimum over all states or over the nominal
    support. Source: Huber (1964); Wang and Zou (2021).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(Contamination(), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(3, 8)
    """

    kind: ClassVar[str] = "contamination"
    max_radius: ClassVar[Fraction | None] = Fraction(1)
    distance_in_numpy: ClassVar[str] = "(1 - q[p > 0] / p[p > 0]).max()"
    dual_in_numpy: ClassVar[str] = "(1 - rho) * (V @ p) + rho * v"
