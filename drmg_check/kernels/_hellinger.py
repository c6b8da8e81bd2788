"""Squared Hellinger: ``sigma = sup_{z > 0} b^2 H(z) - z``, H the harmonic mean of W + z, ``b = 1 - rho / 2``.

With s = 1 / z and ``t = 1 / (1 + s W)`` the worst case is ``q ~ p t^2``, where the relative variance
``Var t / E[t]^2``, increasing in s from 0, is ``1 / b^2 - 1``. W is measured from the smallest value that
may be reached; when p does not reach it and the variance stays too small for every s, the optimum is
z = 0 and the mass that is missing sits on the minimum.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import (
    central_moments,
    fill_up,
    mass_and_mean,
    mass_at_start,
    nominal_or_minimum,
    support_start,
)
from drmg_check.kernels._search import (
    LARGEST_S,
    SMALL_S,
    TURNS,
    cubic_optimum,
    estimated_s,
    is_off,
    is_warm,
    narrowed,
    next_s,
    noted,
    recalled,
    remembered,
)
from drmg_check.kernels._simd import fma, load_first, maximum, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _tilt(
    p: FloatArray, W: FloatArray, base: float, mass: float, scale: float, offset: float, centre: float
) -> tuple[float, float, float, float, float]:
    """Return E t, E[W t] and the central moments two to four of t / E t, for t = 1 / (scale W + offset)."""
    S = p.shape[0]
    t1, wt = splat(0.0), splat(0.0)
    m2, m3, m4 = splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0)
        x = where_le(weight, 0.0, 1.0, x)  # off the support t may be infinite
        t = 1.0 / fma(x, scale, offset)
        a = weight * t
        t1, wt = t1 + a, fma(a, x, wt)
        d = t - centre
        a = weight * d
        b = a * d
        c = b * d
        m2, m3, m4 = m2 + b, m3 + c, fma(c, d, m4)
    mean = total(t1) / mass
    d = (mean - centre) / mean
    second = total(m2) / mass / mean / mean
    third = total(m3) / mass / mean / mean / mean
    fourth = total(m4) / mass / mean / mean / mean / mean
    q3 = third - d * (3.0 * second - 2.0 * d * d)
    q4 = fourth - d * (4.0 * third - d * (6.0 * second - 3.0 * d * d))
    return mean, total(wt) / mass, max(second - d * d, 0.0), q3, q4


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
    first = support_start(p, order)
    base = 0.0 if all_states else W[order[first]]
    mean = nominal - base
    b = 1.0 - 0.5 * rho
    less = rho * (1.0 - 0.25 * rho)  # 1 - b^2
    bottom = mass_at_start(p, W, order, first) / mass if W[order[first]] == base else 0.0
    if b * b <= bottom or b <= 0.0 or not mean > 0.0:
        return base, math.inf, mean
    target = less / (b * b)
    limit = 1.0 / bottom - 1.0 if bottom > 0.0 else math.inf
    if bottom == 0.0:
        at_zero, _, limit, _, _ = _tilt(p, W, 0.0, mass, 1.0, 0.0, 1.0 / mean)
        if limit <= target:
            return min(b * b / at_zero, nominal), -1.0, mean
    floor = min(target / mean, LARGEST_S)  # s is at least this
    s = recalled(start, mean)
    cold = not is_warm(s, rho, floor)
    if cold:
        moments = central_moments(p, W, mass, nominal)
        s = 0.5 * estimated_s(2.0 * rho, 0.5, mean, moments, 2.0 * floor)
    estimate_is_enough = cold and s <= SMALL_S
    low, high, centre = floor, math.inf, 1.0 / (1.0 + s * mean)
    best = 0.0, s, math.inf
    for turn in range(TURNS):
        t1, wt, q2, q3, q4 = _tilt(p, W, base, mass, s, 1.0, centre)
        if is_off(t1, centre, q2, t1):
            centre = t1  # the variance has lost digits
            continue
        value = (wt - less / s) / t1
        over = b * b * q2 - less  # the derivative of the dual in z
        best = noted(value, over, s, best, sharp)
        low, high, done = narrowed(over, s, low, high, sharp)
        if done or estimate_is_enough:
            break
        slope = 2.0 * t1 * (q2 + q3 - q2 * q2)  # of q2 in log s
        bend = 6.0 * t1 * t1 * (q2 + 2.0 * q3 + q4 - q2 * (3.0 * q2 + 2.0 * q3 - q2 * q2))
        gain, s_there = cubic_optimum(over, s, b * b * slope, b * b * bend, -1.0, t1 * (1.0 + q2))
        if gain >= 0.0 and not sharp:
            best = value + gain, s_there, 0.0
            break
        log_step = _log_step(q2, target, limit, b, slope)
        new = next_s(s, log_step, low, high, turn)
        if new == s:
            break
        s, centre = new, 1.0 / (1.0 + new * mean)
    return base + min(best[0], mean), best[1], mean


@kernel()
def _log_step(q2: float, target: float, limit: float, b: float, slope: float) -> float:
    """Return the step of log s by which the relative variance reaches its target; NaN where none is known."""
    if not (slope > 0.0 and q2 > 0.0):
        return math.nan
    if target > 0.5 * limit:  # 1 / (1 + q2) is smooth in z = 1 / s
        beta = 1.0 / (1.0 + q2)
        return -math.log1p((b * b - beta) / (beta * beta * slope))
    return math.log(target / q2) * q2 / slope


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
        mean = 0.0
        for k in range(W.shape[0]):
            t = 1.0 / (scale * max(W[k] - base, 0.0) + offset) if p[k] > 0.0 else 0.0
            mean += p[k] / mass * t
            q[k] = p[k] / mass * t * t
        fill_up(q, s > 0.0, ((1.0 - 0.5 * rho[i]) / mean) ** 2, bottom)
