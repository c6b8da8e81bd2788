"""Cressie-Read of order a: the family that contains the other smooth divergences.

With z = 1 / s, ``y = z + (1 - a) W`` and ``r = a / (a - 1)``, the worst case is ``q ~ p y_+^(1/(a-1))`` and
``sigma = sup_{z > 0} (c E[y_+^r]^(1/r) - z) / (1 - a)`` with ``c = (1 + a (a-1) rho)^(1/a)``. The search
works with ``h = log(1 + a (a-1) D) / (a (a-1))``, which increases in s from 0; with
``e = y_+^(1/(a-1))``, ``B = E[e y]`` and ``Z = E[e]`` it is ``(log B - a log Z) / (a (a-1))``.

Scaling y changes none of these but B and Z: y is divided by a unit, z for small s, which keeps the
digits of ``y - z``, and for a < 1 and large s its value at the mean, which keeps every logarithm small.

W is measured from the smallest value that may be reached. When p does not reach it (a < 1) and h stays
too small for every s, the optimum is z = 0 and the mass that is missing sits on the minimum.
"""

from __future__ import annotations

import math
from typing import Any

from drmg_check.kernels._elementary import exp_and_expm1, log_of_sum
from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, f8, kernel, none
from drmg_check.kernels._passes import (
    central_moments,
    fill_up,
    mass_and_mean,
    mass_at_start,
    nominal_or_minimum,
    rarity,
    support_start,
)
from drmg_check.kernels._search import (
    ENOUGH,
    LARGEST_S,
    MOST_SHIFT,
    NEAR_ONE,
    SHORT_STEP,
    SMALL_S,
    TURNS,
    cubic_optimum,
    estimated_s,
    is_off,
    is_warm,
    log_like_step,
    narrowed,
    next_s,
    noted,
    predicted_gain,
    recalled,
    remembered,
)
from drmg_check.kernels._simd import fma, load_first, maximum, minimum, splat, sqrt, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray

MOST_FACTORS = 4  # up to this power, products beat a logarithm and an exponential
FAR = 1e60  # within this range of y no such product over- or underflows


@kernel()
def _halves(power: float) -> int:
    """Return twice the power when that is a small integer, for which neither log nor exp is needed; or 0."""
    halves = round(2.0 * power) if abs(power) <= MOST_FACTORS else 0
    return halves if halves / 2.0 == power else 0


@kernel()
def _half_power(y: Any, inverse: Any, x: Any, halves: int, small: bool) -> Any:  # noqa: ANN401 - lanes
    """Return ``y^(halves / 2)`` and, if ``small``, that less one, for ``y = 1 + x`` without cancellation."""
    base, base_less_one = y, x
    if halves < 0:
        base, base_less_one = inverse, -1.0 * x * inverse
    e, e_less_one = splat(1.0), splat(0.0)
    if halves % 2 != 0:
        e = sqrt(base)
        if small:
            e_less_one = base_less_one / (e + 1.0)
    for _ in range(abs(halves) // 2):
        e, e_less_one = e * base, fma(e_less_one, base, base_less_one)
    return e, e_less_one


@kernel()
def _tilt(
    p: FloatArray,
    W: FloatArray,
    mass: float,
    a: float,
    base: float,
    scale: float,
    offset: float,
    shift: float,
    small: bool,
    centre: float,
) -> tuple[float, float, float, float, float]:
    """Evaluate the family at ``y = scale (W - base) + offset``.

    Returns ``log B``, ``log Z``, ``E_q[y]``, and the second and third central moments of ``1 / y`` under
    ``p e y``, over powers of its mean ``1 / E_q[y]``. Sums are taken of powers multiplied by ``exp(shift)``,
    so that they stay in range; ``small``, for offset 1 and shift 0, takes them less one, so that they do not
    cancel.
    """
    S = p.shape[0]
    power = 1.0 / (a - 1.0)
    halves = _halves(power) if offset + scale < FAR and offset > 1.0 / FAR else 0
    factor = math.exp(shift)
    b, b_less_one, z, z_less_one = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    m2, m3 = splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0) * scale
        x = where_le(weight, 0.0, 1.0, x)  # off the support the power may be infinite
        y = x + offset
        inverse = 1.0 / y
        if halves != 0:
            e, e_less_one = _half_power(y, inverse, x, halves, small)
            e = e * factor
        else:
            log_y = log_of_sum(maximum(x, offset), minimum(x, offset))
            e, e_less_one = exp_and_expm1(fma(log_y, power, shift))
        e = where_le(y, 0.0, 0.0, e)
        z_less_one = fma(weight, where_le(y, 0.0, -1.0, e_less_one), z_less_one)
        b_less_one = fma(weight, where_le(y, 0.0, -1.0, fma(e_less_one, y, x)), b_less_one)
        c = weight * e
        z = z + c
        b = fma(c, y, b)
        d = y - centre
        off = d * inverse
        square = where_le(y, 0.0, 0.0, c * d * off)
        m2, m3 = m2 + square, fma(square, off, m3)
    Z, B = total(z), total(b)
    log_B, log_Z = math.log(B / mass) - shift, math.log(Z / mass) - shift
    if small:
        log_Z = math.log1p(total(z_less_one) / mass)
        log_B = math.log1p(total(b_less_one) / mass)
    # log B is divided by a, which below 1/4 costs over two bits; that of a B below a tenth has full size
    if abs(a) < 0.25 and shift == 0.0 and 0.1 * mass <= B:
        log_B = math.log1p(_power_less_one(p, W, a / (a - 1.0), base, scale, offset) / mass)
    y_mean = B / Z
    d = 1.0 - centre / y_mean  # the mean of 1 - centre / y
    second, third = total(m2) / B, total(m3) / B
    relative = y_mean / centre
    q2 = max(second - d * d, 0.0) * relative * relative
    q3 = (d * (3.0 * second - 2.0 * d * d) - third) * relative * relative * relative
    return log_B, log_Z, y_mean, q2, q3


