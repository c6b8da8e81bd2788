"""The one-dimensional search that the smooth divergences share: maximise a dual that is concave in z = 1 / s.

Each family computes ``slope_z``, the derivative of its dual in z, whose sign says on which side of the
optimum s lies, and proposes a Newton step; here is what keeps the search honest. The duality gap at s is
at most ``|slope_z|`` times the distance in z to the other end of the bracket: the derivative is monotone.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import kernel

ENOUGH = 2.0**-56  # duality gap at which to stop, in units of the span, which is in [1/2, 1]
# Far above any s that is needed, since values below 2^-200 are put on the minimum; 1 / s is still normal.
LARGEST_S = 1e290
TURNS = 300  # a safeguard: a bracket of doubles is bisected to the end in fewer
# The multiplier is about sqrt(2 rho / variance). At s <= 1e-6 this has a relative error of 1e-6, which the
# dual, flat at its optimum, does not see, whereas rounding drowns the divergence: rows of a radius that
# may lead there always begin at that estimate.
SMALL_S = 1e-6
SMALL_RADIUS = 1e-10
# Exponents are shifted to at most 690: exp(690) leaves a factor of 10^8 below the largest float64, for the
# sum over weights and states.
MOST_SHIFT = 690.0
# While s times the mean of W is below 0.4, sums are taken of powers less one. Beyond, a sum is so far from 1
# that its logarithm loses hardly more than a bit by itself.
NEAR_ONE = 0.4
# A moment about a centre that is d away from the mean loses log2(1 + d^2 / variance) bits: four at 16. Then
# it is taken again about the mean.
OFF_CENTRE = 16.0
# The longest relative step of s after which a value is predicted and not computed: what the series leave out
# is a twentieth of the last term that they keep, or less.
SHORT_STEP = 0.05


@kernel()
def remembered(s: float, mean: float) -> float:
    """Return what to keep of an s: one over z plus the mean, which a new smallest value does not move."""
    return s / (1.0 + s * mean) if 0.0 < s < math.inf else s


@kernel()
def recalled(start: float, mean: float) -> float:
    """Return the s of what was kept; not positive where there is none."""
    return start / (1.0 - start * mean)


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
def is_off(mean: float, centre: float, variance: float, unit: float) -> bool:
    """Whether a variance, in squares of the unit, was taken about a centre too far from the mean."""
    return (mean - centre) ** 2 > OFF_CENTRE * variance * unit * unit and mean != centre


@kernel()
def noted(
    value: float, slope_z: float, s: float, best: tuple[float, float, float], sharp: bool
) -> tuple[float, float, float]:
    """Return the best value so far, its s, and if ``sharp`` the s of the smallest slope, with that slope."""
    most, at, miss = best
    if value > most:
        most, at = value, at if sharp else s
    if sharp and abs(slope_z) < miss:
        miss, at = abs(slope_z), s
    return most, at, miss


@kernel()
def narrowed(slope_z: float, s: float, low: float, high: float, sharp: bool) -> tuple[float, float, bool]:
    """Return the bracket that s leaves, and whether to stop: nothing is left of it, or of the gap."""
    if slope_z <= 0.0:
        low = max(low, s)
    if slope_z >= 0.0:
        high = min(high, s)
    empty = slope_z == 0.0 or high <= low * (1.0 + 2.0**-50)  # four ulp: rounding decides the sign there
    return low, high, empty or (not sharp and duality_gap(slope_z, s, low, high) <= ENOUGH)


@kernel()
def predicted_gain(slope_z: float, s: float, log_step: float) -> float:
    """Return what the dual gains from s to its optimum at ``s exp(log_step)``, were it quadratic in z."""
    return 0.5 * slope_z * math.expm1(-log_step) / s


@kernel()
def cubic_optimum(
    slope_z: float, s: float, a2: float, a3: float, r: float, share: float
) -> tuple[float, float]:
    r"""Return what the dual gains from z to its optimum, and the s there; NaN where a cubic does not tell.

    The dual is that of :mod:`~drmg_check.kernels._cressie_read`, ``E[y^r]^(1/r)`` but for constants, with
    ``y >= z``; so at ``z (1 + x)`` it is ``(slope_z x - a2 x^2 / 2 + a3 x^3 / 6) / s`` more than at z, up to
    ``2 fourth a2 x^4 / (24 s)`` for ``(4 - r) |x| <= 1/5``, where the powers of y hardly change.

    With mean ``share``, central moments ``k_j`` and variance v of ``z / y`` under ``p y^r``, the ratio of the
    fourth derivative and the second is ``12 share^2 + 8 (2 - r) share k_3 / v + (2 - r) (3 - r) k_4 / v
    - 3 (1 - r)^2 v``, where ``k_4 <= v w^2`` and ``v <= w^2`` for w the larger of share and 1 - share, and
    ``a3 / a2 = 3 share + (2 - r) k_3 / v``.
    """
    square = a2 * a2 - 2.0 * slope_z * a3
    if not (a2 > 0.0 and square > 0.0):
        return math.nan, s
    x = 2.0 * slope_z / (a2 + math.sqrt(square))
    w = max(share, 1.0 - share)
    fourth = 8.0 * share * abs(a3 / a2 - 3.0 * share) + 12.0 * share * share
    fourth += max((2.0 - r) * (3.0 - r), 3.0 * (1.0 - r) * (1.0 - r)) * w * w
    if not ((4.0 - r) * abs(x) <= 0.2 and fourth * a2 * x**4 <= 12.0 * s * ENOUGH):  # 1/5, as above
        return math.nan, s
    return x * (slope_z - x * (0.5 * a2 - a3 * x / 6.0)) / s, s / (1.0 + x)


@kernel()
def bent(newton: float, bend: float) -> float:
    """Return a Newton step corrected for ``bend = f'' / f'``, where that is a correction."""
    return newton * (1.0 - 0.5 * bend * newton) if abs(bend * newton) < 1.0 else newton


