"""Eight rows at a time: a block is two buffers ``p`` and ``x`` with entry j of row l at ``8 j + l``.

A kernel sees blocks only; where rows come from is the filler's business. Rows shorter than the longest of
their eight are padded with weight 0, which every kernel takes for absent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from drmg_check.enclosures._outward import above, below
from drmg_check.kernels.lanes import fma, kernel, load, maximum, splat, store, where_le
from drmg_check.vocabulary import FloatArray, IntArray

LANES = 8


@kernel()
def longest(indptr: IntArray) -> int:
    """Return the largest number of entries of a row."""
    most = 0
    for row in range(indptr.shape[0] - 1):
        most = max(most, indptr[row + 1] - indptr[row])
    return most


@kernel()
def on_a_line(n: int) -> FloatArray:
    """Return an uninitialised vector that begins on a cache line: a load of eight never touches two."""
    raw = np.empty(n + 8)
    skip = (-(raw.ctypes.data // 8)) % 8
    return raw[skip : skip + n]


@kernel()
def fill(
    indptr: IntArray,
    indices: IntArray,
    weights: FloatArray,
    V: FloatArray,
    first: int,
    p: FloatArray,
    x: FloatArray,
) -> int:
    """Write rows ``first`` to ``first + 7``, the last one again where they end; return the block's length K.

    Padding repeats a value of the row, so that no foreign value enters.
    """
    n, K = indptr.shape[0] - 1, 0
    for lane in range(LANES):
        row = min(first + lane, n - 1)
        K = max(K, indptr[row + 1] - indptr[row])
    for lane in range(LANES):
        row = min(first + lane, n - 1)
        start, count = indptr[row], indptr[row + 1] - indptr[row]
        for j in range(count):
            p[8 * j + lane], x[8 * j + lane] = weights[start + j], V[indices[start + j]]
        for j in range(count, K):
            p[8 * j + lane], x[8 * j + lane] = 0.0, V[indices[start]]
    return K


@kernel()
def fill_radii(
    low: FloatArray, high: FloatArray, first: int, at_least: FloatArray, at_most: FloatArray
) -> None:
    """Write the radii of the rows of a block."""
    n = low.shape[0]
    for lane in range(LANES):
        row = min(first + lane, n - 1)
        at_least[lane], at_most[lane] = low[row], high[row]


@kernel()
def empty_out(block: FloatArray, first: int, out: FloatArray) -> None:
    """Write what a kernel says of a block's rows to where their results stand."""
    for lane in range(min(LANES, out.shape[0] - first)):
        out[first + lane] = block[lane]


@kernel()
def moved(p: FloatArray, x: FloatArray, K: int, base: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - lanes
    """Take ``base`` off the values, 0 where a row has ended; return mass, mean and the largest value left."""
    mass, dot, high = splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j) - base
        value = where_le(weight, 0.0, 0.0, value)
        store(x, 8 * j, value)
        mass, dot, high = mass + weight, fma(weight, value, dot), maximum(high, value)
    return mass, dot / mass, high


@kernel()
def write_bounds(base: Any, lower: Any, upper: Any, lo: FloatArray, hi: FloatArray) -> None:  # noqa: ANN401 - lanes
    """Write bounds on worst cases from those on what exceeds ``base``, rounded outward."""
    store(lo, 0, below(base + below(maximum(lower, 0.0))))
    store(hi, 0, above(base + above(upper)))
