r"""Intervals on the nominal support: ``l = (p - rho)+ <= q <= u = min(p + rho, 1)``, ``sum q = 1``.

Values are ``x = V - b >= 0``, and everything is in units of the row's mass M.

* **Lower bound** at any cap c: ``E_q x >= c + sum (l (x - c)+ - u (c - x)+)`` for every q between l and u
  that sums to 1.
* **Upper bound**: u below the cap, l above it, and what is missing at the cap, is feasible; if a wrong cap
  leaves too little there, the rest counts as the largest value.

A computed l or u errs by ``(K + 2) u`` of ``p + rho`` together with its mass, for all entries by ``2 (K + 3)
(1 + K rho) u``; the sums err by ``(2 K + 4) u`` of their absolute terms, which are at most ``(2 + K rho)``
spans; an enclosed radius moves l and u by its width each.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._cap import cap_of
from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import fma, kernel, load, maximum, minimum, splat, store, where_le
from drmg_check.vocabulary import FloatArray


@kernel()
def interval_block(
    p: FloatArray,
    x: FloatArray,
    free: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``; ``free`` is room for a number an entry."""
    wide, least = radius * mass, splat(0.0)
    for j in range(K):
        weight = load(p, 8 * j)
        bottom = maximum(weight - wide, 0.0)
        least = least + bottom
        store(free, 8 * j, where_le(weight, 0.0, 0.0, minimum(weight + wide, mass) - bottom))
    room = mass - least
    cap = cap_of(free, x, K, high, room)
    filled, at_cap, sure, dual = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        bottom = maximum(weight - wide, 0.0)
        top = where_le(weight, 0.0, 0.0, minimum(weight + wide, mass))
        under = where_le(cap, value, 0.0, top - bottom)
        filled, sure = filled + under, fma(bottom + under, value, sure)
        at_cap = at_cap + where_le(value, cap, (top - bottom) - under, 0.0)
        gap = value - cap
        dual = fma(bottom, maximum(gap, 0.0), dual) + top * minimum(gap, 0.0)
    missing = maximum(room - filled, 0.0)
    beyond = maximum(missing - at_cap, 0.0)
    upper = fma(beyond, high, fma(missing - beyond, cap, sure)) / mass
    lower = cap + dual / mass
    span = high * (1.0 + 2.0 * U)
    count = 1.0 * K
    spread = count * most
    lost = (8.0 * count + 24.0) * (2.0 + spread) + 2.0 * rounded
    error = span * ((lost * U + 2.0 * count * (most - radius)) * SLACK)
    return lower - error, minimum(upper + error, span)