@kernel()
def _power_less_one(
    p: FloatArray, W: FloatArray, r: float, base: float, scale: float, offset: float
) -> float:
    """Return ``sum p (y^r - 1)`` for ``y = scale (W - base) + offset > 0``."""
    S = p.shape[0]
    sum_less_one = splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0) * scale
        x = where_le(weight, 0.0, 1.0, x)
        log_y = log_of_sum(maximum(x, offset), minimum(x, offset))
        sum_less_one = fma(weight, exp_and_expm1(log_y * r)[1], sum_less_one)
    return float(total(sum_less_one))


@kernel()
def _row(
    p: FloatArray,
    rho: float,
    a: float,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    start: float,
    sharp: bool,
) -> tuple[float, float, float]:
    """Return the worst case of E W, s (0 nominal, inf minimum, -1 the boundary z = 0) and the mean of W.

    ``sharp`` solves for s as far as rounding allows instead of stopping when the value is known.
    """
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, 0.0, nominal
    first = support_start(p, order)
    base = 0.0 if all_states else W[order[first]]
    lift = W[order[first]] - base
    mean = nominal - base
    inside = a * (a - 1.0) * rho
    if inside <= -1.0 or not mean > 0.0:
        return base, math.inf, mean
    log_c = math.log1p(inside) / a
    target = log_c / (a - 1.0)
    bottom_rarity = rarity(mass_at_start(p, W, order, first), mass)
    power = 1.0 / (a - 1.0)
    limit = bottom_rarity / a if a > 0.0 else math.inf
    if lift > 0.0:
        shift = min(0.0, MOST_SHIFT - power * math.log(lift / mean))
        log_B, log_Z, _, _, _ = _tilt(p, W, mass, a, base, 1.0 / mean, 0.0, shift, False, 1.0)
        limit = (log_B - a * log_Z) / (a * (a - 1.0))
    if limit <= target:
        if lift > 0.0:
            return min(math.exp(log_c + log_B * (a - 1.0) / a) * mean, nominal), -1.0, mean
        return base, math.inf, mean
    floor = min(math.expm1(-log_c) / ((1.0 - a) * mean), LARGEST_S)  # s is at least this
    s = recalled(start, (1.0 - a) * mean)
    cold = not is_warm(s, rho, floor)
    if cold:
        moments = central_moments(p, W, mass, nominal)
        s = estimated_s(rho, a, mean, moments, floor)
    estimate_is_enough = cold and s <= SMALL_S
    low, high, centre = floor, math.inf, 0.0
    best = 0.0, s, math.inf
    for turn in range(TURNS):
        unit, scale, offset, shift, small = _framed(a, s, mean, lift, bottom_rarity)
        if centre == 0.0:
            centre = max(
                offset + scale * mean, 0.25
            )  # a first guess, positive where y at the mean is cut off
        log_B, log_Z, y, q2, q3 = _tilt(p, W, mass, a, base, scale, offset, shift, small, centre)
        if is_off(y, centre, q2, centre) or (q2 == math.inf and y != centre):
            centre = y  # the spread has lost digits
            continue
        value = _value(log_c + log_B * (a - 1.0) / a, a, s, mean, unit)
        h = (log_B - a * log_Z) / (a * (a - 1.0))
        over = math.expm1((a - 1.0) * (target - h)) / (1.0 - a)  # the derivative of the dual in z
        best = noted(value, over, s, best, sharp)
        low, high, done = narrowed(over, s, low, high, sharp)
        if done or estimate_is_enough:
            break
        share = offset / y  # the mean of z / y
        slope = power * power * share * q2  # of h in log s
        bend = power * power * share * share * (3.0 * q2 + (2.0 - a * power) * q3)
        if a < 1.0:
            lead = 1.0 + (1.0 - a) * over
            gain, s_there = cubic_optimum(over, s, lead * slope, lead * bend, a * power, share)
            if gain >= 0.0 and not sharp:
                best = value + gain, s_there, 0.0
                break
        log_step = _log_step(h, target, limit, slope, bend, a)
        # for a > 1 all changes by 1 / y, without bound: nothing is known of the third order, which 4 pays for
        gain = predicted_gain(over, s, log_step)
        if not sharp and 4.0 * gain <= ENOUGH and abs(log_step) <= SHORT_STEP * min(1.0, a - 1.0):  # a > 1
            best = value + gain, s * math.exp(log_step), 0.0
            break
        new = next_s(s, log_step, low, high, turn)
        if new == s:
            break
        s, centre = new, 0.0
    return base + min(best[0], mean), best[1], mean


