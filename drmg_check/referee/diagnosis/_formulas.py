r"""Formulas that are no convention of anybody, and that implementations compute all the same.

With ``m = E_p V``, ``s`` the standard deviation and ``R = max V - min V``: dropping ``q >= 0`` leaves
``m - sqrt(rho) s`` of the chi-square ball and ``m - rho R`` of total variation; the first-order expansion of
the KL ball is ``m - sqrt(2 rho) s``; the penalty in place of the ball gives ``-rho log E exp(-V / rho)``; a
grid of the dual variable gives a value below the maximum, as does a multiplier that is kept above a bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import exp, fsum, log, sqrt
from typing import TypeAlias

import numpy as np

from drmg_check.referee.diagnosis._alternatives import solved
from drmg_check.sets import ProbabilityBounds, Row, Wasserstein, WeightedInterval, leaves_support
from drmg_check.vocabulary import FloatArray, UnsupportedError
from drmg_oracles import saturation_radius

Dual: TypeAlias = Callable[[Row, FloatArray, FloatArray], FloatArray]  # row, p, values of eta to bounds


def mean(row: Row) -> Fraction:
    """Return the nominal expectation."""
    return sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


def n_states(row: Row) -> int:
    """Return the number of states."""
    return len(row.values)


def smallest(row: Row) -> Fraction:
    """Return min V."""
    return min(row.values)


def smallest_on_support(row: Row) -> Fraction:
    """Return min V over the nominal support."""
    return min(v for p, v in zip(row.nominal, row.values, strict=True) if p)


def revalued(row: Row, values: object) -> Row:
    """Return the row with other values."""
    return replace(row, values=tuple(values))  # type: ignore[arg-type]


def reweighted(row: Row, weights: list[Fraction]) -> Fraction:
    """Return the value with other nominal weights."""
    return solved(replace(row, nominal=tuple(weights)))


def with_added(small: Fraction, row: Row) -> Fraction:
    """Return the value with a constant added to each probability."""
    return reweighted(row, [p + small for p in row.probabilities])


def saturated(other: Callable[[Row], Fraction], row: Row) -> Fraction:
    """Return another number where the radius reaches the minimum."""
    limit = saturation_radius(row)
    return solved(row) if limit is None or row.radius < limit else other(row)


def discounted(gamma: Fraction, row: Row) -> Fraction:
    """Return the value times gamma."""
    return gamma * solved(row)


def clipped(x: Fraction) -> Fraction:
    """Return the number cut to [0, 1]."""
    return min(max(x, Fraction(0)), Fraction(1))


def variance(row: Row) -> Fraction:
    """Return the nominal variance of V."""
    m = mean(row)
    return sum((p * (v - m) ** 2 for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


def less_deviation(factor: int, row: Row) -> Fraction:
    """Return ``mean - sqrt(factor rho Var)``."""
    return mean(row) - Fraction(sqrt(factor * row.radius * variance(row)))


def less_rho_deviation(row: Row) -> Fraction:
    """Return ``mean - rho std``."""
    return mean(row) - row.radius * Fraction(sqrt(variance(row)))


def less_span(factor: Fraction, row: Row) -> Fraction:
    """Return ``mean - factor rho span``."""
    return mean(row) - factor * row.radius * row.span


def soft_minimum(row: Row, slope: float) -> Fraction:
    """Return ``-log E exp(-slope V) / slope``."""
    floor = smallest_on_support(row)
    pairs = [(float(p), float(v - floor)) for p, v in zip(row.probabilities, row.values, strict=True) if p]
    return floor - Fraction(log(fsum(p * exp(-slope * w) for p, w in pairs)) / slope)


def kept_above(least: Fraction, row: Row) -> Fraction:
    """Return the maximum of the concave KL dual over ``lam >= least``, which is at the bound or beyond."""
    at, beyond = (
        soft_minimum(row, 1 / lam) - Fraction(lam) * row.radius
        for lam in (float(least), 1.001 * float(least))
    )
    return solved(row) if beyond > at else at


def kept_below(most: int, row: Row) -> Fraction:
    """Return the maximum of the concave KL dual over ``lam <= most``, which is at the bound or before."""
    at, before = (
        soft_minimum(row, 1 / lam) - Fraction(lam) * row.radius for lam in (float(most), 0.999 * most)
    )
    return solved(row) if before > at else at


def on_grid(n: int, dual: Dual, row: Row) -> Fraction:
    """Return the largest of ``dual(row, p, eta)`` over n points eta from min V to max V."""
    p = np.array([float(x) for x in row.probabilities])
    V = np.array([float(v) for v in row.values])
    return Fraction(float(dual(row, p, np.linspace(V.min(), V.max(), n)).max()))


def capped_mean(row: Row, p: FloatArray, eta: FloatArray) -> FloatArray:
    """Return the dual of total variation, in which the radius of L1 counts half."""
    V = np.array([float(v) for v in row.values])
    floor = V.min() if leaves_support(row.uncertainty) else V[p > 0].min()
    values: FloatArray = np.minimum(V, eta[:, None]) @ p
    values -= float(row.canonical.radius) * np.maximum(eta - floor, 0)
    return values


def discounted_mean(gamma: Fraction, row: Row) -> Fraction:
    """Return the dual of total variation with gamma V in the expectation and V in its least value.

    It is piecewise linear and concave in the dual variable, with breakpoints at gamma V and at min V.
    """
    floor = smallest(row) if leaves_support(row.uncertainty) else smallest_on_support(row)
    radius, pairs = row.canonical.radius, tuple(zip(row.probabilities, row.values, strict=True))
    return max(
        sum((p * min(gamma * v, eta) for p, v in pairs), -radius * max(eta - floor, Fraction(0)))
        for eta in {floor, *(gamma * v for v in row.values)}
    )


def discounted_mixture(gamma: Fraction, row: Row) -> Fraction:
    """Return ``(1 - rho) gamma E V + rho min V``."""
    floor = smallest(row) if leaves_support(row.uncertainty) else smallest_on_support(row)
    return (1 - row.radius) * gamma * mean(row) + row.radius * floor


def capped_deviation(row: Row, p: FloatArray, eta: FloatArray) -> FloatArray:
    """Return the dual of chi-square: mean less deviation of V cut at eta."""
    cut = np.minimum(np.array([float(v) for v in row.values]), eta[:, None])
    m = cut @ p
    values: FloatArray = m - np.sqrt(float(row.radius) * ((cut - m[:, None]) ** 2 @ p))
    return values


def lower_tail(row: Row, *, scaled: bool) -> Fraction:
    """Return the expectation of the smallest values, of mass 1 - rho, scaled up or not."""
    left = kept = Fraction(0)
    room = 1 - row.radius
    if room <= 0 and scaled:
        raise UnsupportedError("no mass is left")
    for v, p in sorted(zip(row.values, row.probabilities, strict=True)):
        taken = min(p, max(room - left, Fraction(0)))
        left, kept = left + taken, kept + taken * v
    return kept / room if scaled else kept


def box(row: Row) -> Fraction:
    """Return the extreme of each term by itself, without ``sum q = 1``."""
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


def capped_above(row: Row) -> Fraction:
    """Return the smallest expectation with ``0 <= q <= p + rho`` and ``sum q = 1``, without a lower bound."""
    left, value = Fraction(1), Fraction(0)
    for v, _, most in _intervals(row):
        taken = min(most, left)
        left, value = left - taken, value + taken * v
    return value


def boxed(row: Row, *, at_least_one: bool) -> Fraction:
    """Return the smallest expectation within intervals with ``sum q >= 1``, or ``<= 1``."""
    states = _intervals(row)
    q = [most if v < 0 else least for v, least, most in states]
    if at_least_one:
        missing = 1 - sum(q, Fraction(0))
        for k, (_, _, most) in enumerate(states):  # the smallest values first
            added = min(max(missing, Fraction(0)), most - q[k])
            q[k], missing = q[k] + added, missing - added
    else:
        surplus = sum(q, Fraction(0)) - 1
        for k, (_, least, _) in reversed(list(enumerate(states))):
            taken = min(max(surplus, Fraction(0)), q[k] - least)
            q[k], surplus = q[k] - taken, surplus - taken
    return sum((x * v for x, (v, _, _) in zip(q, states, strict=True)), Fraction(0))


def _intervals(row: Row) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return ``(V, least q, largest q)`` of the states that the adversary reaches, the smallest V first."""
    ball, rho, zero = row.uncertainty, row.radius, Fraction(0)
    below = above = [rho] * n_states(row)
    if isinstance(ball, WeightedInterval):
        below = above = [rho / w for w in ball.weights]
    elif isinstance(ball, ProbabilityBounds):
        below = [rho * max(p - x, zero) for p, x in zip(row.probabilities, ball.lower, strict=True)]
        above = [rho * max(x - p, zero) for p, x in zip(row.probabilities, ball.upper, strict=True)]
    return sorted(
        (v, max(p - less, zero), min(p + more, Fraction(1)))
        for p, v, less, more in zip(row.probabilities, row.values, below, above, strict=True)
        if p or leaves_support(ball)
    )


def less_span_of_support(factor: Fraction, row: Row) -> Fraction:
    """Return ``mean - factor rho span`` with the span of V where ``p > 0``."""
    reached = [v for p, v in zip(row.nominal, row.values, strict=True) if p]
    return mean(row) - factor * row.radius * (max(reached) - min(reached))


def one_way(direction: int, row: Row) -> Fraction:
    """Maximise the transport dual, linear between its breakpoints, with targets on one side only."""
    ball = row.uncertainty
    if not isinstance(ball, Wasserstein):
        raise UnsupportedError("no transport")
    V, states, k = row.values, range(n_states(row)), ball.order
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


def of_order(order: int, row: Row) -> Fraction:
    """Return the value of the Wasserstein ball of another order."""
    if not isinstance(row.uncertainty, Wasserstein):
        raise UnsupportedError("no transport")
    return solved(row, replace(row.uncertainty, order=order))


def of_indices(row: Row) -> Fraction:
    """Return the value with the distance of indices."""
    if row.uncertainty.n_states is None:
        raise UnsupportedError("no transport")
    return solved(row, row.uncertainty.placed([Fraction(s) for s in range(n_states(row))]))
