"""Kullback-Leibler: ``sigma = sup_{s > 0} -(log E_p[exp(-s V)] + rho) / s``, worst case ``q ~ p exp(-s V)``.

``D(s) = KL(q_s || p)`` increases from 0 to ``-log p(argmin)``; the optimal s has ``D(s) = rho``. The dual
is a lower bound at every s and flat at the optimum, so s needs only half the digits.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import Matrix, Order, OutMatrix, OutVector, Vector, kernel, none
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _dual(
    p: FloatArray, W: FloatArray, base: float, total: float, mean: float, shift_cap: float, s: float
) -> tuple[float, float, float]:
    """Return ``log E_p exp(-s x)``, the tilted mean and variance of x = W - base."""
    small = s * mean < 0.4
    shift = 0.0 if small else min(s * mean, shift_cap, 690.0)
    z = 0.0
    zm1 = 0.0
    m1 = 0.0
    m2 = 0.0
    for k in range(p.shape[0]):
        if p[k] > 0.0:
            x = W[k] - base
            e = math.exp(shift - s * x)
            if small:
                zm1 += p[k] * math.expm1(-s * x)
            d = x - mean
            z += p[k] * e
            m1 += p[k] * e * d
            m2 += p[k] * e * d * d
    log_z = math.log1p(zm1 / total) if small else math.log(z / total) - shift
    d = m1 / z
    return log_z, mean + d, max(m2 / z - d * d, 0.0)


@kernel()
def _row(p: FloatArray, W: FloatArray, order: IntArray, rho: float) -> tuple[float, float, float]:
    """Return the worst-case expectation of W, the multiplier s (inf at the minimum) and the minimum."""
    S = p.shape[0]
    total = 0.0
    mean = 0.0
    for k in range(S):
        total += p[k]
        mean += p[k] * W[k]
    if rho == 0.0:
        return mean / total, 0.0, 0.0
    first = 0
    while p[order[first]] == 0.0:
        first += 1
    base = W[order[first]]
    p1 = 0.0
    while first < S and W[order[first]] == base:
        p1 += p[order[first]]
        first += 1
    threshold = math.log(total) - math.log(p1)
    mean = mean / total - base
    if rho >= threshold or not mean > 0.0:
        return base, math.inf, base
    var = 0.0
    for k in range(S):
        d = W[k] - base - mean
        var += p[k] * d * d
    var /= total
    low = 0.0
    high = math.inf
    s = math.sqrt(2.0 * rho / var) if var > 0.0 else rho / mean
    s = min(max(s, rho / mean), 1e300)
    best = 0.0
    best_s = s
    for step in range(400):
        log_z, m, v = _dual(p, W, base, total, mean, threshold, s)
        value = -(log_z + rho) / s
        if value > best:
            best = value
            best_s = s
        D = -s * m - log_z
        if rho >= D:
            low = s
        if rho <= D:
            high = s
        gap = (rho - D) / s if rho >= D else (D - rho) * (1.0 / max(low, rho / mean) - 1.0 / s)
        if gap <= 1e-17 or high <= low * (1.0 + 1e-12):
            break
        s2v = s * s * v
        move = 0.0
        if rho > 0.5 * threshold and D > 0.0:
            rest = s * m + log_z + threshold
            if rest > 0.0 and threshold > rho and s2v > 0.0:
                move = s * math.exp(min(max(math.log(rest / (threshold - rho)) * rest / s2v, -50.0), 50.0))
        elif D > 0.0 and s2v > 0.0:
            move = s * math.exp(min(max(math.log(rho / D) * D / s2v, -50.0), 50.0))
        if not (low < move < high) or step % 4 == 3:
            if high == math.inf:
                move = s * 16.0
            elif low == 0.0:
                move = s / 16.0
            else:
                move = math.sqrt(low) * math.sqrt(high)
        if move == s:
            break
        s = move
    return base + min(best, mean), best_s, base


@kernel(none(Matrix, Vector, Vector, Order, OutVector))
def expectations(P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, out: FloatArray) -> None:
    for i in range(P.shape[0]):
        out[i] = _row(P[i], W, order, rho[i])[0]


@kernel(none(Matrix, Vector, Vector, Order, OutMatrix))
def distributions(P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, Q: FloatArray) -> None:
    S = P.shape[1]
    for i in range(P.shape[0]):
        p = P[i]
        _, s, base = _row(p, W, order, rho[i])
        z = 0.0
        for k in range(S):
            if s == math.inf:
                Q[i, k] = p[k] if W[k] == base else 0.0
            elif W[k] >= base:
                Q[i, k] = p[k] * math.exp(-s * (W[k] - base)) if s > 0.0 else p[k]
            else:
                Q[i, k] = 0.0
            z += Q[i, k]
        for k in range(S):
            Q[i, k] /= z
