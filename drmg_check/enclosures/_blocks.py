"""Eight rows at a time: a block is two buffers ``p`` and ``x`` with entry j of row l at ``8 j + l``.

Rows are kept as they are read: in slices of eight, entry by entry, so that weights are not copied and next
values are gathered in one loop without branches. A row shorter than the longest of its eight is padded with
weight 0, which every kernel takes for absent, and with a state of its own, so that no foreign value enters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from drmg_check.enclosures._outward import above, below
from drmg_check.kernels.lanes import fma, kernel, load, maximum, splat, store, where_le
from drmg_check.vocabulary import FloatArray, IntArray

LANES = 8
TV, CONTAMINATION, INTERVAL, OPEN_INTERVAL, CHI2, KL, HELLINGER, REVERSE_KL, CRESSIE_READ, WASSERSTEIN = (
    range(10)
)
LEAST_DOUBLE = 2.0**-1074


@kernel()
def longest(starts: IntArray) -> int:
    """Return the largest number of entries of a row."""
    most = 0
    for block in range(starts.shape[0] - 1):
        most = max(most, starts[block + 1] - starts[block])
    return most


@kernel()
def on_a_line(n: int) -> FloatArray:
    """Return an uninitialised vector that begins on a cache line: a load of eight never touches two."""
    raw = np.empty(n + 8)
    skip = (-(raw.ctypes.data // 8)) % 8
    return raw[skip : skip + n]


@kernel()
def sliced(indptr: IntArray, indices: IntArray, weights: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return where each eight rows begin, in entries of a lane, and their columns and weights.

    The last row is there again where rows end.
    """
    n = indptr.shape[0] - 1
    blocks = (n + LANES - 1) // LANES
    starts = np.zeros(blocks + 1, dtype=np.int64)
    for block in range(blocks):
        K = 0
        for row in range(LANES * block, min(LANES * block + LANES, n)):
            K = max(K, indptr[row + 1] - indptr[row])
        starts[block + 1] = starts[block] + K
    columns, p = np.empty(LANES * starts[blocks], dtype=np.uint32), on_a_line(LANES * starts[blocks])
    for block in range(blocks):
        K = starts[block + 1] - starts[block]
        for lane in range(LANES):
            row = min(LANES * block + lane, n - 1)
            first, count = indptr[row], indptr[row + 1] - indptr[row]
            for j in range(K):
                place = LANES * (starts[block] + j) + lane
                there = j < count
                columns[place] = indices[first + j if there else first]
                p[place] = weights[first + j] if there else 0.0
    return starts, columns, p


@kernel()
def gather(columns: IntArray, V: FloatArray, x: FloatArray) -> None:
    """Write the next values of a block's entries."""
    for k in range(columns.shape[0]):
        x[k] = V[columns[k]]


@kernel()
def eight_of(values: FloatArray, first: int, buffer: FloatArray) -> Any:  # noqa: ANN401 - lanes
    """Return eight numbers of rows, the last one again where they end."""
    n = values.shape[0]
    if first + LANES <= n:
        return load(values, first)
    for lane in range(LANES):
        buffer[lane] = values[min(first + lane, n - 1)]
    return load(buffer, 0)


@kernel()
def empty_out(block: Any, first: int, buffer: FloatArray, out: FloatArray) -> None:  # noqa: ANN401 - lanes
    """Write what a kernel says of a block's rows to where their results stand."""
    if first + LANES <= out.shape[0]:
        store(out, first, block)
        return
    store(buffer, 0, block)
    for lane in range(out.shape[0] - first):
        out[first + lane] = buffer[lane]


@kernel()
def moved(p: FloatArray, x: FloatArray, K: int, base: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - lanes
    """Take ``base`` off the values, 0 where a row has ended; return mass, mean and the largest value left.

    A difference errs by u of itself, so that a mean of differences errs by u of itself more.
    """
    mass, dot, high = splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j) - base
        value = where_le(weight, 0.0, 0.0, value)
        store(x, 8 * j, value)
        mass, dot, high = mass + weight, fma(weight, value, dot), maximum(high, value)
    return mass, dot / mass, high


@kernel()
def unscaled(x: Any, scale: FloatArray, away: float) -> Any:  # noqa: ANN401 - lanes
    """Return x times the first two powers of two, a step further out where that rounds.

    ``scale`` holds two halves of the factor, so that none overflows, and their inverses.
    """
    y = x * scale[0] * scale[1]
    back = y * scale[3] * scale[2]
    return where_le(back, x, where_le(x, back, y, y + away), y + away)


@kernel()
def outward(base: Any, lower: Any, upper: Any, scale: FloatArray) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return bounds on worst cases from those on what exceeds ``base``, rounded outward, in units of V."""
    lo, hi = below(base + below(maximum(lower, 0.0))), above(base + above(upper))
    return unscaled(lo, scale, -LEAST_DOUBLE), unscaled(hi, scale, LEAST_DOUBLE)