@kernel()
def estimated_s(
    rho: float, a: float, mean: float, moments: tuple[float, float, float], floor: float
) -> float:
    """Return s from the central moments of W for the Cressie-Read order a and its radius rho.

    In ``s' = s / (1 - (a - 1) s mean)`` the divergence is ``s'^2 m2 / 2 - (2 - a) s'^3 m3 / 3
    + (2 - a) s'^4 ((3 - 2 a) m4 - (2 + a) m2^2) / 8 - ...``.
    """
    m2, m3, m4 = moments
    if not m2 > 1e-290:  # lost to underflow: begin anywhere
        return max(floor, 1.0)
    at_first_order = math.sqrt(2.0 * rho / m2)
    cubic = 2.0 * (2.0 - a) / 3.0 * m3 / m2
    quartic = (2.0 - a) / 4.0 * ((3.0 - 2.0 * a) * m4 / m2 - (2.0 + a) * m2)
    s = at_first_order
    for _ in range(4):
        s = at_first_order / math.sqrt(min(max(1.0 - cubic * s + quartic * s * s, 0.25), 4.0))
    s /= max(1.0 + (a - 1.0) * s * mean, 0.1)  # the estimate means nothing near 0; any start is safe
    return min(max(s, floor), LARGEST_S)


@kernel()
def log_expm1(x: float) -> float:
    """Return ``log(exp(x) - 1)`` for x > 0."""
    return x + math.log(-math.expm1(-x))


@kernel()
def log_like_step(D: float, target: float, slope: float, bend: float) -> float:
    """Return the step of log s by which D reaches the target, or NaN where nothing predicts it.

    D grows like s^2 at first and like log s or less later, so that ``log(exp(2 D) - 1)`` is nearly linear in
    log s. ``slope`` is the derivative of D in log s, and ``bend`` the second one over that.
    """
    if not (slope > 0.0 and D > 0.0):
        return math.nan
    log_step = log_expm1(2.0 * target) - log_expm1(2.0 * D)
    log_step *= -math.expm1(-2.0 * D) / (2.0 * slope)
    corrected: float = bent(log_step, bend - 2.0 * slope / math.expm1(2.0 * D))
    return corrected


@kernel()
def next_s(s: float, log_step: float, low: float, high: float, turn: int) -> float:
    """Return ``s exp(log_step)``, or a bisection outside the bracket and in every second late turn.

    The bisection, in log s, keeps a Newton step that bounces between the ends from doing so for ever.
    """
    new = s * math.exp(min(max(log_step, -50.0), 50.0))  # exp must not overflow; no prediction goes so far
    if low < new < high and (turn < 8 or turn % 2 == 0):
        return new
    if high == math.inf:
        return min(s * 16.0, LARGEST_S)  # until there is an upper end: from 1e-6 to 1e290 in 250 turns
    return math.sqrt(low) * math.sqrt(high)
