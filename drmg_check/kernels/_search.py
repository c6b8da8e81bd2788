"""The one-dimensional search that the smooth divergences share: maximise a dual that is concave in z = 1 / s.

Each family computes ``slope_z``, the derivative of its dual in z, whose sign says on which side of the
optimum s lies, and proposes a Newton step; here is what keeps the search honest. The duality gap at s is
at most ``|slope_z|`` times the distance in z to the other end of the bracket: the derivative is monotone.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import kernel

ENOUGH = 2.0**-56  # duality gap at which to stop, in units of the span, which is in [1/2, 1]
LARGEST_S = 1e290
TURNS = 300  # a safeguard: a bracket of doubles is bisected to the end in fewer
# The multiplier is about sqrt(2 rho / variance). At s <= 1e-6 this has a relative error of 1e-6, which the
# dual, flat at its optimum, does not see, whereas rounding drowns the divergence: rows of a radius that
# may lead there always begin at that estimate.
SMALL_S = 1e-6
SMALL_RADIUS = 1e-10


@kernel()
def is_warm(start: float, rho: float, floor: float) -> bool:
    """Whether to begin at ``start``; ``floor`` is a lower bound of the optimal s."""
    return rho > SMALL_RADIUS and floor <= start <= LARGEST_S


@kernel()
def duality_gap(slope_z: float, s: float, low: float, high: float) -> float:
    """Return the bound on the gap at s, for the optimum in ``[low, high]``."""
    if slope_z <= 0.0:
        return -slope_z * (1.0 / s - 1.0 / high)
    return slope_z * (1.0 / low - 1.0 / s)


@kernel()
def next_s(s: float, log_step: float, low: float, high: float, turn: int) -> float:
    """Return ``s exp(log_step)`` if it falls inside the bracket, else, and every fourth turn, a bisection.

    The bisection is in log s and keeps a Newton step that bounces between the ends from doing so for ever.
    """
    new = s * math.exp(min(max(log_step, -50.0), 50.0))
    if low < new < high and turn % 4 < 3:
        return new
    if high == math.inf:
        return min(s * 16.0, LARGEST_S)
    return math.sqrt(low) * math.sqrt(high)
