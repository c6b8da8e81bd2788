r"""Contamination: ``sigma = (1 - rho) E_p x``, for values ``x = V - b`` above the least that may be reached.

Two factors, the sums, a division and a product err by ``(2 K + 3) u`` of the span, and an enclosed radius by
its width.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._blocks import empty_out, fill, fill_radii, longest, on_a_line
from drmg_check.enclosures._outward import SLACK, U, above, below
from drmg_check.enclosures._tv import floor_of
from drmg_check.kernels.lanes import fma, kernel, load, maximum, splat, store, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _block(
    p: FloatArray,
    x: FloatArray,
    K: int,
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    base: Any,  # noqa: ANN401 - lanes
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    mass, dot, high = splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j) - base
        mass, dot = mass + weight, fma(weight, where_le(weight, 0.0, 0.0, value), dot)
        high = maximum(high, where_le(weight, 0.0, 0.0, value))
    value = (1.0 - radius) * (dot / mass)
    span = high * (1.0 + 2.0 * U)
    error = span * (((2.0 * K + 6.0 + 2.0 * rounded) * U + (most - radius)) * SLACK)
    store(lo, 0, below(base + below(maximum(value - error, 0.0))))
    store(hi, 0, above(base + above(value + error)))


@kernel()
def sweep(
    indptr: IntArray,
    indices: IntArray,
    weights: FloatArray,
    radius: FloatArray,
    most: FloatArray,
    V: FloatArray,
    floor: float,
    rounded: float,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    """Write bounds for each row; ``floor`` is the least value of all, or NaN where the support is kept."""
    n, K = radius.shape[0], longest(indptr)
    work, eight = on_a_line(16 * K + 8), on_a_line(32)
    p, x = work[: 8 * K], work[8 * K + 8 :]
    for first in range(0, n, 8):
        k = fill(indptr, indices, weights, V, first, p, x)
        fill_radii(radius, most, first, eight[:8], eight[8:16])
        base = splat(floor) if floor == floor else floor_of(p, x, k)
        _block(p, x, k, load(eight, 0), load(eight, 8), base, rounded, eight[16:24], eight[24:])
        empty_out(eight[16:24], first, lo)
        empty_out(eight[24:], first, hi)
