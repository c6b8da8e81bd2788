r"""Exact worst cases of the polyhedral balls that need no transport: TV, L1, contamination, intervals, lists.

With ``v = min V`` over the states that the adversary may use, and everything rational:

* TV: ``sigma = max_c E_p[min(V, c)] - rho (c - v)``. Primal: cut mass rho from the largest values and put
  it on one argmin; the optimal c is the value where the cut ends. L1 of radius rho is TV of radius rho/2.
* contamination: ``sigma = (1 - rho) E_p V + rho v``, attained by ``(1 - rho) p + rho delta_argmin``.
* interval: ``l = (p - rho)_+ <= q <= u = min(1, p + rho)``; ``sigma = max_eta eta + sum_s l_s (V_s - eta)_+ -
  u_s (eta - V_s)_+``. Primal: start from l and fill up to u in the order of V; eta is the last value filled.
  With weights the same with ``rho / w_s`` for rho; bounds given as data are drawn towards p by ``1 - rho``.
* scenarios: ``sigma = (1 - rho) E_p V + rho min(E_p V, min_k E_{q_k} V)``.

Primal and dual agree exactly, so that lo == hi; the weak duality of each is one line in ``checker.py``.
Sources: Iyengar (2005); Huber (1964); Givan, Leach and Dean (2000).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from drmg_check.sets import (
    Contamination,
    Interval,
    ProbabilityBounds,
    Row,
    Scenarios,
    TotalVariation,
    WeightedInterval,
    leaves_support,
)
from drmg_oracles.rows._certificate import Certificate, Enclosure

ZERO, ONE = Fraction(0), Fraction(1)


def tv_worst_case(
    weights: Sequence[Fraction], values: Sequence[Fraction], floor: Fraction, radius: Fraction
) -> Fraction:
    """Return the TV worst case of a row given by its support alone, in O(support log support).

    Parameters
    ----------
    weights, values : sequences of Fraction, length of the support
        The positive nominal weights (they mean their normalisation) and the values there.
    floor : Fraction
        The smallest value that the adversary may reach: over all states, or over the support.
    radius : Fraction
        In [0, 1], half the L1 distance.

    Examples
    --------
    >>> half = Fraction(1, 2)
    >>> tv_worst_case([half, half], [Fraction(1), Fraction(2)], floor=Fraction(0), radius=Fraction(1, 4))
    Fraction(1, 1)
    """
    total = sum(weights, ZERO)
    left = radius * total
    gain = ZERO
    for value, weight in sorted(zip(values, weights, strict=True), reverse=True):
        if left <= weight:
            gain += left * (value - floor)
            break
        gain += weight * (value - floor)
        left -= weight
    mean = sum((w * v for w, v in zip(weights, values, strict=True)), ZERO)
    return (mean - gain) / total


def enclose_tv(_: TotalVariation, row: Row, _bits: int) -> Enclosure:
    """Enclose a TV row; lo == hi."""
    p, V = row.probabilities, row.values
    left = row.radius
    target = argmin(row)
    q = list(p)
    order = sorted((s for s, mass in enumerate(p) if mass), key=lambda s: V[s], reverse=True)
    cap = V[order[0]]
    for s in order:
        if left == 0:
            break
        cap = max(V[s], V[target])
        moved = min(left, p[s])
        q[s] -= moved
        q[target] += moved
        left -= moved
    return _exact(row, q, cap)


def enclose_contamination(_: Contamination, row: Row, _bits: int) -> Enclosure:
    """Enclose a contamination row; lo == hi."""
    q = [(1 - row.radius) * mass for mass in row.probabilities]
    q[argmin(row)] += row.radius
    return _exact(row, q, None)


def enclose_interval(_: Interval, row: Row, _bits: int) -> Enclosure:
    """Enclose a row of the interval (L-infinity) set; lo == hi."""
    rho = row.radius
    return _fill(row, [max(ZERO, mass - rho) for mass in row.probabilities], lambda s: rho)


def enclose_weighted_interval(uncertainty: WeightedInterval, row: Row, _bits: int) -> Enclosure:
    """Enclose a row of the weighted L-infinity set; lo == hi."""
    widths = [row.radius / w for w in uncertainty.weights]
    least = [max(ZERO, mass - x) for mass, x in zip(row.probabilities, widths, strict=True)]
    return _fill(row, least, widths.__getitem__)


def enclose_bounds(uncertainty: ProbabilityBounds, row: Row, _bits: int) -> Enclosure:
    """Enclose a row of bounds given as data; lo == hi."""
    p, rho = row.probabilities, row.radius
    least = [m - rho * max(m - low, ZERO) for m, low in zip(p, uncertainty.lower, strict=True)]
    return _fill(row, least, lambda s: rho * max(uncertainty.upper[s] - p[s], ZERO))


def enclose_scenarios(uncertainty: Scenarios, row: Row, _bits: int) -> Enclosure:
    """Enclose a row of a finite list; lo == hi."""
    p, rho = row.probabilities, row.radius
    worst = min((p, *uncertainty.rows), key=lambda q: expectation(q, row.values))
    return _exact(row, [(1 - rho) * m + rho * x for m, x in zip(p, worst, strict=True)], None)


def _fill(row: Row, least: Sequence[Fraction], width: Callable[[int], Fraction]) -> Enclosure:
    """Fill a row from ``least`` up to ``p + width`` in the order of V."""
    p, V = row.probabilities, row.values
    q = list(least)
    left = 1 - sum(q)
    order = sorted(admissible(row), key=lambda s: V[s])
    eta = V[order[0]]
    for s in order:
        if left == 0:
            break
        eta = V[s]
        filled = min(left, min(ONE, p[s] + width(s)) - q[s])
        q[s] += filled
        left -= filled
    return _exact(row, q, eta)


def admissible(row: Row) -> list[int]:
    """Return the states on which the adversary may put mass."""
    everywhere = leaves_support(row.uncertainty)
    return [s for s, weight in enumerate(row.nominal) if everywhere or weight]


def argmin(row: Row) -> int:
    """Return the first admissible state of smallest value."""
    return min(admissible(row), key=lambda s: row.values[s])


def expectation(q: Sequence[Fraction], V: Sequence[Fraction]) -> Fraction:
    """Return ``E_q V``."""
    return sum((mass * value for mass, value in zip(q, V, strict=True) if mass), ZERO)


def _exact(row: Row, q: Sequence[Fraction], at: Fraction | None) -> Enclosure:
    value = expectation(q, row.values)
    return Enclosure(row, value, value, Certificate(tuple(q), "dual", at))
