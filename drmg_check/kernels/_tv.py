"""Total variation: cut mass rho from the largest values and put it on the smallest.

In ``W = V - min V`` and with the cap c at which the cut stops, the dual
``sigma = E[W] - E[(W - c)_+] - rho (c - b)``, b the smallest value that may be reached, is attained.
One vectorised pass measures the tail above a guessed cap; a walk along the sorted values corrects it.
"""

from __future__ import annotations

from drmg_check.kernels._jit import (
    Matrix,
    Order,
    OutVector,
    Vector,
    b1,
    kernel,
    none,
)
from drmg_check.kernels._passes import last_rank_at_most, mass_and_mean, support_start
from drmg_check.kernels._simd import fma, load, load_first, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _tail(p: FloatArray, W: FloatArray, cap: float) -> tuple[float, float]:
    """Return ``sum p`` and ``sum p W`` over the states with ``W > cap``."""
    S = p.shape[0]
    m0, m1, m2, m3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    d0, d1, d2, d3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    k = 0
    while k + 32 <= S:
        w0, w1, w2, w3 = load(W, k), load(W, k + 8), load(W, k + 16), load(W, k + 24)
        x0 = where_le(w0, cap, 0.0, load(p, k))
        x1 = where_le(w1, cap, 0.0, load(p, k + 8))
        x2 = where_le(w2, cap, 0.0, load(p, k + 16))
        x3 = where_le(w3, cap, 0.0, load(p, k + 24))
        d0, d1, d2, d3 = fma(x0, w0, d0), fma(x1, w1, d1), fma(x2, w2, d2), fma(x3, w3, d3)
        m0, m1, m2, m3 = m0 + x0, m1 + x1, m2 + x2, m3 + x3
        k += 32
    while k < S:
        w0 = load_first(W, k, S - k)
        x0 = where_le(w0, cap, 0.0, load_first(p, k, S - k))
        m0, d0 = m0 + x0, fma(x0, w0, d0)
        k += 8
    return total((m0 + m1) + (m2 + m3)), total((d0 + d1) + (d2 + d3))


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, all_states: bool, guess: int
) -> tuple[float, int]:
    """Return the worst-case expectation of W and the rank at which the cut stops."""
    S = p.shape[0]
    mass, mean = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return mean, S - 1
    bottom = 0 if all_states else support_start(p, order)
    base = W[order[bottom]]
    budget = rho * mass
    rank = guess if 0 <= guess < S else min(int((1.0 - rho) * S), S - 1)
    cap = W[order[rank]]
    rank = last_rank_at_most(W, order, cap)
    above, moment = _tail(p, W, cap)
    # the walk adds up to S terms one by one: carry the rounding errors along
    lost_above, lost_moment = 0.0, 0.0
    while above > budget and rank < S - 1:
        rank += 1
        x = -p[order[rank]]
        y = x * W[order[rank]]
        new = above + x
        lost_above += x - (new - above)
        above = new
        new = moment + y
        lost_moment += y - (new - moment)
        moment = new
    while rank > bottom and above + p[order[rank]] < budget:
        x = p[order[rank]]
        y = x * W[order[rank]]
        new = above + x
        lost_above += x - (new - above) if above > x else above - (new - x)
        above = new
        new = moment + y
        lost_moment += y - (new - moment) if moment > y else moment - (new - y)
        moment = new
        rank -= 1
    rest = max(budget - (above + lost_above), 0.0)
    cut = (moment + lost_moment + rest * W[order[rank]]) / mass
    return min(max(mean - cut + rho * base, base), mean), rank


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
    """Write every row's worst-case expectation; ``start`` holds one plus the rank where the cut stops."""
    for i in range(P.shape[0]):
        guess = int(start[i]) - 1 if 1.0 <= start[i] <= W.shape[0] else -1
        out[i], rank = _row(P[i], rho[i], W, order, all_states, guess)
        start[i] = rank + 1


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        bottom = 0 if all_states else support_start(P[i], order)
        for k in range(S):
            Q[i, k] = P[i, k] / mass
        left = rho[i]
        rank = S - 1
        while rank > bottom and left > 0.0:
            moved = min(left, Q[i, order[rank]])
            Q[i, order[rank]] -= moved
            Q[i, order[bottom]] += moved
            left -= moved
            rank -= 1
