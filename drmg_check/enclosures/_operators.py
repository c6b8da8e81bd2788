r"""What a policy earns, and what an answer to it could, from bounds on ``sigma(s, a)``: a state at a time.

``Q(s, a) = r(s, a) + sigma(s, a)`` lies between ``x - e`` and ``y + e`` with ``e = 2 u (|x| + |y| + |r|)``:
one u for the sum, one for a rounded reward. A state's average is taken of what its Q exceed their least,
which errs by the span D of Q there times ``(2 A + 8) u``: A products and sums, the mass, a division, and the
subtraction; a rounded policy moves it by ``2 u D`` more (see :mod:`drmg_check.enclosures._outward`). An
answer sums A more weights into marginals.
"""

from __future__ import annotations

import numpy as np

from drmg_check.enclosures._outward import BIG, U
from drmg_check.kernels.lanes import kernel
from drmg_check.vocabulary import FloatArray, IntArray

LEAST = 1e-300  # an absolute error where numbers may be subnormal


@kernel()
def _between(r: float, lo: float, hi: float) -> tuple[float, float]:
    """Return bounds on ``r + sigma`` rounded outward."""
    x, y = r + lo, r + hi
    e = 2.0 * U * (abs(x) + abs(y) + abs(r)) + LEAST
    return x - e, y + e


@kernel()
def _span_of(r: FloatArray, lo: FloatArray, hi: FloatArray) -> tuple[float, float]:
    """Return the least and the largest bound on Q in a state."""
    least, most = BIG * 1e8, -BIG * 1e8
    for a in range(r.shape[0]):
        x, y = _between(r[a], lo[a], hi[a])
        least, most = min(least, x), max(most, y)
    return least, most


@kernel()
def _written(least: float, low: float, high: float, error: float) -> tuple[float, float]:
    """Return ``least + low - error`` and ``least + high + error`` rounded outward."""
    x, y = least + low - error, least + high + error
    return x - 4.0 * U * (abs(x) + abs(least)) - LEAST, y + 4.0 * U * (abs(y) + abs(least)) + LEAST


@kernel()
def obeyed(
    pi: FloatArray,
    r: FloatArray,
    lo: FloatArray,
    hi: FloatArray,
    rounded: float,
    L: FloatArray,
    width: FloatArray,
) -> None:
    """Write a lower bound on the average of Q in each state, and how far above it the average may be.

    ``pi``, ``r``, ``lo`` and ``hi`` are [S, A]; ``L`` and ``width`` [S].
    """
    S, A = pi.shape
    for s in range(S):
        least, most = _span_of(r[s], lo[s], hi[s])
        mass, low, high = 0.0, 0.0, 0.0
        for a in range(A):
            weight = pi[s, a]
            if weight > 0.0:
                x, y = _between(r[s, a], lo[s, a], hi[s, a])
                mass += weight
                low += weight * (x - least)
                high += weight * (y - least)
        error = (2.0 * A + 8.0 + 2.0 * rounded) * U * (most - least) * (1.0 + 4.0 * U)
        L[s], top = _written(least, low / mass, high / mass, error)
        width[s] = (top - L[s]) * (1.0 + 2.0 * U)


@kernel()
def answered(
    pi: FloatArray,
    own: IntArray,
    others: IntArray,
    told: bool,
    r: FloatArray,
    lo: FloatArray,
    hi: FloatArray,
    rounded: float,
    L: FloatArray,
    width: FloatArray,
) -> None:
    """Write bounds on the best answer to the others' marginal or, if told, to each recommendation.

    Joint action a is the agent's own action ``own[a]`` and the others' ``others[a]``, each counted from 0.
    """
    S, A = pi.shape
    k, n = own.max() + 1, others.max() + 1
    weights, x, y = np.empty((k, n)), np.empty((k, n)), np.empty((k, n))
    for s in range(S):
        least, most = _span_of(r[s], lo[s], hi[s])
        mass = 0.0
        weights[:] = 0.0
        for a in range(A):
            low, high = _between(r[s, a], lo[s, a], hi[s, a])
            x[own[a], others[a]], y[own[a], others[a]] = low - least, high - least
            weights[own[a] if told else 0, others[a]] += pi[s, a]
            mass += pi[s, a]
        low, high = 0.0, 0.0
        for recommendation in range(k if told else 1):
            best_low, best_high = 0.0, 0.0
            for b in range(k):
                sum_low, sum_high = 0.0, 0.0
                for o in range(n):
                    sum_low += weights[recommendation, o] * x[b, o]
                    sum_high += weights[recommendation, o] * y[b, o]
                best_low, best_high = max(best_low, sum_low), max(best_high, sum_high)
            low += best_low
            high += best_high
        error = (4.0 * A + 8.0 + 2.0 * rounded) * U * (most - least) * (1.0 + 4.0 * U)
        L[s], top = _written(least, low / mass, high / mass, error)
        width[s] = (top - L[s]) * (1.0 + 2.0 * U)
