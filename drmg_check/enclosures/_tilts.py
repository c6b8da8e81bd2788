"""The one-parameter search that Hellinger, reverse KL and Cressie-Read share; no bound rests on it.

At a tilt s the worst distribution has weights ``q ~ p (1 - (a - 1) s x)^(1 / (a - 1))``, whose divergence h
increases in s from 0, like ``s^2`` at first. Wanted is the s at which it reaches the radius.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import U, size
from drmg_check.kernels.lanes import (
    SHIFTER,
    exp_and_expm1,
    exponent,
    fma,
    kernel,
    load,
    log_of_sum,
    maximum,
    minimum,
    power_of_two,
    splat,
    sqrt,
    where_le,
)
from drmg_check.vocabulary import FloatArray

LEAST = 1e-300  # in place of 0 below a fraction bar
LEAST_TILT, LARGEST_TILT = 1e-140, 1e120
TILTS = 48  # evaluations at most; ordinary rows take four to six
ENOUGH = 2.0**-45  # of the span, the width at which a row stops, and twice the entries' roundings
FAR = 2.0**60  # times the least value: beyond it, what the nominal row does not reach is all of the matter
LATE = 9  # turns, after which every second one halves the bracket: for a > 2 some derivatives have no bound
QUADRATIC = 1e-9  # divergences below it are taken to grow like s^2: their slopes are lost in rounding


@kernel()
def first_tilt(p: FloatArray, x: FloatArray, K: int, mass: Any, mean: Any, rho: Any, a: float) -> Any:  # noqa: ANN401 - lanes
    """Return about the tilt at which the order a reaches its radius rho, from two central moments.

    In ``s' = s / (1 - (a - 1) s mean)`` the divergence is ``s'^2 m2 / 2 - (2 - a) s'^3 m3 / 3 + ...``.
    """
    second, third = splat(0.0), splat(0.0)
    for j in range(K):
        weight, d = load(p, 8 * j), load(x, 8 * j) - mean
        moment = weight * d * d
        second, third = second + moment, fma(moment, d, third)
    at_first_order = sqrt(2.0 * rho * mass / maximum(second, LEAST))
    cubic = third / maximum(second, LEAST) * ((2.0 - a) * 2.0 / 3.0)
    s = at_first_order
    for _ in range(3):
        s = at_first_order / sqrt(minimum(maximum(1.0 - cubic * s, 0.25), 4.0))
    s = s / maximum(1.0 + (a - 1.0) * s * mean, 0.1)
    return minimum(maximum(maximum(s, rho / mean), LEAST_TILT), LARGEST_TILT)


@kernel()
def unit_of(bulk: Any) -> Any:  # noqa: ANN401 - lanes
    """Return 1, or where ``1 + bulk > 2`` about ``1 / (1 + bulk)``, a power of two: y is near 1 in it."""
    shift = exponent(1.0 + minimum(bulk, LARGEST_TILT))
    return where_le(bulk, 1.0, 1.0, power_of_two(SHIFTER - shift))


@kernel()
def next_tilt(
    s: Any,  # noqa: ANN401 - lanes
    h: Any,  # noqa: ANN401 - lanes
    target: Any,  # noqa: ANN401 - lanes
    slope: Any,  # noqa: ANN401 - lanes
    bracket: tuple[Any, Any],
    lift: Any,  # noqa: ANN401 - lanes
    turn: int,
) -> Any:  # noqa: ANN401 - lanes
    """Return the next tilt inside the bracket, by Newton's rule for log h in log s.

    ``slope`` is the derivative of h in log s, and ``lift`` the least value of the row. Where that is above 0,
    h ends like a constant minus ``slope / s``, perhaps below its target: then the tilt goes :data:`FAR`.
    """
    low, high = bracket
    power = minimum(maximum(slope / maximum(h, LEAST), 2.0**-40), 2.0**10)
    power = where_le(h, QUADRATIC, 2.0, power)
    wanted = log_of_sum(minimum(maximum(target / maximum(h, LEAST), LEAST), 1e300), 0.0)
    _, growth = exp_and_expm1(minimum(maximum(wanted / power, -7.0), 7.0))
    new = fma(s, growth, s)
    missing, beyond = target - h, where_le(lift * s, 2.0, 0.0, where_le(0.0, slope, 1.0, 0.0))
    ahead = s * slope / maximum(slope - missing, LEAST)
    ahead = where_le(1.25 * slope, missing, FAR / lift, where_le(slope, missing, new, ahead))
    new = where_le(1.0, beyond, ahead, new)
    middle = sqrt(low) * sqrt(high)
    new = where_le(new, low, middle, where_le(high, new, middle, new))
    if turn >= LATE and turn % 2 == 1:
        new = where_le(LARGEST_TILT, high, new, where_le(low, LEAST_TILT, new, middle))
    return minimum(maximum(new, LEAST_TILT), LARGEST_TILT)


@kernel()
def narrowed(s: Any, h: Any, target: Any, bracket: tuple[Any, Any]) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return the bracket that an evaluation at s leaves."""
    low, high = bracket
    return where_le(h, target, maximum(low, s), low), where_le(h, target, high, minimum(high, s))


@kernel()
def mixed(D: Any, radius: Any, m: Any, of_m: Any, mean: Any, of_mean: Any) -> Any:  # noqa: ANN401 - lanes
    """Return at least the mean of ``(1 - t) q + t p``, whose divergence convexity keeps within the radius.

    ``D`` is at least the divergence of q, ``t = (D - rho)+ / D``; the means err by ``of_m`` and ``of_mean``
    of themselves.
    """
    t = maximum(D - radius, 0.0)
    t = (t + where_le(t, 0.0, 0.0, D * (4.0 * U))) / maximum(D, LEAST) * (1.0 + 8.0 * U)
    more = maximum(mean * (1.0 + of_mean) - m * (1.0 - of_m), 0.0)
    return fma(minimum(t, 1.0), more, m * (1.0 + of_m)) * (1.0 + 8.0 * U)


@kernel()
def log_of(total: Any, less_one: Any, of_total: Any, of_less_one: Any, error: float) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return ``log(total)`` and how far it may be from exact, by whichever of two forms keeps its digits.

    ``total`` errs by ``of_total`` of itself. ``less_one`` is the total less one, and errs by ``of_less_one``,
    which a total of at least 3/5 makes an error of the logarithm of 5/3 as much. The logarithm itself errs by
    ``error`` of its result.
    """
    near = where_le(size(less_one), 0.4, 1.0, 0.0)
    result = log_of_sum(where_le(1.0, near, 1.0, total), where_le(1.0, near, less_one, 0.0))
    return result, fma(size(result), error, where_le(1.0, near, 1.7 * of_less_one, of_total))
