"""Cressie-Read of order a: the family that contains the other smooth divergences.

With z = 1 / s, ``y = z + (1 - a) W`` and ``r = a / (a - 1)``, the worst case is ``q ~ p y_+^(1/(a-1))`` and
``sigma = sup_{z > 0} (c E[y_+^r]^(1/r) - z) / (1 - a)`` with ``c = (1 + a (a-1) rho)^(1/a)``. The search
works with ``h = log(1 + a (a-1) D) / (a (a-1))``, which increases in s from 0; with
``e = y_+^(1/(a-1))``, ``B = E[e y]`` and ``Z = E[e]`` it is ``(log B - a log Z) / (a (a-1))``.

W is measured from the smallest value that may be reached. When p does not reach it (a < 1) and h stays
too small for every s, the optimum is z = 0 and the mass that is missing sits on the minimum.
"""

from __future__ import annotations

import math

from drmg_check.kernels._elementary import exp_and_expm1, log_of_sum
from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, f8, kernel, none
from drmg_check.kernels._passes import central_moments, mass_and_mean, mass_at_start, support_start
from drmg_check.kernels._search import (
    ENOUGH,
    LARGEST_S,
    SMALL_S,
    TURNS,
    duality_gap,
    estimated_s,
    is_warm,
    log_expm1,
    next_s,
    predicted_gain,
)
from drmg_check.kernels._simd import fma, load_first, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _tilt(
    p: FloatArray,
    W: FloatArray,
    mass: float,
    a: float,
    bottom: float,
    step: float,
    shift: float,
    centre: float,
) -> tuple[float, float, float, float]:
    """Evaluate the family at ``y = 1 + step (W - bottom)``, bottom the smallest value that p reaches.

    Returns ``log B``, ``log Z``, ``E_q[y]`` and ``E_q[y] E_q[1 / y] - 1``. Sums are taken of powers
    multiplied by ``exp(shift)``, or less one when the shift is 0, so that they neither vanish nor cancel.
    """
    S = p.shape[0]
    power = 1.0 / (a - 1.0)
    b, b_less_one, z, z_less_one = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    m2 = splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - bottom, 0.0) * step
        y = x + 1.0
        log_y = log_of_sum(maximum(x, 1.0), minimum(x, 1.0))
        e, e_less_one = exp_and_expm1(fma(log_y, power, shift))
        e = where_le(y, 0.0, 0.0, e)
        z_less_one = fma(weight, where_le(y, 0.0, -1.0, e_less_one), z_less_one)
        b_less_one = fma(weight, where_le(y, 0.0, -1.0, fma(e_less_one, y, x)), b_less_one)
        c = weight * e
        z = z + c
        b = fma(c, y, b)
        d = y - centre
        m2 = m2 + where_le(y, 0.0, 0.0, c * d * d / y)
    Z = total(z)
    if shift == 0.0:
        log_B = math.log1p(total(b_less_one) / mass)
        log_Z = math.log1p(total(z_less_one) / mass)
    else:
        log_B = math.log(total(b) / mass) - shift
        log_Z = math.log(Z / mass) - shift
    mean = total(b) / Z
    d = mean - centre
    spread = max(mean * (total(m2) / Z) - d * d, 0.0) / (centre * centre)
    return log_B, log_Z, mean, spread


