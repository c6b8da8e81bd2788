"""Optimistic and pessimistic estimates of the next value, at one row of total variation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError
from drmg_properties.formulas import vector


@dataclass(frozen=True, slots=True)
class Estimates:
    """An optimistic and a pessimistic estimate ``U >= L >= 0`` of the next value, at one row."""

    nominal: tuple[Fraction, ...]
    U: tuple[Fraction, ...]
    L: tuple[Fraction, ...]
    radius: Fraction

    def __post_init__(self) -> None:
        for values in (self.U, self.L):
            Row(TotalVariation(), self.nominal, values, self.radius)
        if not all(u >= low >= 0 for u, low in zip(self.U, self.L, strict=True)):
            raise InputError(f"U={vector(self.U)}, L={vector(self.L)}; expected U >= L >= 0 in each state")
