"""Between bounds: a fractional knapsack from l up to u.

Either ``l = p - rho (p - below)_+`` and ``u = p + rho (above - p)_+`` for bounds that are given, or
``l = (p - rho below)_+`` and ``u = min(1, p + rho above)`` for widths. All states get l; what is left fills
up to u, smallest values first. One pass measures l, and one along the sorted values fills.
"""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _lower(x: float, below: float, rho: float, mass: float, given: bool) -> float:
    return x - rho * max(x - mass * below, 0.0) if given else max(x - rho * mass * below, 0.0)


@kernel()
def _upper(x: float, above: float, rho: float, mass: float, given: bool) -> float:
    return x + rho * max(mass * above - x, 0.0) if given else min(x + rho * mass * above, mass)


@kernel(none(Matrix, Vector, Vector, Order, Vector, Vector, b1, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    below: FloatArray,
    above: FloatArray,
    given: bool,
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
        filled, moment = 0.0, 0.0
        for k in range(S):
            least = _lower(p[k], below[k], rho[i], mass, given)
            filled += least
            moment += least * W[k]
        left = mass - filled
        for rank in range(S):
            if left <= 0.0:
                break
            k = order[rank]
            x = p[k]
            if x > 0.0 or all_states:
                room = _upper(x, above[k], rho[i], mass, given) - _lower(x, below[k], rho[i], mass, given)
                added = min(room, left)
                moment += added * W[k]
                left -= added
        out[i] = min(max(moment / mass, 0.0), mean)


@kernel()
def distributions(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    below: FloatArray,
    above: FloatArray,
    given: bool,
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
                Q[i, k] = _lower(Q[i, k], below[k], rho[i], 1.0, given)
            left -= Q[i, k]
        for rank in range(S):
            if left <= 0.0 or rho[i] == 0.0:
                break
            k = order[rank]
            x = P[i, k] / mass
            if x > 0.0 or all_states:
                added = max(min(_upper(x, above[k], rho[i], 1.0, given) - Q[i, k], left), 0.0)
                Q[i, k] += added
                left -= added
