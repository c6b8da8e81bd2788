r"""The textbook duals of the sets with data for each state, to any number of digits.

    weighted L-inf  max_eta eta + sum_s (p_s - r_s)_+ (V_s - eta)_+ - min(1, p_s + r_s) (eta - V_s)_+,
                    r_s = rho / w_s
    Wasserstein     max_lam sum_s p_s min_t (V_t + lam d(s, t)^k) - lam rho^k
    bounds          the same between p - rho (p - lower)_+ and p + rho (upper - p)_+
    scenarios       (1 - rho) E_p V + rho min(E_p V, min_k E_{q_k} V), without a variable
    weighted L1     max_lam sum_s p_s min(V_s, m + lam w_s) - lam rho  with  m = min_t V_t + lam w_t
    L2, ellipsoid   max_lam max_eta eta - lam rho^2 + sum_s min_(y >= 0) y (V_s - eta) + lam w_s (y - p_s)^2

Those of the polyhedral sets are piecewise linear, and solved in fractions. The last is climbed as those of
the divergences are: its slope in lam is ``D^2 - rho^2`` at the best y. Sources: Ho, Petrik and Wiesemann
(2018); Ben-Tal et al. (2013); Gao and Kleywegt (2023).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import log10

import mpmath

from drmg_check.sets import (
    ProbabilityBounds,
    Quadratic,
    Row,
    Scenarios,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_oracles.rows._dual import (
    Curve,
    DualSolution,
    Real,
    allowed_states,
    best_breakpoint,
    climb,
    fraction_of,
    maximum,
    mpf_of,
)
from drmg_oracles.rows._regimes import saturation_radius


@maximum.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval, row: Row, digits: int) -> DualSolution:
    p, V, w, zero = row.probabilities, row.values, uncertainty.weights, Fraction(0)
    allowed = allowed_states(row)

    def knapsack(eta: Fraction) -> Fraction:
        least = sum((max(p[s] - row.radius / w[s], zero) * max(V[s] - eta, zero) for s in allowed), zero)
        most = sum(
            (min(p[s] + row.radius / w[s], Fraction(1)) * max(eta - V[s], zero) for s in allowed), zero
        )
        return eta + least - most

    return best_breakpoint(row, knapsack, "eta", digits)


@maximum.register(Quadratic)
def _quadratic(uncertainty: Quadratic, row: Row, digits: int) -> DualSolution:
    """Climb in the multiplier of the squared radius; eta is where the parabolas' vertices sum to 1."""
    allowed = allowed_states(row)
    floor, top = (f(row.values[s] for s in allowed) for f in (min, max))
    squares = uncertainty.squares(len(row.values))
    states = [(row.probabilities[s], (row.values[s] - floor) / (top - floor), squares[s]) for s in allowed]
    nearest = saturation_radius(row)
    assert nearest is not None
    if row.radius >= nearest * (1 + Fraction(1, 2**90)):  # it is known to 2^-100
        return DualSolution(floor, Fraction(0), "lambda", Fraction(0), digits)
    lost = sum(max(0.0, log10(x.denominator) - log10(x.numerator)) for x in (row.radius, min(squares)))
    with mpmath.workdps(2 * digits + 40 + 4 * int(lost)):
        rho, triples = mpf_of(row.radius), [(mpf_of(x), mpf_of(v), mpf_of(w)) for x, v, w in states]

        def at(lam: Real) -> tuple[Real, Real]:
            eta = _balance(triples, lam)
            y = [max(x - (v - eta) / (2 * lam * w), 0) for x, v, w in triples]
            distance = mpmath.fsum(w * (b - x) ** 2 for (x, _, w), b in zip(triples, y, strict=True))
            mean = mpmath.fsum(b * v for (_, v, _), b in zip(triples, y, strict=True))
            return mean + lam * (distance - rho**2), distance - rho**2

        slope = mpf_of(nearest) ** 2 - rho**2
        climbed = Curve(at, slope, mpmath.mpf(0), variable="lambda")
        value, error, place = climb(climbed, mpmath.mpf(10) ** -digits)
        span = top - floor
        return DualSolution(
            floor + span * fraction_of(value),
            span * fraction_of(error),
            "lambda",
            span * fraction_of(place),
            digits,
        )


