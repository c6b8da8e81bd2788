r"""Contamination: ``sigma = (1 - rho) E_p x``, for values ``x = V - b`` above the least that may be reached.

Two factors, the sums, a division and a product err by ``(2 K + 3) u`` of the span, and an enclosed radius by
its width.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import kernel


@kernel()
def contamination_block(
    K: int,
    mean: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``."""
    value = (1.0 - radius) * mean
    span = high * (1.0 + 2.0 * U)
    error = span * (((2.0 * K + 6.0 + 2.0 * rounded) * U + (most - radius)) * SLACK)
    return value - error, value + error
