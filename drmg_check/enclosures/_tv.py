r"""Total variation: mass rho moves from the largest values to the least one that may be reached, b.

Values are ``x = V - b >= 0``, M is the sum of the weights, and r an enclosed radius.

* **Lower bound** at any cap ``c >= 0``: ``E_q x >= E_q min(x, c) >= E_p min(x, c) - rho c``, for ``min(x,
  c)`` lies in [0, c]. Sum, mass, division and product err by ``(2 K + 2) u`` of the span.
* **Upper bound**: keeping weights ``t <= p`` with ``sum t = (1 - rho) M`` and putting the rest on b is
  feasible. Kept are the values below the cap, then what is still missing of those at the cap; if a wrong cap
  leaves too little there, the rest counts as the largest value. The kept mass errs by ``(2 K + 2) u M``, the
  sums by ``(2 K + 3) u``.

Any cap gives bounds; the right one, the least c with ``P(x > c) <= rho``, makes them meet.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._cap import cap_of
from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import fma, kernel, load, maximum, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray


@kernel()
def tv_block(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``."""
    keep = (1.0 - radius) * mass
    cap = cap_of(p, x, K, high, keep)
    kept, sure, at_cap, capped = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        under = where_le(cap, value, 0.0, weight)
        kept, sure = kept + under, fma(under, value, sure)
        at_cap = at_cap + where_le(value, cap, weight - under, 0.0)
        capped = fma(weight, minimum(value, cap), capped)
    missing = maximum(keep - kept, 0.0)
    beyond = maximum(missing - at_cap, 0.0)
    upper = fma(beyond, high, fma(missing - beyond, cap, sure)) / mass
    lower = capped / mass - most * cap
    span = high * (1.0 + 2.0 * U)
    lower = lower - span * (((2.0 * K + 5.0 + 2.0 * rounded) * U) * SLACK)
    upper = upper + span * (((5.0 * K + 10.0 + 2.0 * rounded) * U) * SLACK)
    return lower, upper
