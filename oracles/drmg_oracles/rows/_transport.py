r"""Exact worst cases of the Wasserstein and weighted L1 balls: a fractional multiple-choice knapsack.

With ``C = d^p`` and the budget ``b = rho^p``, every state i of the nominal support sends its mass along the
lower convex hull of the points ``(C_ij, V_j)``, starting at ``(0, V_i)``. All hull edges compete for the
budget; the steepest descent per unit of cost goes first and the last edge is taken in part. Dual:

    sigma = max_{lam >= 0}  -lam b + sum_i p_i min_j (V_j + lam C_ij),

where lam is the steepness of the last edge used, 0 if the budget was not exhausted. Primal = dual exactly.
Weighted L1 is transport at the cost ``w_i + w_j`` between the states that the adversary may use.
Costs and values are scaled to integers first: the O(S^2 log S) part then needs no rational arithmetic.
Sources: Gao and Kleywegt (2023); Sinha and Zoltners (1979) for the linear multiple-choice knapsack.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from drmg_check.sets import Row, Wasserstein, WeightedL1
from drmg_oracles.rows._certificate import Certificate, Enclosure, Move
from drmg_oracles.rows._polyhedral import admissible, expectation

Edge = tuple[Fraction, int, int]  # descent per unit of cost, state, index of the edge in its hull


def enclose_wasserstein(uncertainty: Wasserstein, row: Row, _bits: int) -> Enclosure:
    """Enclose a Wasserstein row; lo == hi."""
    order, p = uncertainty.order, row.probabilities
    costs = [[x**order for x in uncertainty.ground[i]] for i in range(len(p)) if p[i]]
    plan, lam = _cheapest_plan(p, row.values, costs, row.radius**order)
    q = arrived(plan, len(p))
    value = expectation(q, row.values)
    return Enclosure(row, value, value, Certificate(tuple(q), "dual", lam, tuple(plan)))


def enclose_weighted_l1(uncertainty: WeightedL1, row: Row, _bits: int) -> Enclosure:
    """Enclose a weighted L1 row; lo == hi."""
    kept, w = admissible(row), uncertainty.weights
    p, V = [row.probabilities[s] for s in kept], [row.values[s] for s in kept]
    costs = [[(w[s] + w[t]) * (s != t) for t in kept] for s in kept if row.probabilities[s]]
    plan, lam = _cheapest_plan(p, V, costs, row.radius)
    inside = dict(zip(kept, arrived(plan, len(kept)), strict=True))
    q = [inside.get(s, Fraction(0)) for s in range(len(row.values))]
    value = expectation(q, row.values)
    return Enclosure(row, value, value, Certificate(tuple(q), "dual", lam))


def arrived(plan: Sequence[Move], n: int) -> list[Fraction]:
    """Return the mass that a plan brings to each of n states."""
    q = [Fraction(0)] * n
    for _, j, mass in plan:
        q[j] += mass
    return q


def _cheapest_plan(
    p: Sequence[Fraction], values: Sequence[Fraction], costs: Sequence[Sequence[Fraction]], budget: Fraction
) -> tuple[list[Move], Fraction]:
    """Return the plan that lowers the mean most within the budget, and the steepness of its last edge.

    ``costs`` holds a row for each state of the support.
    """
    support = [i for i, mass in enumerate(p) if mass]
    V, value_unit = _integers(values)
    flat, cost_unit = _integers([x for line in costs for x in line])
    S = len(V)
    cost = {i: flat[k * S : (k + 1) * S] for k, i in enumerate(support)}
    hulls = {i: _hull(i, cost[i], V) for i in support}
    edges: list[Edge] = [
        (Fraction(V[j] - V[k], cost[i][k] - cost[i][j]), i, e)
        for i, hull in hulls.items()
        for e, (j, k) in enumerate(pairwise(hull))
    ]
    left = budget / cost_unit
    at = dict.fromkeys(support, 0)  # how far along its hull the mass of i has moved
    partial: tuple[int, Fraction] | None = None
    steepness = Fraction(0)
    for slope, i, e in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        j, k = hulls[i][e], hulls[i][e + 1]
        needed = p[i] * (cost[i][k] - cost[i][j])
        if needed > left:
            partial, steepness = (i, left / needed), slope
            break
        at[i] = e + 1
        left -= needed
    plan: list[Move] = []
    for i in support:
        share = partial[1] if partial and partial[0] == i else Fraction(0)
        plan.append((i, hulls[i][at[i]], (1 - share) * p[i]))
        if share:
            plan.append((i, hulls[i][at[i] + 1], share * p[i]))
    return plan, steepness * value_unit / cost_unit


def _integers(x: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Return integers n and a unit such that ``x = unit * n``."""
    scale = math.lcm(*(value.denominator for value in x))
    return [int(value * scale) for value in x], Fraction(1, scale)


def _hull(i: int, cost: Sequence[int], V: Sequence[int]) -> list[int]:
    """Return the states on the descending lower convex hull of ``(cost_j, V_j)``, from i to an argmin."""
    hull = [i]
    for j in sorted(range(len(V)), key=lambda j: (cost[j], V[j])):
        if V[j] >= V[hull[-1]]:
            continue
        while len(hull) > 1 and (V[hull[-2]] - V[hull[-1]]) * (cost[j] - cost[hull[-1]]) <= (
            V[hull[-1]] - V[j]
        ) * (cost[hull[-1]] - cost[hull[-2]]):
            hull.pop()
        hull.append(j)
    return hull
