r"""Kullback-Leibler, ``sum q log(q / p) <= rho``, for values ``x = V - b`` above the least of the support.

At a tilt s > 0 let ``K = log E_p exp(-s x)``, ``q_s ~ p exp(-s x)``, ``m = E_q x`` and ``D = -s m - K``, its
divergence.

* **Lower bound** (weak duality): ``E_q x >= -(K + rho) / s``.
* **Upper bound**: ``(1 - t) q_s + t p`` has a divergence of at most ``(1 - t) D`` by convexity, and is
  feasible for ``t = (D - rho)+ / D``; its mean is ``m + t (E_p x - m)``. Where rho reaches ``-log P(x = 0)``,
  the point mass is feasible.

Both hold at every s; Newton steps towards ``D(s) = rho`` are not trusted. To first order in u: an exponential
errs by ``EXP`` of itself, ``exp - 1`` by ``EXPM1``, a logarithm by ``LOG``; sums of K positive terms by K; so
m errs by ``2 EXP + 2 K + 3``, the mean by ``2 K + 2``. K is taken as ``log1p(E (exp - 1))`` where ``s E x <=
2/5``, with the relative error of its argument times at most 1.4, which is the condition of log1p at -0.33 and
above; and else as ``log(E exp 2^n) - n log 2``, with an absolute error of ``EXP + 2 K + 2`` beside the
roundings. What underflows is below ``2^-150`` of the span (:data:`TINY_KL`), for rows whose partition
function is at least ``2^-840``; others say nothing.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._exponential import EXP, EXPM1, LOG, exp_scaled
from drmg_check.enclosures._outward import SLACK, U, size
from drmg_check.kernels.lanes import (
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    SHIFTER,
    exp_and_expm1,
    fma,
    kernel,
    load,
    log_of_sum,
    maximum,
    minimum,
    splat,
    sqrt,
    total,
    where_le,
)
from drmg_check.vocabulary import FloatArray

TINY_KL = 2.0**-150
SMALL = 0.4  # of s E x, up to which exp - 1 keeps digits that exp loses
TILTS = 9  # Newton steps; ordinary rows take four to six from a cold start
LARGEST_TILT = 1e290
LEAST = 1e-300  # in place of 0 below a fraction bar
ENOUGH = 2.0**-45  # of the span, the width at which a row stops


@kernel()
def _bounds(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    s: Any,  # noqa: ANN401 - lanes
) -> Any:  # noqa: ANN401 - lanes
    """Return proved bounds at the tilt s, and D, variance and third cumulant of q_s for the search."""
    of_m = (2.0 * EXP + 2.0 * K + 3.0) * (U * SLACK)
    of_mean = (2.0 * K + 2.0) * (U * SLACK)
    bulk = s * mean
    small = where_le(bulk, SMALL, 1.0, 0.0)
    shift = fma(minimum(bulk, 620.0), LOG2_E, SHIFTER) - SHIFTER  # a whole number, about bulk / log 2
    shift = where_le(bulk, SMALL, 0.0, shift)
    centre = mean / (1.0 + bulk)
    z, z1, first, second, third = splat(0.0), splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        power, less_one = exp_scaled(s, value, shift)
        z1 = fma(weight, less_one, z1)
        tilted = weight * power
        z, first = z + tilted, fma(tilted, value, first)
        d = value - centre
        moment = tilted * d * d
        second, third = second + moment, fma(moment, d, third)
    m = first / z
    d = m - centre
    square = second / z
    variance = maximum(square - d * d, 0.0)
    skew = third / z - d * (3.0 * square - 2.0 * d * d)
    L = log_of_sum(where_le(1.0, small, 1.0, z / mass), where_le(1.0, small, z1 / mass, 0.0))
    cumulant = fma(shift, -LN2_HIGH, fma(shift, -LN2_LOW, L))
    of_small = size(L) * ((1.4 * (EXPM1 + 2.0 * K + 1.0) + LOG) * U)
    of_large = fma(size(L), (LOG + 2.0) * U, (EXP + 2.0 * K + 2.0) * U) + size(cumulant) * (2.0 * U)
    of_cumulant = where_le(1.0, small, of_small, of_large) * SLACK
    sm = s * m
    D = (0.0 - sm) - cumulant
    of_D = fma(sm, of_m + 2.0 * U, of_cumulant) + size(D) * (2.0 * U)
    top = (0.0 - cumulant) - most
    lower = (top - (of_cumulant + size(top) * (2.0 * U)) * SLACK) / s
    lower = maximum(lower - size(lower) * (4.0 * U), 0.0)
    largest = D + of_D * SLACK
    t = maximum(largest - radius, 0.0)
    t = (t + where_le(t, 0.0, 0.0, largest * (4.0 * U))) / maximum(largest, LEAST) * (1.0 + 8.0 * U)
    t = minimum(t, 1.0)
    more = maximum(mean * (1.0 + of_mean) - m * (1.0 - of_m), 0.0)
    upper = fma(t, more, m * (1.0 + of_m)) * (1.0 + 8.0 * U)
    upper = minimum(upper, mean * (1.0 + of_mean) * (1.0 + 4.0 * U))
    fit = where_le(2.0**-840, z / mass, 1.0, 0.0)
    lower = where_le(1.0, fit, lower, 0.0)
    upper = where_le(1.0, fit, where_le(0.0, upper, upper, high), high)
    return lower, upper, D, variance, skew


@kernel()
def _next(s: Any, threshold: Any, radius: Any, D: Any, variance: Any, skew: Any) -> Any:  # noqa: ANN401 - lanes
    """Return a Newton step in log s, to log D = log rho or, near saturation, to log(threshold - rho)."""
    slope = s * s * variance  # of D in log s
    near = log_of_sum(maximum(radius / maximum(D, LEAST), LEAST), 0.0) * D / slope
    bend = (2.0 * slope - s * s * s * skew) / slope - slope / D
    near = near * (1.0 - minimum(maximum(0.5 * bend * near, -0.5), 0.5))
    left, wanted = maximum(threshold - D, LEAST), maximum(threshold - radius, LEAST)
    far = log_of_sum(maximum(left / wanted, LEAST), 0.0) * left / slope
    step = where_le(radius, 0.5 * threshold, near, far)
    _, growth = exp_and_expm1(minimum(maximum(step, -3.0), 3.0))
    return s + s * growth


@kernel()
def _start(p: FloatArray, x: FloatArray, K: int, mass: Any, mean: Any, radius: Any) -> Any:  # noqa: ANN401 - lanes
    """Return the tilt at which the expansion of D to third order reaches rho, at least ``rho / E x``."""
    second, third = splat(0.0), splat(0.0)
    for j in range(K):
        weight, d = load(p, 8 * j), load(x, 8 * j) - mean
        moment = weight * d * d
        second, third = second + moment, fma(moment, d, third)
    second, third = second / mass, third / mass
    s = sqrt(2.0 * radius / second)
    s = s * minimum(maximum(1.0 + s * third / (3.0 * second), 0.5), 2.0)
    return minimum(maximum(s, radius / mean), LARGEST_TILT)


@kernel()
def kl_block(
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
    """Return bounds for radii between ``radius`` and ``most``."""
    bottom = splat(0.0)
    for j in range(K):
        bottom = bottom + where_le(load(x, 8 * j), 0.0, load(p, 8 * j), 0.0)
    threshold = log_of_sum(mass / bottom, 0.0)
    reached = fma(threshold, (LOG + 2.0) * U, threshold) + (2.0 * K + 3.0) * U
    full = where_le(reached, radius, 1.0, 0.0)
    lower, upper = splat(0.0), where_le(1.0, full, 0.0, mean * (1.0 + (2.0 * K + 6.0) * U))
    going = (1.0 - full) * where_le(high, 0.0, 0.0, 1.0)
    # beyond these sizes a product of the search or of the proof may overflow; the row then stays wide
    going = going * where_le(LEAST, radius, 1.0, 0.0) * where_le(1e-280, bottom, 1.0, 0.0)
    going = going * where_le(1e-140, high, 1.0, 0.0) * where_le(0.5, mass, where_le(mass, 4.0, 1.0, 0.0), 0.0)
    s = _start(p, x, K, mass, mean, radius)
    going = going * where_le(0.0, s, where_le(s, LARGEST_TILT, where_le(s, 0.0, 0.0, 1.0), 0.0), 0.0)
    s = where_le(1.0, going, s, 1.0)
    for _ in range(TILTS):
        low, top, D, variance, skew = _bounds(p, x, K, mass, mean, high, radius, most, s)
        lower = where_le(1.0, going, maximum(lower, low), lower)
        upper = where_le(1.0, going, minimum(upper, top), upper)
        going = where_le(upper - lower, high * ENOUGH, 0.0, going)
        if total(going) == 0.0:
            break
        new = maximum(_next(s, threshold, radius, D, variance, skew), radius / mean)
        s = where_le(1.0, going, where_le(0.0, new, where_le(new, LARGEST_TILT, new, s), s), s)
    widened = high * (2.0 * U * SLACK) * rounded + TINY_KL
    return lower * (1.0 - 4.0 * U) - widened, upper * (1.0 + 4.0 * U) + widened
