r"""Wasserstein: plans move mass of each state along the lower hull of its points (cost, value), at a budget.

Values are ``x = V - b >= 0`` above the least of all, costs are ``C = d^p`` and the budget ``B = rho^p``. For
each source i the hull of the points ``(C_ij, x_j)`` is found once a sweep, with vertices ``(d_k, v_k)``, and
then proved: every point lies above it but for ``e_i``, so that ``min_j x_j + lambda C_ij >= min_k v_k +
lambda d_k - e_i`` for all ``lambda >= 0``. Whatever hull and lambda:

* **Lower bound** (weak duality): ``sum p_i (min_k v_k + lambda d_k - e_i) - lambda B``.
* **Upper bound**: all edges at least as steep as lambda make one plan, the steeper ones another; mixed so
  that they cost B, they are feasible. Where the second alone costs more, it is mixed with staying.

To first order in u, with K states in the support: a rounded cost errs by u, which widens the budget by 2 u of
itself; a vertex at lambda errs by ``2 u`` of at most its source's own value; sums err by ``2 K + 4``, of the
span for values, of themselves for costs; ``lambda B`` by 4 of itself. An interpolation between vertices errs
by 8 of the larger value, which is in ``e_i``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from drmg_check.enclosures._blocks import LANES, LEAST_DOUBLE
from drmg_check.enclosures._outward import SLACK, TINY, U, between
from drmg_check.kernels.lanes import hulls, kernel
from drmg_check.sets import Wasserstein
from drmg_check.vocabulary import Array, FloatArray, IntArray, exact

Edges: TypeAlias = tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]
LEAST_COST, LEAST_BUDGET = 2.0**-900, 2.0**-900  # of the largest cost


@dataclass(frozen=True, slots=True, eq=False)
class Hulls:
    """The hulls of all states under a value vector, edge by edge, each state's steepest first.

    Attributes
    ----------
    first : int64 array [S + 1]
        Where each state's edges begin.
    slope, cost, value : float64 array [M]
        Of an edge: gain over cost, and cost and value at its end.
    below : float64 array [S]
        How far a point may lie below the hull.
    slopes : float64 array [M]
        All slopes, steepest first.
    x : float64 array [S]
        Values above the least.
    """

    first: IntArray
    slope: FloatArray
    cost: FloatArray
    value: FloatArray
    below: FloatArray
    slopes: FloatArray
    x: FloatArray


@lru_cache(maxsize=8)  # a set for each agent of a game; sorting S^2 costs takes longer than a short sweep
def _costs(uncertainty: Wasserstein) -> tuple[FloatArray, IntArray, int]:
    """Return the costs over a power of two, each row's ascending order, and that power."""
    powers = {x: x**uncertainty.order for row in uncertainty.ground for x in row}
    largest = max(powers.values())
    exponent = int(np.frexp(float(largest))[1]) if largest else 0
    scale = Fraction(2) ** -exponent
    C = np.array([[float(powers[x] * scale) for x in row] for row in uncertainty.ground])
    return C, np.argsort(C, axis=1, kind="stable").astype(np.int64), exponent


def are_apart(uncertainty: Wasserstein) -> bool:
    """Whether costs differ by so little that none rounds to 0 or to a subnormal number."""
    C, _, _ = _costs(uncertainty)
    return bool(np.where(np.eye(len(C), dtype=bool), 1.0, C).min() > LEAST_COST)


