"""One sweep over rows for every set: blocks are filled, bounded by the kernel of the set, and emptied.

The kernel is chosen by a number and not passed as a function: numba keeps no compiled code of functions that
were made with another one.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._blocks import empty_out, fill, fill_radii, longest, moved, on_a_line, write_bounds
from drmg_check.enclosures._chi2 import chi2_block
from drmg_check.enclosures._contamination import contamination_block
from drmg_check.enclosures._interval import interval_block
from drmg_check.enclosures._kl import kl_block
from drmg_check.enclosures._outward import BIG
from drmg_check.enclosures._tilted import tilted_block
from drmg_check.enclosures._tv import tv_block
from drmg_check.kernels.lanes import kernel, load, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray, IntArray

TV, CONTAMINATION, INTERVAL, CHI2, KL, HELLINGER, REVERSE_KL, CRESSIE_READ = range(8)


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
    indptr: IntArray,
    indices: IntArray,
    weights: FloatArray,
    radius: FloatArray,
    most: FloatArray,
    V: FloatArray,
    floor: float,
    order: FloatArray,
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    """Write bounds for each row; ``floor`` is the least value of all, or NaN where the support is kept."""
    n, K = radius.shape[0], longest(indptr)
    work, eight = on_a_line(24 * K + 16), on_a_line(32)
    p, x, free = work[: 8 * K], work[8 * K + 8 : 16 * K + 8], work[16 * K + 16 :]
    low, high = eight[16:24], eight[24:]
    for first in range(0, n, 8):
        k = fill(indptr, indices, weights, V, first, p, x)
        fill_radii(radius, most, first, eight[:8], eight[8:16])
        base = splat(floor) if floor == floor else floor_of(p, x, k)
        at_least, at_most = load(eight, 0), load(eight, 8)
        mass, mean, top = moved(p, x, k, base)
        if kind == TV:
            lower, upper = tv_block(p, x, k, mass, top, at_least, at_most, rounded)
        elif kind == CONTAMINATION:
            lower, upper = contamination_block(k, mean, top, at_least, at_most, rounded)
        elif kind == INTERVAL:
            lower, upper = interval_block(p, x, free, k, mass, top, at_least, at_most, rounded)
        elif kind == CHI2:
            lower, upper = chi2_block(p, x, k, mass, mean, top, at_least, at_most, rounded)
        elif kind != KL:
            lower, upper = tilted_block(kind, order, p, x, k, mass, mean, top, at_least, at_most, rounded)
        else:
            lower, upper = kl_block(p, x, k, mass, mean, top, at_least, at_most, rounded)
        write_bounds(base, lower, upper, low, high)
        empty_out(low, first, lo)
        empty_out(high, first, hi)
