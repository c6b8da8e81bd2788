"""Total variation: cut mass rho from the largest values and put it on one argmin.

With ``W = V - min V`` and the cap c reached by cutting,
``sigma = min V + E_p[W] - sum_{W_s > c} p_s (W_s - c) - rho c``.
"""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, Order, OutMatrix, OutVector, Vector, b1, kernel, none
from drmg_check.vocabulary import FloatArray, IntArray


@kernel(none(Matrix, Vector, Vector, Order, b1, OutVector))
def expectations(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, out: FloatArray
) -> None:
    n, S = P.shape
    for i in range(n):
        p = P[i]
        total = 0.0
        mean = 0.0
        for k in range(S):
            total += p[k]
            mean += p[k] * W[k]
        if rho[i] == 0.0:
            out[i] = mean / total
            continue
        first = 0
        if not all_states:
            while p[order[first]] == 0.0:
                first += 1
        budget = rho[i] * total
        base = W[order[first]]
        cut = 0.0
        r = S - 1
        while r > first:
            k = order[r]
            if cut + p[k] >= budget:
                break
            cut += p[k]
            mean -= p[k] * (W[k] - base)
            r -= 1
        mean -= (budget - cut) * (W[order[r]] - base)
        out[i] = max(mean / total, base)


@kernel(none(Matrix, Vector, Vector, Order, b1, OutMatrix))
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    n, S = P.shape
    for i in range(n):
        p = P[i]
        total = 0.0
        for k in range(S):
            total += p[k]
        first = 0
        if not all_states:
            while p[order[first]] == 0.0:
                first += 1
        for k in range(S):
            Q[i, k] = p[k] / total
        left = rho[i]
        r = S - 1
        while r > first and left > 0.0:
            k = order[r]
            moved = min(left, Q[i, k])
            Q[i, k] -= moved
            Q[i, order[first]] += moved
            left -= moved
            r -= 1
