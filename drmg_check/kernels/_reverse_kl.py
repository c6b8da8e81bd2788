"""Reverse KL (Burg): ``sigma = sup_{z > 0} exp(E log(W + z) - rho) - z``, worst case ``q ~ p / (W + z)``.

With s = 1 / z and ``t = 1 / (1 + s W)``, ``D(s) = log E[t] + E log(1 + s W)`` increases from 0 and
``dD / d log s = Var t / E[t]``. W is measured from the smallest value that may be reached; when p does not
reach it and D stays below rho for every s, the optimum is z = 0 and the mass that is missing
sits on the minimum.
"""

from __future__ import annotations

import math

from drmg_check.kernels._elementary import log_of_sum
from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import (
    central_moments,
    fill_up,
    mass_and_mean,
    nominal_or_minimum,
    support_start,
)
from drmg_check.kernels._search import (
    LARGEST_S,
    OFF_CENTRE,
    SMALL_S,
    TURNS,
    cubic_optimum,
    estimated_s,
    is_warm,
    log_like_step,
    narrowed,
    next_s,
    noted,
    recalled,
    remembered,
)
from drmg_check.kernels._simd import fma, load_first, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _tilt(
    p: FloatArray, W: FloatArray, base: float, mass: float, scale: float, offset: float, centre: float
) -> tuple[float, float, float, float, float]:
    """Return E log y, log E t, E t and the second and third central moments of t / E t.

    Here ``y = scale W + offset`` and ``t = 1 / y``.
    """
    S = p.shape[0]
    logs, t1, xt = splat(0.0), splat(0.0), splat(0.0)
    m2, m3 = splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0) * scale
        x = where_le(weight, 0.0, 1.0, x)  # off the support the logarithm may be infinite
        logs = fma(weight, log_of_sum(maximum(x, offset), minimum(x, offset)), logs)
        t = 1.0 / (x + offset)
        d = t - centre
        a = weight * d * d
        m2, m3 = m2 + a, fma(a, d, m3)
        t = weight * t
        t1, xt = t1 + t, fma(t, x, xt)
    mean = total(t1) / mass
    d = mean - centre
    less = total(xt) / mass  # 1 - E t when the offset is 1, without its rounding when that is small
    log_mean = math.log1p(-less) if offset == 1.0 and less < 0.5 else math.log(mean)
    second = total(m2) / mass
    third = total(m3) / mass - d * (3.0 * second - 2.0 * d * d)
    q2, q3 = max(second - d * d, 0.0) / mean / mean, third / mean / mean / mean
    return total(logs) / mass, log_mean, mean, q2, q3


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, all_states: bool, start: float, sharp: bool
) -> tuple[float, float, float]:
    """Return the worst case of E W, s (0 nominal, inf minimum, -1 the boundary z = 0) and the mean of W.

    ``sharp`` solves for s as far as rounding allows instead of stopping when the value is known.
    """
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, 0.0, nominal
    bottom = W[order[support_start(p, order)]]
    base = 0.0 if all_states else bottom
    mean = nominal - base
    if not mean > 0.0:
        return base, math.inf, mean
    if bottom > base:
        logs, log_t1, _, _, _ = _tilt(p, W, 0.0, mass, 1.0, 0.0, 1.0 / mean)
        if logs + log_t1 <= rho:
            return min(math.exp(logs - rho), nominal), -1.0, mean
    floor = min(math.expm1(min(rho, 700.0)) / mean, LARGEST_S)  # s is at least this; exp overflows at 709
    s = recalled(start, mean)
    cold = not is_warm(s, rho, floor)
    if cold:
        moments = central_moments(p, W, mass, nominal)
        s = estimated_s(rho, 0.0, mean, moments, floor)
    estimate_is_enough = cold and s <= SMALL_S
    low, high, centre = floor, math.inf, 1.0 / (1.0 + s * mean)
    best = 0.0, s, math.inf
    for turn in range(TURNS):
        # one form of y = z + W keeps log y small, the other keeps it relative
        in_z = s * mean >= 1.0
        unit = s if in_z else 1.0
        scale, offset = (1.0, 1.0 / s) if in_z else (s, 1.0)
        logs, log_t1, t1, q2, q3 = _tilt(p, W, base, mass, scale, offset, centre * unit)
        if (t1 - centre * unit) ** 2 > OFF_CENTRE * q2 * t1 * t1 and t1 / unit != centre:
            centre = t1 / unit  # the variance has lost digits
            continue
        value = math.exp(logs - rho) - 1.0 / s if in_z else math.expm1(logs - rho) / s
        divergence = log_t1 + logs
        over = math.expm1(divergence - rho)  # the derivative of the dual in z
        best = noted(value, over, s, best, sharp)
        low, high, done = narrowed(over, s, low, high, sharp)
        if done or estimate_is_enough:
            break
        share = t1 / unit  # E[z / y]
        slope, bend = share * q2, share * share * (3.0 * q2 + 2.0 * q3)
        gain, s_there = cubic_optimum(over, s, (1.0 + over) * slope, (1.0 + over) * bend, 0.0, share)
        if gain >= 0.0 and not sharp:
            best = value + gain, s_there, 0.0
            break
        # slope is the derivative of D in log s, bend - slope - slope^2 the second one
        log_step = log_like_step(divergence, rho, slope, bend / slope - 1.0 - slope)
        new = next_s(s, log_step, low, high, turn)
        if new == s:
            break
        s, centre = new, 1.0 / (1.0 + new * mean)
    return base + min(best[0], mean), best[1], mean


@kernel(none(Matrix, Vector, Vector, Order, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; ``start`` holds what was :func:`remembered` of s."""
    for i in range(P.shape[0]):
        out[i], s, mean = _row(P[i], rho[i], W, order, all_states, start[i], False)
        start[i] = remembered(s, mean)


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    for i in range(P.shape[0]):
        p, q = P[i], Q[i]
        mass, _ = mass_and_mean(p, W)
        _, s, _ = _row(p, rho[i], W, order, all_states, 0.0, True)
        first = support_start(p, order)
        base = 0.0 if all_states else W[order[first]]
        bottom = order[0] if all_states else order[first]
        if s == 0.0 or s == math.inf:
            nominal_or_minimum(p, W, base, bottom, s == 0.0, q)
            continue
        scale, offset = (1.0, 0.0) if s < 0.0 else (s, 1.0)
        logs = 0.0
        for k in range(W.shape[0]):
            q[k] = 0.0
            if p[k] > 0.0:
                y = scale * max(W[k] - base, 0.0) + offset
                q[k] = p[k] / mass / y
                logs += p[k] / mass * math.log(y)
        fill_up(q, s > 0.0, math.exp(logs - rho[i]), bottom)
