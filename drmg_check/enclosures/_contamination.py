r"""Contamination: ``sigma = (1 - rho) E_p x``, for values ``x = V - b`` above the least that may be reached.

Two factors, the sums, a division and a product err by ``(2 K + 3) u`` of the span, and an enclosed radius by
its width.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import SLACK, U, above, below
from drmg_check.kernels.lanes import fma, kernel, load, maximum, splat, store, where_le
from drmg_check.vocabulary import FloatArray


@kernel()
def contamination_block(
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
