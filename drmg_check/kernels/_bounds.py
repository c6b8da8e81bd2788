"""Between bounds: a fractional knapsack from ``l = (p - rho down)_+`` up to ``u = min(1, p + rho up)``.

``down`` and ``up`` are widths for each state. All states get l; what is left fills up to u, smallest values
first. One pass measures l, and one along the sorted values fills.
"""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _lower(x: float, width: float) -> float:
    return max(x - width, 0.0)


@kernel()
def _upper(x: float, width: float, mass: float, all_states: bool) -> float:
    return min(x + width, mass) if all_states or x > 0.0 else 0.0


@kernel(none(Matrix, Vector, Vector, Order, Vector, Vector, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    down: FloatArray,
    up: FloatArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; there is nothing to start from."""
    S = W.shape[0]
    for i in range(P.shape[0]):
        p = P[i]
        mass, mean = mass_and_mean(p, W)
        if rho[i] == 0.0 or not mass > 0.0:
            out[i] = mean
            continue
        width = rho[i] * mass
        filled, moment = 0.0, 0.0
        for k in range(S):
            least = _lower(p[k], width * down[k])
            filled += least
            moment += least * W[k]
        left = mass - filled
        for rank in range(S):
            if left <= 0.0:
                break
            k = order[rank]
            x = p[k]
            given = min(_upper(x, width * up[k], mass, all_states) - _lower(x, width * down[k]), left)
            moment += given * W[k]
            left -= given
        out[i] = min(max(moment / mass, 0.0), mean)


@kernel()
def distributions(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    down: FloatArray,
    up: FloatArray,
    all_states: bool,
    Q: FloatArray,
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        left = 1.0
        for k in range(S):
            Q[i, k] = P[i, k] / mass
            if rho[i] > 0.0:
                Q[i, k] = _lower(Q[i, k], rho[i] * down[k])
            left -= Q[i, k]
        for rank in range(S):
            if left <= 0.0 or rho[i] == 0.0:
                break
            k = order[rank]
            room = _upper(P[i, k] / mass, rho[i] * up[k], 1.0, all_states) - Q[i, k]
            given = max(min(room, left), 0.0)
            Q[i, k] += given
            left -= given
