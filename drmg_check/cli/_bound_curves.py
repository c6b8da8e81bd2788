"""Curves of the bounds: regret against K, and against H the K below which it is vacuous and Table 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import isnan, log10, nan
from typing import ParamSpec

from drmg_check.documents import Panel, Series
from drmg_check.vocabulary import InputError
from drmg_properties.bounds import (
    REGRET_BOUNDS,
    TABLE_1,
    Magnitude,
    Point,
    regret_at_power,
    samples,
    vacuous_below,
)

P = ParamSpec("P")
POINTS = 60
BEYOND = 2  # powers of ten that the first panel shows above the largest vacuous K
DRAWN = ("online-kl", "offline-kl", "online-tv", "generative-tv", "lower-bound-tv")
MOST = 24  # horizons at which the panels against H are evaluated


def panels(at: Point) -> tuple[Panel, ...]:
    """Return three pairs of axes, all in decimal logarithms: a bound as e^(2 H^2) fits no float."""
    return _against_K(at), *_against_H(at)


def _against_K(at: Point) -> Panel:
    limits = [_log(vacuous_below, bound, at.size, at.constants) for bound in REGRET_BOUNDS.values()]
    last = max((x for x in limits if not isnan(x)), default=6.0) + BEYOND
    logs = [last * k / POINTS for k in range(POINTS + 1)]
    curves = [
        Series(
            bound.name,
            logs,
            [_log(regret_at_power, bound, at.size, Fraction(x), at.constants) for x in logs],
        )
        for bound in REGRET_BOUNDS.values()
    ]
    trivial = Series("H K: vacuous above", logs, [x + log10(at.size.H) for x in logs])
    return Panel("log10 of the regret bound", "log10 K", [*curves, trivial])


def _against_H(at: Point) -> tuple[Panel, Panel]:
    last = max(2 * at.size.H, 4)
    horizons = sorted({2 + (last - 2) * k // MOST for k in range(MOST + 1)})
    sizes = [replace(at.size, H=H) for H in horizons]
    vacuous = [
        Series(bound.name, horizons, [_log(vacuous_below, bound, size, at.constants) for size in sizes])
        for bound in REGRET_BOUNDS.values()
    ]
    at_size = partial(samples, eps=at.eps, coverage=at.coverage, by_mass=at.by_mass)
    rows = [Series(name, horizons, [_log(at_size, TABLE_1[name], size) for size in sizes]) for name in DRAWN]
    return (
        Panel("log10 of the K below which it is vacuous", "H", vacuous),
        Panel("log10 of the samples K H, Table 1", "H", rows),
    )


def _log(bound: Callable[P, Magnitude], *args: P.args, **kwargs: P.kwargs) -> float:
    """Return the decimal logarithm; NaN, which is not drawn, where the size leaves the bound undefined."""
    try:
        return bound(*args, **kwargs).log10
    except InputError:
        return nan