@kernel()
def _framed(
    a: float, s: float, mean: float, lift: float, bottom_rarity: float
) -> tuple[float, float, float, float, bool]:
    """Return the unit of ``y / z``, y's scale and offset in it, the shift of exponents, and if y is near 1.

    Then sums are taken of powers less one.
    """
    power = 1.0 / (a - 1.0)
    step = (1.0 - a) * s
    unit = 1.0 + step * mean if step * mean > 1.0 else 1.0
    scale, offset, shift = step / unit, 1.0 / unit, 0.0
    if unit > 1.0:
        shift = min(0.0, MOST_SHIFT - power * math.log(offset + scale * lift))
    elif a > 1.0:
        # y at the mean may be cut off, so that 1 + step mean <= 0 says nothing: stop at 1/1000
        shift = min(-power * math.log1p(max(step * mean, -0.999)), bottom_rarity, MOST_SHIFT)
    small = unit == 1.0 and max(1.0, abs(a - 1.0)) * s * mean < NEAR_ONE
    return unit, scale, offset, 0.0 if small else shift, small


@kernel()
def _value(log_value: float, a: float, s: float, mean: float, unit: float) -> float:
    """Return the dual from the logarithm of ``c E[y^r]^(1/r)``, in units of ``unit / s``."""
    if unit == 1.0:
        return math.expm1(log_value) / ((1.0 - a) * s)
    return (math.exp(log_value) * (1.0 / s + (1.0 - a) * mean) - 1.0 / s) / (1.0 - a)


@kernel()
def _log_step(h: float, target: float, limit: float, slope: float, bend: float, a: float) -> float:
    """Return the step of log s by which h reaches its target; NaN where none is known."""
    if slope > 0.0 and h > 0.0 and target > 0.5 * limit and h < limit:
        return math.log((limit - h) / (limit - target)) * (limit - h) / slope
    # bend - slope - (1 - a) slope^2 is the second derivative of h in log s
    step: float = log_like_step(h, target, slope, bend / slope - 1.0 - (1.0 - a) * slope)
    return step


@kernel(none(Matrix, Vector, f8, Vector, Order, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    a: float,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; ``start`` holds what was :func:`remembered` of s."""
    for i in range(P.shape[0]):
        out[i], s, mean = _row(P[i], rho[i], a, W, order, all_states, start[i], False)
        start[i] = remembered(s, (1.0 - a) * mean)


@kernel()
def distributions(
    P: FloatArray,
    rho: FloatArray,
    a: float,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    Q: FloatArray,
) -> None:
    """Write every row's worst distribution."""
    power = 1.0 / (a - 1.0)
    for i in range(P.shape[0]):
        p, q = P[i], Q[i]
        mass, nominal = mass_and_mean(p, W)
        _, s, _ = _row(p, rho[i], a, W, order, all_states, 0.0, True)
        first = support_start(p, order)
        base = 0.0 if all_states else W[order[first]]
        bottom = order[0] if all_states else order[first]
        if s == 0.0 or s == math.inf:
            nominal_or_minimum(p, W, base, bottom, s == 0.0, q)
            continue
        z = max(1.0 / s, 0.0)
        unit = z + max(1.0 - a, 0.0) * (nominal - base)
        top, moment = -math.inf, 0.0
        for k in range(W.shape[0]):
            y = (z + (1.0 - a) * (W[k] - base)) / unit
            q[k] = -math.inf
            if p[k] > 0.0 and y > 0.0:
                q[k] = math.log(p[k] / mass) + power * math.log(y)
                moment += p[k] / mass * y ** (a * power)
            top = max(top, q[k])
        for k in range(W.shape[0]):
            q[k] = math.exp(q[k] - top)
        log_scale = (math.log1p(a * (a - 1.0) * rho[i]) - math.log(moment)) / a + top
        fill_up(q, s > 0.0, math.exp(log_scale), bottom)