def _balance(states: list[tuple[Real, Real, Real]], lam: Real) -> Real:
    """Return eta with ``sum (p - (V - eta) / (2 lam w))_+ = 1``: a state enters at ``V - 2 lam w p``."""
    entries = sorted((v - 2 * lam * w * x, x - v / (2 * lam * w), 1 / (2 * lam * w)) for x, v, w in states)
    constant, slope = mpmath.mpf(0), mpmath.mpf(0)
    for k, (_, height, rise) in enumerate(entries):
        constant, slope = constant + height, slope + rise
        eta = (1 - constant) / slope
        if k + 1 == len(entries) or eta <= entries[k + 1][0]:
            return eta
    raise AssertionError("a row has a state")


@maximum.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, row: Row, digits: int) -> DualSolution:
    p, V, rho, zero = row.probabilities, row.values, row.radius, Fraction(0)
    least = [x - rho * max(x - low, zero) for x, low in zip(p, uncertainty.lower, strict=True)]
    most = [x + rho * max(high - x, zero) for x, high in zip(p, uncertainty.upper, strict=True)]

    def knapsack(eta: Fraction) -> Fraction:
        return eta + sum(
            (a * max(v - eta, zero) - b * max(eta - v, zero) for a, b, v in zip(least, most, V, strict=True)),
            zero,
        )

    return best_breakpoint(row, knapsack, "eta", digits)


@maximum.register(Scenarios)
def _scenarios(uncertainty: Scenarios, row: Row, digits: int) -> DualSolution:
    V, rho = row.values, row.radius
    mean, *others = (
        sum((x * v for x, v in zip(q, V, strict=True)), Fraction(0))
        for q in (row.probabilities, *uncertainty.rows)
    )
    return DualSolution(mean - rho * max(mean - min(others), Fraction(0)), Fraction(0), "none", None, digits)


@maximum.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, row: Row, digits: int) -> DualSolution:
    p, V, w, allowed = row.probabilities, row.values, uncertainty.weights, allowed_states(row)

    def tangents(lam: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        least, prices = _cheapest([(V[t] + lam * w[t], w[t]) for t in allowed])
        value, left, right = -lam * row.radius, -row.radius, -row.radius
        for s, mass in enumerate(p):
            if mass:
                moved = least + lam * w[s]
                value += mass * min(V[s], moved)
                left += mass * (max(prices) + w[s] if moved <= V[s] else 0)
                right += mass * (min(prices) + w[s] if moved < V[s] else 0)
        return value, left, right

    return _highest_tangent(row, row.radius, tangents, digits)


@maximum.register(Wasserstein)
def _transport(uncertainty: Wasserstein, row: Row, digits: int) -> DualSolution:
    d, k = uncertainty.ground, uncertainty.order
    p, V, budget = row.probabilities, row.values, row.radius**k

    def tangents(lam: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Return the value and the slopes to the left and to the right of ``lam``."""
        value, left, right = -lam * budget, -budget, -budget
        for s, mass in enumerate(p):
            if mass:
                best, costs = _cheapest([(V[t] + lam * d[s][t] ** k, d[s][t] ** k) for t in range(len(V))])
                value, left, right = value + mass * best, left + mass * max(costs), right + mass * min(costs)
        return value, left, right

    return _highest_tangent(row, budget, tangents, digits)


def _highest_tangent(
    row: Row,
    budget: Fraction,
    tangents: Callable[[Fraction], tuple[Fraction, Fraction, Fraction]],
    digits: int,
) -> DualSolution:
    """Maximise a concave piecewise linear function of lam >= 0 that ends in ``mean - lam budget``.

    ``tangents`` returns its value and its slopes to the left and to the right.
    """
    p, V = row.probabilities, row.values
    value, _, slope = tangents(Fraction(0))
    if slope <= 0:
        return DualSolution(value, Fraction(0), "lambda", Fraction(0), digits)
    low = (value, slope)  # intercept and slope of the tangent on the left
    high = (sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0)), -budget)
    while True:
        lam = (high[0] - low[0]) / (low[1] - high[1])
        value, left, right = tangents(lam)
        if value == low[0] + low[1] * lam or right <= 0 <= left:
            return DualSolution(value, Fraction(0), "lambda", lam, digits)
        if right > 0:
            low = (value - right * lam, right)
        else:
            high = (value - left * lam, left)


def _cheapest(options: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, list[Fraction]]:
    """Return the least price, and the costs of all options that have it."""
    best = min(price for price, _ in options)
    return best, [cost for price, cost in options if price == best]
