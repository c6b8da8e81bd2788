"""One sweep over rows for every set: blocks are filled, bounded by the kernel of the set, and emptied.

The kernel is chosen by a number and not passed as a function: numba keeps no compiled code of functions that
were made with another one.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._blocks import (
    CHI2,
    CONTAMINATION,
    INTERVAL,
    KL,
    LANES,
    OPEN_INTERVAL,
    TV,
    eight_of,
    empty_out,
    gather,
    longest,
    moved,
    on_a_line,
    outward,
)
from drmg_check.enclosures._chi2 import chi2_block
from drmg_check.enclosures._contamination import contamination_block
from drmg_check.enclosures._interval import interval_block
from drmg_check.enclosures._kl import kl_block
from drmg_check.enclosures._open_interval import open_interval_block
from drmg_check.enclosures._outward import BIG
from drmg_check.enclosures._tilted import tilted_block
from drmg_check.enclosures._tv import tv_block
from drmg_check.kernels.lanes import borrowed, kernel, load, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def floor_of(p: FloatArray, x: FloatArray, K: int) -> Any:  # noqa: ANN401 - lanes
    """Return the least value with positive weight."""
    least = splat(BIG)
    for j in range(K):
        least = minimum(least, where_le(load(p, 8 * j), 0.0, BIG, load(x, 8 * j)))
    return least


@kernel()
def sweep(
    kind: int,
    begin: int,
    end: int,
    starts: IntArray,
    columns: IntArray,
    weights: FloatArray,
    radius: FloatArray,
    most: FloatArray,
    V: FloatArray,
    floor: float,
    least: FloatArray,
    order: FloatArray,
    scale: FloatArray,
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    """Write bounds for the rows of blocks ``begin`` to ``end``.

    ``floor`` is the least value of all, or NaN where the support is kept; ``least`` and ``order`` are what
    open intervals and orders of divergences ask for; ``scale`` takes values back to the units of the caller.
    """
    starts, columns, weights, V = borrowed(starts), borrowed(columns), borrowed(weights), borrowed(V)
    radius, most, lo, hi = borrowed(radius), borrowed(most), borrowed(lo), borrowed(hi)
    least, order, scale = borrowed(least), borrowed(order), borrowed(scale)
    K = longest(starts)
    buffers = on_a_line(16 * K + 8 + 4 * LANES)
    eight, work = borrowed(buffers)[: 4 * LANES], borrowed(buffers)[4 * LANES :]
    x, free = work[: 8 * K], work[8 * K + 8 :]
    for block in range(begin, end):
        first, k = LANES * block, starts[block + 1] - starts[block]
        start, stop = LANES * starts[block], LANES * starts[block + 1]
        p = weights[start:stop]
        gather(columns[start:stop], V, x)
        at_least, at_most = eight_of(radius, first, eight), eight_of(most, first, eight)
        base = splat(floor) if floor == floor else floor_of(p, x, k)
        mass, mean, top = moved(p, x, k, base)
        if kind == TV:
            lower, upper = tv_block(p, x, k, mass, top, at_least, at_most, rounded)
        elif kind == CONTAMINATION:
            lower, upper = contamination_block(k, mean, top, at_least, at_most, rounded)
        elif kind == INTERVAL:
            lower, upper = interval_block(p, x, free, k, mass, top, at_least, at_most, rounded)
        elif kind == OPEN_INTERVAL:
            lower, upper = open_interval_block(
                p, x, free, k, mass, mean, top, at_least, at_most, least, eight, rounded
            )
        elif kind == CHI2:
            lower, upper = chi2_block(p, x, k, mass, mean, top, at_least, at_most, rounded)
        elif kind == KL:
            lower, upper = kl_block(p, x, k, mass, mean, top, at_least, at_most, rounded)
        else:
            lower, upper = tilted_block(kind, order, p, x, k, mass, mean, top, at_least, at_most, rounded)
        below, above = outward(base, lower, upper, scale)
        empty_out(below, first, eight, lo)
        empty_out(above, first, eight, hi)
    buffers[0] = 0.0  # its count falls to none at its last use
