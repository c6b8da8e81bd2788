"""L2 and ellipsoids: the multiplier and the states that keep mass, found together.

Among distributions on A the best at the price 1 / (2 t) of the squared radius is
``q = p + (shift - t (W - m)) / w`` with m the mean of W over A in the weights 1 / w and ``shift`` such that q
sums to 1. Its distance is rho at one t, in closed form. States that it makes negative stay at 0 for every
larger t, and t grows as A shrinks (projections onto convex sets do not expand distances), so that dropping
them until none is negative ends with the optimum, after few passes.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean, support_start
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _solve(
    p: FloatArray, mass: float, rho: float, W: FloatArray, inverse: FloatArray, base: float, q: FloatArray
) -> float:
    """Write the worst distribution over q, which is negative where there must be none; return its mean.

    ``inverse`` holds ``1 / w``; ``base`` is the smallest value that may be reached.
    """
    S, t = W.shape[0], 0.0
    while True:
        lost, outside, weight, height = 0.0, 0.0, 0.0, 0.0
        for k in range(S):
            x = p[k] / mass
            if q[k] >= 0.0:
                weight += inverse[k]
                height += inverse[k] * (W[k] - base)
            elif x > 0.0:
                lost += x
                outside += x * x / inverse[k]
        middle = height / weight  # counted from the base: equal values have exactly no variance
        variance = 0.0
        for k in range(S):
            if q[k] >= 0.0:
                variance += inverse[k] * (W[k] - base - middle) ** 2
        shift = lost / weight
        if variance > 0.0:
            t = max(t, math.sqrt(max(rho * rho - lost * shift - outside, 0.0) / variance))
        dropped = 0
        value, total = 0.0, 0.0
        for k in range(S):
            if q[k] >= 0.0:
                y = p[k] / mass + inverse[k] * (shift - t * (W[k] - base - middle) * (variance > 0.0))
                if y < 0.0:
                    q[k] = -1.0
                    dropped += 1
                else:
                    q[k] = y
                    value += y * (W[k] - base)
                    total += y
        if dropped == 0:
            return base + value / total


@kernel(none(Matrix, Vector, Vector, Order, Vector, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    inverse: FloatArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; there is nothing to start from."""
    q = W.copy()
    for i in range(P.shape[0]):
        mass, mean = mass_and_mean(P[i], W)
        if rho[i] == 0.0 or not mass > 0.0:
            out[i] = mean
            continue
        for k in range(W.shape[0]):
            q[k] = 0.0 if all_states or P[i, k] > 0.0 else -1.0
        base = W[order[0 if all_states else support_start(P[i], order)]]
        out[i] = min(_solve(P[i], mass, rho[i], W, inverse, base, q), mean)


@kernel()
def distributions(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    inverse: FloatArray,
    all_states: bool,
    Q: FloatArray,
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        for k in range(S):
            Q[i, k] = 0.0 if all_states or P[i, k] > 0.0 else -1.0
        if rho[i] == 0.0:
            Q[i] = P[i] / mass
            continue
        base = W[order[0 if all_states else support_start(P[i], order)]]
        _solve(P[i], mass, rho[i], W, inverse, base, Q[i])
        for k in range(S):
            Q[i, k] = max(Q[i, k], 0.0)
        Q[i] /= Q[i].sum()
