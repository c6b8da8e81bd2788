r"""Intervals on all states: ``(p - rho)+ <= q <= min(p + rho, 1)``; a state beyond the support takes rho.

Values are ``x = V - b >= 0`` above the least of all. With ``F(c) = sum (c - x)+`` over *all* states and ``u'
= min(p + rho, 1) - rho``, what a state of the support may take more than one beyond, at any cap c

* **Lower bound**: ``E_q x >= c + sum (l (x - c)+ - u' (c - x)+) - rho F(c)``, the sum over the support;
* **Upper bound**: u below the cap, l above it, rho on every state beyond that is below the cap, and what is
  missing at the cap, is feasible; if a wrong cap leaves too little there, the rest counts as the largest
  value.

So a row asks of the states beyond only how many are below a cap and what they sum to, for caps up to its
``ceil(1 / rho) + K`` smallest: a table that all rows share. Its sums are compensated and err by 2 u.

Errors are those of the nominal support (:mod:`drmg_check.enclosures._interval`) with ``rho n`` more in their
absolute terms, n states being below the cap: a count times a cap, the sum, and their difference err by ``6
u`` of ``rho n c``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import fma, kernel, load, maximum, minimum, splat, store, where_le
from drmg_check.vocabulary import FloatArray

VALUE, BELOW, SUM_BELOW, UP_TO = range(4)  # rows of the table
WHOLE_PART = 2.0**31  # beyond any number of states


def least_values(W: FloatArray, radius: FloatArray, longest: int) -> FloatArray:
    """Return the least values above the very least, counts of those below and up to each, and their sums.

    As many as the smallest positive radius and the longest row ask for.
    """
    positive = radius[radius > 0.0]
    wanted = 1.0 / float(positive.min()) + longest + 2.0 if positive.size else 1.0
    count = min(W.size, int(min(wanted, WHOLE_PART)))
    values = np.sort(np.partition(W, count - 1)[:count]) - W.min()
    below = np.searchsorted(values, values, side="left")
    table = np.empty((4, count))
    table[VALUE], table[BELOW], table[UP_TO] = values, below, np.searchsorted(values, values, side="right")
    table[SUM_BELOW] = _compensated(values)[below]
    return table


@kernel()
def _compensated(values: FloatArray) -> FloatArray:
    """Return the sums of the first 0, 1, ... values; a sum in two doubles errs by one rounding of its end."""
    sums = np.empty(values.shape[0] + 1)
    total, lost = 0.0, 0.0
    for k in range(values.shape[0]):
        sums[k] = total + lost
        new = total + values[k]
        lost += values[k] - (new - total) if total >= values[k] else total - (new - values[k])
        total = new
    sums[values.shape[0]] = total + lost
    return sums


@kernel()
def _at(table: FloatArray, index: FloatArray, buffer: FloatArray) -> Any:  # noqa: ANN401 - lanes
    """Return an entry of a table a lane."""
    for lane in range(8):
        buffer[lane] = table[int(index[lane])]
    return load(buffer, 0)


@kernel()
def _cap_index(
    free: FloatArray,
    x: FloatArray,
    K: int,
    wide: Any,  # noqa: ANN401 - lanes
    room: Any,  # noqa: ANN401 - lanes
    least: FloatArray,
    index: FloatArray,
    buffer: FloatArray,
) -> None:
    """Write the place of the least value up to which there is room enough, or the last."""
    low, high = splat(-1.0), splat(1.0 * (least.shape[1] - 1))
    step = least.shape[1]
    while step > 0:
        step //= 2
        # halves are whole numbers: the shifter's trick would do, but a lane is read as an integer anyway
        store(index, 0, 0.5 * (low + high))
        for lane in range(8):
            index[lane] = np.floor(index[lane])
        middle = maximum(load(index, 0), 0.0)
        store(index, 0, middle)
        cap = _at(least[VALUE], index, buffer)
        filled = wide * _at(least[UP_TO], index, buffer)
        for j in range(K):
            filled = filled + where_le(load(x, 8 * j), cap, load(free, 8 * j), 0.0)
        high = where_le(room, filled, minimum(high, middle), high)
        low = where_le(room, filled, low, maximum(low, middle))
    store(index, 0, high)


@kernel()
def open_interval_block(
    p: FloatArray,
    x: FloatArray,
    free: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    least: FloatArray,
    eight: FloatArray,
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``; ``free`` is room for a number an entry."""
    index, buffer = eight[8:16], eight[16:24]
    wide, taken = radius * mass, splat(0.0)
    for j in range(K):
        weight = load(p, 8 * j)
        bottom = maximum(weight - wide, 0.0)
        taken = taken + bottom
        store(free, 8 * j, where_le(weight, 0.0, 0.0, minimum(weight + wide, mass) - bottom - wide))
    room = mass - taken
    _cap_index(free, x, K, wide, room, least, index, buffer)
    cap, n = _at(least[VALUE], index, buffer), _at(least[BELOW], index, buffer)
    summed = _at(least[SUM_BELOW], index, buffer)
    filled, sure = wide * n, wide * summed
    at_cap, dual = wide * (_at(least[UP_TO], index, buffer) - n), wide * (summed - n * cap)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        bottom, more = maximum(weight - wide, 0.0), load(free, 8 * j)
        under = where_le(cap, value, 0.0, more)
        filled, sure = filled + under, fma(bottom + under, value, sure)
        at_cap = at_cap + where_le(value, cap, more - under, 0.0)
        gap = value - cap
        dual = fma(bottom, maximum(gap, 0.0), dual) + (bottom + more) * minimum(gap, 0.0)
    missing = maximum(room - filled, 0.0)
    beyond = maximum(missing - at_cap, 0.0)
    upper = fma(beyond, 1.0, fma(missing - beyond, cap, sure)) / mass  # the span is 1 at most
    lower = cap + dual / mass
    span = maximum(high, cap) * (1.0 + 2.0 * U)
    spread = (1.0 * K + n) * most
    lost = (8.0 * K + 24.0) * (2.0 + spread) + 2.0 * rounded
    error = span * ((lost * U + 2.0 * (1.0 * K + n) * (most - radius)) * SLACK)
    nominal = mean * (1.0 + (2.0 * K + 6.0) * (U * SLACK)) + high * (2.0 * U * SLACK * rounded)
    return lower - error, minimum(upper + error, nominal)
