r"""Contamination: ``sigma = (1 - rho) E_p x``, for values ``x = V - b`` above the least that may be reached.

Two factors, the sums, a division and a product err by ``(2 K + 3) u`` of the span, and an enclosed radius by
its width.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._blocks import moved, write_bounds
from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import kernel
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
    _, mean, high = moved(p, x, K, base)
    value = (1.0 - radius) * mean
    span = high * (1.0 + 2.0 * U)
    error = span * (((2.0 * K + 6.0 + 2.0 * rounded) * U + (most - radius)) * SLACK)
    write_bounds(base, value - error, value + error, lo, hi)