def transport(
    uncertainty: Wasserstein,
    rows: tuple[IntArray, IntArray, FloatArray],
    radius: Array,
    W: FloatArray,
    scale: FloatArray,
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> Callable[[int, int], None]:
    """Return what writes bounds for the rows of blocks ``begin`` to ``end``, in units of the caller."""
    C, order, exponent = _costs(uncertainty)
    unit = Fraction(2) ** -exponent
    known = {x: exact(x) ** uncertainty.order * unit for x in set(radius.tolist())}
    low = np.array([between(known[x])[0] for x in radius.tolist()])
    most = np.array([between(known[x])[1] for x in radius.tolist()])
    hull = hulls_of(C, order, W)
    shape = hull.first, hull.slope, hull.cost, hull.value, hull.x

    def part(begin: int, end: int) -> None:
        transported(
            begin, end, *rows, low, most, shape, hull.below, hull.slopes, float(W.min()), scale, rounded,
            lo, hi,
        )  # fmt: skip

    return part


def hulls_of(C: FloatArray, order: IntArray, W: FloatArray) -> Hulls:
    """Return the hulls for the values W, and how far points may lie below them."""
    x = W - W.min()
    source, start, end = hulls(C, order, x)
    first = np.searchsorted(source, np.arange(len(x) + 1)).astype(np.int64)
    owner = np.repeat(np.arange(len(x)), np.diff(first))  # whose edges they are taken for, found well or not
    cost, value = C[owner, end], x[end]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (x[start] - value) / (cost - C[owner, start])
    return Hulls(
        first, slope, cost, value, _below(C, order, x, first, cost, value), np.sort(slope)[::-1].copy(), x
    )


@kernel()
def _below(
    C: FloatArray, order: IntArray, x: FloatArray, first: IntArray, cost: FloatArray, value: FloatArray
) -> FloatArray:
    """Return how far below each state's hull a point may lie."""
    S = x.shape[0]
    result = np.zeros(S)
    for i in range(S):
        edge, last = first[i], first[i + 1]
        d, v, most = 0.0, x[i], 0.0
        for k in range(S):
            j = order[i, k]
            c = C[i, j]
            while edge < last and cost[edge] < c:
                d, v = cost[edge], value[edge]
                edge += 1
            hull = v
            if edge < last and cost[edge] > d:
                hull = v + (value[edge] - v) * ((c - d) / (cost[edge] - d))
            most = max(most, hull - x[j])
        result[i] = most + 8.0 * U * x[i]
    return result


@kernel()
def _plan(
    own: IntArray, p: FloatArray, count: int, h: Edges,
    at: float, strictly: bool,
) -> tuple[float, float]:  # fmt: skip
    """Return cost and value of the plan of all edges steeper than ``at``, or as steep unless ``strictly``."""
    first, slope, cost, value, x = h
    paid, left = 0.0, 0.0
    for k in range(count):
        i = own[k]
        d, v = 0.0, x[i]
        for edge in range(first[i], first[i + 1]):
            if slope[edge] < at or (strictly and slope[edge] == at):
                break
            d, v = cost[edge], value[edge]
        paid += p[k] * d
        left += p[k] * v
    return paid, left


@kernel()
def _dual(
    own: IntArray, p: FloatArray, count: int, h: Edges,
    below: FloatArray, at: float,
) -> float:  # fmt: skip
    """Return ``sum p_i (min_k v_k + lambda d_k - e_i)``."""
    first, _, cost, value, x = h
    result = 0.0
    for k in range(count):
        i = own[k]
        best = x[i]
        for edge in range(first[i], first[i + 1]):
            best = min(best, value[edge] + at * cost[edge])
        result += p[k] * (best - below[i])
    return result


@kernel()
def _in_units(x: float, scale: FloatArray, away: float) -> float:
    """Return x in units of the caller: see :func:`drmg_check.enclosures._blocks.unscaled`."""
    y = x * scale[0] * scale[1]
    return float(y if y * scale[3] * scale[2] == x else y + away)


@kernel()
def transported(
    begin: int,
    end: int,
    starts: IntArray,
    columns: IntArray,
    weights: FloatArray,
    budget: FloatArray,
    most: FloatArray,
    h: Edges,
    below: FloatArray,
    slopes: FloatArray,
    floor: float,
    scale: FloatArray,
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    """Write bounds for the rows of blocks ``begin`` to ``end``."""
    x = h[4]
    longest = 0
    for block in range(begin, end):
        longest = max(longest, starts[block + 1] - starts[block])
    own, p = np.empty(longest, dtype=np.int64), np.empty(longest)
    for row in range(LANES * begin, min(LANES * end, lo.shape[0])):
        block, lane, count = row // LANES, row % LANES, 0
        mass, mean, high = 0.0, 0.0, 0.0
        for j in range(starts[block], starts[block + 1]):
            weight = weights[LANES * j + lane]
            if weight > 0.0:
                own[count], p[count] = columns[LANES * j + lane], weight
                mass += weight
                mean += weight * x[own[count]]
                high = max(high, x[own[count]])
                count += 1
        K = 2.0 * count
        room = budget[row] if budget[row] > LEAST_BUDGET else 0.0  # below, products may be subnormal
        room = room * (1.0 - 4.0 * U) * mass * (1.0 - (K + 4.0) * U)
        low, top = 0, slopes.shape[0]  # steepest edges that the budget pays for, at least and less than
        while low < top:
            middle = (low + top) // 2
            if _plan(own, p, count, h, slopes[middle], False)[0] > room:
                top = middle
            else:
                low = middle + 1
        at = slopes[low] if low < slopes.shape[0] else 0.0
        dear, last = _plan(own, p, count, h, at, False)
        paid, left = _plan(own, p, count, h, at, True)
        dear, paid = dear * (1.0 + (K + 4.0) * U), paid * (1.0 + (K + 4.0) * U)
        if paid > room:  # a wrong slope: mix with staying
            dear, last, paid, left = paid, left, 0.0, mean
        share = 1.0
        if dear > room:
            share = max((room - paid) / (dear - paid) * (1.0 - 8.0 * U), 0.0)
        upper = (left - share * (left - last)) / mass
        lower = _dual(own, p, count, h, below, at) / mass - at * most[row] * (1.0 + 8.0 * U)
        error = high * (((2.0 * K + 24.0 + 2.0 * rounded) * U) * SLACK) + TINY
        down, up = max(lower - error, 0.0), min(upper + error, high * (1.0 + 4.0 * U) + TINY)
        x0, x1 = floor + down, floor + up
        lo[row] = _in_units(x0 - 2.0 * U * (abs(x0) + down) - TINY, scale, -LEAST_DOUBLE)
        hi[row] = _in_units(x1 + 2.0 * U * (abs(x1) + up) + TINY, scale, LEAST_DOUBLE)
