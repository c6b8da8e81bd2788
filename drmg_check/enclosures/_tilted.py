"""One search for Hellinger, reverse KL and Cressie-Read: bounds at a tilt, until they are close enough."""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._blocks import CRESSIE_READ, HELLINGER, REVERSE_KL
from drmg_check.enclosures._cressie_read import cressie_read_bounds, cressie_read_target
from drmg_check.enclosures._hellinger import hellinger_bounds, hellinger_target
from drmg_check.enclosures._outward import BIG, SLACK, U, size
from drmg_check.enclosures._reverse_kl import reverse_kl_bounds
from drmg_check.enclosures._tilts import (
    ENOUGH,
    LARGEST_TILT,
    LEAST_TILT,
    TILTS,
    first_tilt,
    narrowed,
    next_tilt,
)
from drmg_check.kernels.lanes import kernel, load, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray

CONVERGED = 2.0**-44  # of the target, about what rounding leaves of a divergence
TINY_TILTED = 2.0**-190  # what underflows, of values up to 1


@kernel()
def _regime(
    kind: int,
    order: FloatArray,
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
) -> tuple[Any, Any, Any]:
    """Return the least value of the support, what h may be, and where the least value is surely reached."""
    bottom, lift = splat(0.0), splat(BIG)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        bottom = bottom + where_le(value, 0.0, weight, 0.0)
        lift = minimum(lift, where_le(weight, 0.0, BIG, value))
    target, full = radius, splat(0.0)
    if kind == HELLINGER:
        target, full = hellinger_target(bottom / mass, radius, K)
    elif kind == CRESSIE_READ:
        target, full = cressie_read_target(order[0], order[2], bottom / mass, radius, K)
    return lift, target, full


@kernel()
def tilted_block(
    kind: int,
    order: FloatArray,
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``; ``order`` as there."""
    lift, target, full = _regime(kind, order, p, x, K, mass, radius)
    of_mean = (2.0 * K + 6.0) * (U * SLACK)
    lower, upper = splat(0.0), where_le(1.0, full, 0.0, mean * (1.0 + of_mean))
    lower = where_le(most, 0.0, mean * (1.0 - of_mean), lower)
    # beyond these sizes a product may leave the range of doubles; the row stays wide, or is narrow anyway
    going = (1.0 - full) * where_le(2.0**-200, high, 1.0, 0.0) * where_le(1e-250, radius, 1.0, 0.0)
    going = going * where_le(0.5, mass, where_le(mass, 4.0, 1.0, 0.0), 0.0) * where_le(1e-270, mean, 1.0, 0.0)
    unit = 2.0 if kind == HELLINGER else 1.0
    s = first_tilt(p, x, K, mass, mean, unit * radius, order[0])
    s = s / unit
    s = where_le(1.0, going, s, 1.0)
    bracket = splat(0.5 * LEAST_TILT), splat(2.0 * LARGEST_TILT)
    enough = ENOUGH + 16.0 * K * U
    for turn in range(TILTS):
        if kind == HELLINGER:
            low, top, h, slope = hellinger_bounds(p, x, K, mass, mean, radius, most, s)
        elif kind == REVERSE_KL:
            low, top, h, slope = reverse_kl_bounds(p, x, K, mass, mean, radius, most, s)
        else:
            low, top, h, slope = cressie_read_bounds(p, x, K, mass, mean, radius, most, s, order)
        low, top = where_le(0.0, low, low, 0.0), where_le(0.0, top, top, high * 2.0)  # NaN says nothing
        lower = where_le(1.0, going, maximum(lower, low), lower)
        upper = where_le(1.0, going, minimum(upper, top), upper)
        going = where_le(upper - lower, high * enough, 0.0, going)
        going = where_le(size(h - target), target * CONVERGED, 0.0, going)
        if total(going) == 0.0:
            break
        bracket = narrowed(s, h, target, bracket)
        s = where_le(1.0, going, next_tilt(s, h, target, slope, bracket, lift, turn), s)
    widened = high * (2.0 * U * SLACK) * rounded + TINY_TILTED
    return lower * (1.0 - 4.0 * U) - widened, upper * (1.0 + 4.0 * U) + widened
