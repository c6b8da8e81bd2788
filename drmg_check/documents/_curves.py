"""Curves of a run, for those who draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drmg_check.vocabulary import InputError


@dataclass(frozen=True, slots=True)
class Series:
    """One curve, with a band if ``low`` and ``high`` are given. NaN is not drawn.

    >>> Series("regret", x=[1, 2], y=[0.5, 0.75]).name
    'regret'
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or {len(self.low), len(self.high)} not in ({0}, {len(self.x)}):
            lengths = [len(column) for column in (self.x, self.y, self.low, self.high)]
            raise InputError(f"series {self.name!r} has columns of lengths {lengths}; expected equal ones")


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    title, x_label : str
    series : sequence of Series
    log_x, log_y : bool
        Logarithmic axes, to base ten; what is not positive is then left out.
    levels : horizontal lines with names, such as a threshold

    Examples
    --------
    >>> Panel("regret", "episodes", [Series("mornavi", [1, 2], [0.5, 0.75])]).x_label
    'episodes'
    """

    title: str
    x_label: str
    series: Sequence[Series]
    log_x: bool = False
    log_y: bool = False
    levels: Sequence[tuple[str, float]] = ()
