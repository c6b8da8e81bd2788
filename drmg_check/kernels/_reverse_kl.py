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
from drmg_check.kernels._passes import central_sums, mass_and_mean, support_start
from drmg_check.kernels._simd import fma, load_first, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray

ENOUGH = 2.0**-56  # in units of the span, which is in [1/2, 1]
LARGEST_S = 1e290
SMALL_S = 1e-6  # below, s = sqrt(2 rho / variance) has a relative error that the value does not see


@kernel()
def _tilt(
    p: FloatArray, W: FloatArray, base: float, mass: float, scale: float, offset: float, centre: float
) -> tuple[float, float, float]:
    """Return, for ``y = scale W + offset``, E log y, E[1 / y] and Var(1 / y) / E[1 / y]^2."""
    S = p.shape[0]
    logs, t1, m1, m2 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0) * scale
        x = where_le(weight, 0.0, 1.0, x)
        logs = fma(weight, log_of_sum(maximum(x, offset), minimum(x, offset)), logs)
        t = 1.0 / (x + offset)
        t1 = fma(weight, t, t1)
        d = t - centre
        a = weight * d
        m1, m2 = m1 + a, fma(a, d, m2)
    mean = total(t1) / mass
    d = total(m1) / mass
    return total(logs) / mass, mean, max(total(m2) / mass - d * d, 0.0) / mean / mean


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, all_states: bool, s: float, sharp: bool
) -> tuple[float, float]:
    """Return the worst-case expectation of W and s (0 nominal, inf minimum, -1 the boundary z = 0)."""
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, 0.0
    bottom = W[order[support_start(p, order)]]
    base = 0.0 if all_states else bottom
    mean = nominal - base
    if not mean > 0.0:
        return base, math.inf
    if bottom > base:
        logs, t1, _ = _tilt(p, W, 0.0, mass, 1.0, 0.0, 1.0 / mean)
        if logs + math.log(t1) <= rho:
            return min(math.exp(logs - rho), nominal), -1.0
    floor = min(math.expm1(min(rho, 700.0)) / mean, LARGEST_S)  # s is at least this
    variance = -1.0
    if not max(floor, SMALL_S) <= s < LARGEST_S:
        variance = central_sums(p, W, nominal)[0] / mass
        s = math.sqrt(2.0 * rho / variance) if variance > 0.0 else floor
        s = min(max(s, floor), LARGEST_S)
    low, high = floor, math.inf
    centre = 1.0 / (1.0 + s * mean)
    best, best_s, miss = 0.0, s, math.inf
    for step in range(300):
        if s * mean < 1.0:
            logs, t1, q2 = _tilt(p, W, base, mass, s, 1.0, centre)
            value = math.expm1(logs - rho) / s
            divergence = math.log(t1) + logs
        else:
            logs, t1, q2 = _tilt(p, W, base, mass, 1.0, 1.0 / s, centre * s)
            value = math.exp(logs - rho) - 1.0 / s
            divergence = math.log(t1) + logs
            t1 /= s
        if value > best:
            best, best_s = value, best_s if sharp else s
        if s < SMALL_S and variance >= 0.0:
            break
        if sharp and abs(divergence - rho) < miss:
            miss, best_s = abs(divergence - rho), s
        if divergence <= rho:
            low = max(low, s)
        if divergence >= rho:
            high = min(high, s)
        over = math.expm1(divergence - rho)  # the derivative of the dual in z
        gap = -over * (1.0 / s - 1.0 / high) if over <= 0.0 else over * (1.0 / low - 1.0 / s)
        if (gap <= ENOUGH and not sharp) or over == 0.0 or high <= low * (1.0 + 2.0**-50):
            break
        slope = t1 * q2  # of the divergence in log s
        new = math.nan
        if slope > 0.0 and divergence > 0.0:
            newton = (
                (rho - divergence) / slope
                if divergence > 1.0
                else math.log(rho / divergence) * divergence / slope
            )
            new = s * math.exp(min(max(newton, -50.0), 50.0))
        if not low < new < high or step % 4 == 3:
            new = min(s * 16.0, LARGEST_S) if high == math.inf else math.sqrt(low) * math.sqrt(high)
        if new == s:
            break
        if new < SMALL_S and variance < 0.0:
            variance = central_sums(p, W, nominal)[0] / mass
            new = max(math.sqrt(2.0 * rho / variance), floor) if variance > 0.0 else floor
        centre = t1 * (1.0 + s * mean) / (1.0 + new * mean)
        s = new
    return base + min(best, mean), best_s


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
    """Write every row's worst-case expectation; ``start`` holds the multipliers s."""
    for i in range(P.shape[0]):
        out[i], start[i] = _row(P[i], rho[i], W, order, all_states, start[i], False)


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        _, s = _row(P[i], rho[i], W, order, all_states, 0.0, True)
        start = support_start(P[i], order)
        base = 0.0 if all_states else W[order[start]]
        bottom = order[0] if all_states else order[start]
        scale, offset = (1.0, 0.0) if s < 0.0 else (s, 1.0)
        first, logs = 0.0, 0.0
        for k in range(S):
            Q[i, k] = 0.0
            if P[i, k] > 0.0:
                y = scale * max(W[k] - base, 0.0) + offset if s < math.inf else 1.0
                Q[i, k] = P[i, k] / y
                first += Q[i, k]
                logs += P[i, k] * math.log(y)
        factor = math.exp(logs / mass - rho[i]) / mass if s < 0.0 else 1.0 / first
        for k in range(S):
            Q[i, k] *= factor
        if s < 0.0:
            Q[i, bottom] += max(1.0 - factor * first, 0.0)