@kernel()
def _shift(a: float, step: float, mean: float, bottom_mass: float) -> float:
    """Return a multiple that keeps both the bottom of the support and the bulk in range."""
    bulk = math.log1p(max(step * mean, -0.999)) / (1.0 - a)
    return min(bulk, -math.log(bottom_mass), 690.0) if bulk > 0.4 else 0.0


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
) -> tuple[float, float]:
    """Return the worst-case expectation of W and s (0 nominal, inf minimum, -1 the boundary z = 0).

    ``sharp`` solves for s as far as rounding allows instead of stopping when the value is known.
    """
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, 0.0
    first = support_start(p, order)
    bottom = W[order[first]]
    base = 0.0 if all_states else bottom
    lift = bottom - base
    mean = nominal - base
    inside = a * (a - 1.0) * rho
    if inside <= -1.0 or not mean > 0.0:
        return base, math.inf
    log_c = math.log1p(inside) / a
    target = log_c / (a - 1.0)
    bottom_mass = mass_at_start(p, W, order, first) / mass
    limit = math.inf
    if lift > 0.0:
        shift = _shift(a, 1.0 / lift, nominal - bottom, bottom_mass)
        log_B, log_Z, _, _ = _tilt(p, W, mass, a, bottom, 1.0 / lift, shift, 1.0)
        limit = (log_B - a * log_Z) / (a * (a - 1.0))
        if limit <= target:
            return min(math.exp(log_c + log_B * (a - 1.0) / a) * lift, nominal), -1.0
    elif a > 0.0:
        limit = -math.log(bottom_mass) / a
        if limit <= target:
            return base, math.inf
    floor = min(math.expm1(-log_c) / ((1.0 - a) * mean), LARGEST_S)  # s is at least this
    s, cold = start, not is_warm(start, rho, floor)
    if cold:
        m2, m3 = central_moments(p, W, mass, nominal)
        s = estimated_s(rho, a, mean, m2, m3, floor)
    low, high, centre = floor, math.inf, 0.0
    best, best_s, miss = 0.0, s, math.inf
    for turn in range(TURNS):
        lifted = (1.0 - a) * s * lift
        step = (1.0 - a) * s / (1.0 + lifted)
        shift = _shift(a, step, nominal - bottom, bottom_mass)
        if centre == 0.0:
            centre = max(1.0 + step * (nominal - bottom), 0.25)
        log_B, log_Z, y, spread = _tilt(p, W, mass, a, bottom, step, shift, centre)
        if (y - centre) ** 2 > 16.0 * spread * centre * centre and y != centre:
            centre = y  # the spread has lost digits
            continue
        log_value = log_c + log_B * (a - 1.0) / a + math.log1p(lifted)
        value = math.expm1(log_value) / ((1.0 - a) * s)
        if value > best:
            best, best_s = value, best_s if sharp else s
        if cold and s <= SMALL_S:
            break
        h = (log_B - a * log_Z) / (a * (a - 1.0))
        over = math.expm1((a - 1.0) * (target - h)) / (1.0 - a)  # the derivative of the dual in z
        if sharp and abs(over) < miss:
            miss, best_s = abs(over), s
        if over <= 0.0:
            low = max(low, s)
        if over >= 0.0:
            high = min(high, s)
        if over == 0.0 or high <= low * (1.0 + 2.0**-50):
            break
        if not sharp and duality_gap(over, s, low, high) <= ENOUGH:
            break
        slope = spread / (y * (1.0 + lifted) * (a - 1.0) ** 2)  # of h in log s
        log_step = math.nan
        if slope > 0.0 and h > 0.0:
            if target > 0.5 * limit and h < limit:
                log_step = math.log((limit - h) / (limit - target)) * (limit - h) / slope
            else:  # h grows like s^2 at first, like log s or less later
                log_step = log_expm1(2.0 * target) - log_expm1(2.0 * h)
                log_step *= -math.expm1(-2.0 * h) / (2.0 * slope)
        gain = predicted_gain(over, s, log_step)
        if not sharp and abs(log_step) <= 0.05 * min(1.0, abs(a - 1.0)) and 4.0 * gain <= ENOUGH:
            best, best_s = value + gain, s * math.exp(log_step)
            break
        new = next_s(s, log_step, low, high, turn)
        if new == s:
            break
        s, centre = new, 0.0
    return base + min(best, mean), best_s


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
    """Write every row's worst-case expectation; ``start`` holds the multipliers s."""
    for i in range(P.shape[0]):
        out[i], start[i] = _row(P[i], rho[i], a, W, order, all_states, start[i], False)


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
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        _, s = _row(P[i], rho[i], a, W, order, all_states, 0.0, True)
        start = support_start(P[i], order)
        low = W[order[start]]
        base = 0.0 if all_states else low
        bottom = order[0] if all_states else order[start]
        z = 0.0
        if s == math.inf:
            for k in range(S):
                Q[i, k] = P[i, k] if W[k] == base else 0.0
                z += Q[i, k]
            if z == 0.0:
                Q[i, bottom] = z = 1.0
        else:
            lift = low - base
            step = 1.0 / lift if s < 0.0 else (1.0 - a) * s / (1.0 + (1.0 - a) * s * lift)
            moment = 0.0
            for k in range(S):
                y = 1.0 + step * (W[k] - low)
                Q[i, k] = P[i, k] * y ** (1.0 / (a - 1.0)) if P[i, k] > 0.0 and y > 0.0 else 0.0
                z += Q[i, k]
                moment += Q[i, k] * y
            if s < 0.0:  # the mass that is missing sits on the minimum
                kappa = ((1.0 + a * (a - 1.0) * rho[i]) / (moment / mass)) ** (1.0 / a) / mass
                Q[i, bottom] += max(1.0 / kappa - z, 0.0)
                z = 1.0 / kappa
        for k in range(S):
            Q[i, k] /= z
