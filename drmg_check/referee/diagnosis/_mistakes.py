r"""Mistakes: formulas that are no convention of anybody, and that implementations compute all the same.

Each is a function of the row in float64 or in rationals. With ``m = E_p V``, ``s`` the standard deviation
and ``R = max V - min V``: dropping ``q >= 0`` leaves ``m - sqrt(rho) s`` of the chi-square ball and
``m - rho R`` of total variation; the first-order expansion of the KL ball is ``m - sqrt(2 rho) s``; the
penalty in place of the ball gives ``-rho log E exp(-V / rho)``; a grid of the dual variable gives a value
below the maximum, as does a multiplier that is kept above a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import exp, fsum, log, sqrt

import numpy as np

from drmg_check.referee.diagnosis._alternatives import Alternative, solved
from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    leaves_support,
)
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import saturation_radius

DISCOUNTS = ("1/2", "8/10", "9/10", "95/100", "97/100", "98/100", "99/100", "995/1000", "999/1000")
GRIDS = (10, 11, 20, 21, 50, 51, 100, 101, 200, 201, 500, 501, 1000, 1001)
SMOOTH_GRIDS = GRIDS[:4]
"""At a smooth maximum a grid of n points costs 1 / n^2 only: finer ones are right for most purposes."""
ADDED = (4, 6, 8, 10, 12, 16)
SMALLEST_MULTIPLIERS = ("1", "1/10", "1/100")


def mistakes(declared: UncertaintySet) -> Iterator[Alternative]:
    """Yield the mistakes that make sense for a set."""
    yield from _ignored(declared)
    yield from _changed_values()
    yield from _relaxed(declared)
    if isinstance(declared, TotalVariation | L1 | Contamination):
        yield from _moved_mass()
    if isinstance(declared, TotalVariation | L1 | ChiSquare):
        for n in SMOOTH_GRIDS if isinstance(declared, ChiSquare) else GRIDS:
            words = f"the dual maximised over {n} points from min V to max V"
            yield Alternative(f"a grid of {n} points", words, partial(_on_grid, n))
    if isinstance(declared, KullbackLeibler):
        for least in SMALLEST_MULTIPLIERS:
            words = f"the dual variable kept at {least} or more"
            yield Alternative(
                f"a multiplier of at least {least}", words, partial(_kept_above, Fraction(least))
            )
    if isinstance(declared, KullbackLeibler | ChiSquare | CressieRead) and not leaves_support(declared):
        for k in ADDED if isinstance(declared, KullbackLeibler) else ADDED[:2]:
            words = f"1e-{k} added to the probabilities, so that those of 0 count"
            yield Alternative(f"p + 1e-{k}", words, partial(_added, Fraction(1, 10**k)))
    if isinstance(declared, Interval):
        yield Alternative("intervals without a sum", "q does not sum to 1", _box)
    if isinstance(declared, Wasserstein):
        yield Alternative("transport to lower indices", "mass moves in one direction", partial(_one_way, -1))
        yield Alternative("transport to higher indices", "mass moves in one direction", partial(_one_way, 1))


def _ignored(declared: UncertaintySet) -> Iterator[Alternative]:
    yield Alternative("the nominal mean", "the radius is ignored", mean)
    yield Alternative(
        "the smallest value", "the minimum over all states, as if the radius were infinite", _low
    )
    words = "the minimum over the nominal support, as if the radius were infinite"
    yield Alternative("the smallest value of the support", words, _low_on_support)
    uniform = "the nominal probabilities are ignored"
    yield Alternative("a uniform nominal row", uniform, lambda row: _reweighted(row, [Fraction(1)] * _n(row)))
    words = "V is sorted without p"
    yield Alternative("V sorted upwards", words, lambda row: solved(_revalued(row, sorted(row.values))))
    yield Alternative(
        "V sorted downwards", words, lambda row: solved(_revalued(row, sorted(row.values, reverse=True)))
    )
    if not _saturates(declared):
        return
    where = "right for smaller radii, but where the radius reaches the minimum"
    yield Alternative("the mean when saturated", f"{where}, the nominal mean", partial(_saturated, mean))
    if leaves_support(declared):
        other, words = _low_on_support, f"{where}, the minimum over the nominal support"
    else:
        other, words = _low, f"{where}, the minimum over all states, p = 0 included"
    yield Alternative("another minimum when saturated", words, partial(_saturated, other))


def _saturates(declared: UncertaintySet) -> bool:
    """Say whether a finite radius reaches the minimum."""
    alpha = declared.alpha if isinstance(declared, CressieRead) else 1
    return alpha > 0 and not isinstance(declared, ReverseKL)


def _changed_values() -> Iterator[Alternative]:
    for text in DISCOUNTS:
        gamma = Fraction(text)
        words = f"the value times {float(gamma):g}, which a finite horizon does not have"
        yield Alternative(f"a discount of {float(gamma):g}", words, partial(_discounted, gamma))
    yield Alternative("a value clipped to [0, 1]", "min(max(value, 0), 1)", lambda row: _clip(solved(row)))
    yield Alternative(
        "V clipped to [0, 1]",
        "V cut to [0, 1] before the minimum is taken",
        lambda row: solved(_revalued(row, map(_clip, row.values))),
    )
    yield Alternative("no negative value", "max(value, 0)", lambda row: max(solved(row), Fraction(0)))


def _relaxed(declared: UncertaintySet) -> Iterator[Alternative]:
    chi2, tv = isinstance(declared, ChiSquare), isinstance(declared, TotalVariation)
    missing = "the closed form without q >= 0"
    yield Alternative(
        "mean - sqrt(rho Var)",
        missing if chi2 else "the closed form of chi-square",
        partial(_less_deviation, 1),
    )
    words = "the first-order expansion of a KL ball"
    yield Alternative("mean - sqrt(2 rho Var)", words, partial(_less_deviation, 2))
    yield Alternative("mean - rho std", "a penalty on the standard deviation", _less_rho_deviation)
    yield Alternative(
        "mean - rho Var", "a penalty on the variance", lambda row: mean(row) - row.radius * _var(row)
    )
    words = missing if tv else "a penalty on the span"
    yield Alternative("mean - rho span", words, partial(_less_span, Fraction(1)))
    if isinstance(declared, L1):
        yield Alternative("mean - rho span / 2", missing, partial(_less_span, Fraction(1, 2)))
    words = "the radius is a temperature: a penalty in place of the ball"
    yield Alternative("-rho log E exp(-V / rho)", words, lambda row: _soft(row, 1 / float(row.radius)))
    words = "the radius is a risk aversion: a penalty in place of the ball"
    yield Alternative("-log E exp(-rho V) / rho", words, lambda row: _soft(row, float(row.radius)))
    if isinstance(declared, KullbackLeibler | ReverseKL):
        words = "the dual at multiplier 1, not maximised"
        yield Alternative("-log E exp(-V) - rho", words, lambda row: _soft(row, 1.0) - row.radius)


def _moved_mass() -> Iterator[Alternative]:
    words = "the mass rho is cut from the largest values"
    yield Alternative("the lower tail", f"{words} and the rest scaled up", partial(_tail, scaled=True))
    yield Alternative("a lost mass", f"{words} and put nowhere", partial(_tail, scaled=False))
    yield Alternative(
        "(1 - rho) mean", "the worst state is left out", lambda row: (1 - row.radius) * mean(row)
    )
    yield Alternative(
        "mean + rho min",
        "the nominal mass is not scaled down",
        lambda row: mean(row) + row.radius * _low(row),
    )


def mean(row: Row) -> Fraction:
    """Return the nominal expectation."""
    return sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


def _n(row: Row) -> int:
    return len(row.values)


def _low(row: Row) -> Fraction:
    return min(row.values)


def _low_on_support(row: Row) -> Fraction:
    return min(v for p, v in zip(row.nominal, row.values, strict=True) if p)


def _revalued(row: Row, values: object) -> Row:
    return replace(row, values=tuple(values))  # type: ignore[arg-type]


def _reweighted(row: Row, weights: list[Fraction]) -> Fraction:
    return solved(replace(row, nominal=tuple(weights)))


def _added(small: Fraction, row: Row) -> Fraction:
    return _reweighted(row, [p + small for p in row.probabilities])


def _saturated(other: Callable[[Row], Fraction], row: Row) -> Fraction:
    limit = saturation_radius(row)
    return solved(row) if limit is None or row.radius < limit else other(row)


def _discounted(gamma: Fraction, row: Row) -> Fraction:
    return gamma * solved(row)


def _clip(x: Fraction) -> Fraction:
    return min(max(x, Fraction(0)), Fraction(1))


def _var(row: Row) -> Fraction:
    m = mean(row)
    return sum((p * (v - m) ** 2 for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


def _less_deviation(factor: int, row: Row) -> Fraction:
    return mean(row) - Fraction(sqrt(factor * row.radius * _var(row)))


def _less_rho_deviation(row: Row) -> Fraction:
    return mean(row) - row.radius * Fraction(sqrt(_var(row)))


def _less_span(factor: Fraction, row: Row) -> Fraction:
    return mean(row) - factor * row.radius * row.span


def _soft(row: Row, slope: float) -> Fraction:
    """Return ``-log E exp(-slope V) / slope``."""
    floor = _low_on_support(row)
    pairs = [(float(p), float(v - floor)) for p, v in zip(row.probabilities, row.values, strict=True) if p]
    return floor - Fraction(log(fsum(p * exp(-slope * w) for p, w in pairs)) / slope)


def _kept_above(least: Fraction, row: Row) -> Fraction:
    """Return the maximum of the concave KL dual over ``lam >= least``, which is at the bound or beyond."""
    at, beyond = (
        _soft(row, 1 / lam) - Fraction(lam) * row.radius for lam in (float(least), 1.001 * float(least))
    )
    return solved(row) if beyond > at else at


def _on_grid(n: int, row: Row) -> Fraction:
    p = np.array([float(x) for x in row.probabilities])
    V = np.array([float(v) for v in row.values])
    floor = V.min() if leaves_support(row.uncertainty) else V[p > 0].min()
    eta = np.linspace(V.min(), V.max(), n)
    cut = np.minimum(V, eta[:, None])
    if isinstance(row.uncertainty, ChiSquare):
        m = cut @ p
        best = m - np.sqrt(float(row.radius) * ((cut - m[:, None]) ** 2 @ p))
    else:
        rho = float(row.radius) / (2 if isinstance(row.uncertainty, L1) else 1)
        best = cut @ p - rho * np.maximum(eta - floor, 0)
    return Fraction(float(best.max()))


def _tail(row: Row, *, scaled: bool) -> Fraction:
    left = kept = Fraction(0)
    room = 1 - row.radius
    if room <= 0:
        raise UnsupportedError("no mass is left")
    for v, p in sorted(zip(row.values, row.probabilities, strict=True)):
        taken = min(p, room - left)
        left, kept = left + taken, kept + taken * v
    return kept / room if scaled else kept


def _box(row: Row) -> Fraction:
    rho = row.radius
    inside = leaves_support(row.uncertainty)
    return sum(
        (
            v * (max(p - rho, Fraction(0)) if v > 0 else min(p + rho, Fraction(1)))
            for p, v in zip(row.probabilities, row.values, strict=True)
            if p or inside
        ),
        Fraction(0),
    )


def _one_way(direction: int, row: Row) -> Fraction:
    """Maximise the transport dual, linear between its breakpoints, with targets on one side only."""
    ball = row.uncertainty
    if not isinstance(ball, Wasserstein):
        raise UnsupportedError("no transport")
    V, states, k = row.values, range(_n(row)), ball.order
    targets = {s: [t for t in states if direction * (t - s) >= 0] for s in states}
    cost = {(s, t): ball.ground[s][t] ** k for s in states for t in targets[s]}
    prices = {
        (V[t] - V[u]) / (cost[s, u] - cost[s, t])
        for s in states
        for t in targets[s]
        for u in targets[s]
        if cost[s, u] != cost[s, t]
    }
    return max(
        sum(
            (
                p * min(V[t] + price * cost[s, t] for t in targets[s])
                for s, p in enumerate(row.probabilities)
                if p
            ),
            -price * row.radius**k,
        )
        for price in {Fraction(0), *prices}
        if price >= 0
    )
