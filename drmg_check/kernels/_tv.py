"""Total variation: cut mass rho from the largest values and put it on the smallest.

In ``W = V - min V`` and with the cap c at which the cut stops, the dual
``sigma = E[W] - E[(W - c)_+] - rho (c - b)``, b the smallest value that may be reached, is attained.
One vectorised pass measures the tail above a guessed cap; a walk along the sorted values corrects it.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import (
    Matrix,
    Order,
    OutVector,
    Vector,
    b1,
    kernel,
    none,
)
from drmg_check.kernels._passes import is_legal, last_rank_at_most, mass_and_mean, support_start
from drmg_check.kernels._simd import fma, load, load_first, lowest, minimum, prefetch, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _with_tail(p: FloatArray, W: FloatArray, cap: float) -> tuple[float, float, float, float, float]:
    """Return ``sum p``, ``sum p W``, the same over the states with ``W > cap``, and the smallest weight."""
    S = p.shape[0]
    t0, t1, d0, d1 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    a0, a1, m0, m1 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    least = splat(0.0)
    quarter = S // 32 * 8  # four places at once, as in mass_and_mean
    for j in range(0, quarter, 8):
        for i in range(2):
            k0 = j + i * quarter
            k1 = k0 + 2 * quarter
            x0, x1, w0, w1 = load(p, k0), load(p, k1), load(W, k0), load(W, k1)
            prefetch(p, k0 + S)  # the next row
            prefetch(p, k1 + S)
            t0, t1, least = t0 + x0, t1 + x1, minimum(least, minimum(x0, x1))
            d0, d1 = fma(x0, w0, d0), fma(x1, w1, d1)
            x0, x1 = where_le(w0, cap, 0.0, x0), where_le(w1, cap, 0.0, x1)
            a0, a1, m0, m1 = a0 + x0, a1 + x1, fma(x0, w0, m0), fma(x1, w1, m1)
    k = 4 * quarter
    while k < S:
        x0, w0 = load_first(p, k, S - k), load_first(W, k, S - k)
        t0, d0, least = t0 + x0, fma(x0, w0, d0), minimum(least, x0)
        x0 = where_le(w0, cap, 0.0, x0)
        a0, m0 = a0 + x0, fma(x0, w0, m0)
        k += 8
    return total(t0 + t1), total(d0 + d1), total(a0 + a1), total(m0 + m1), lowest(least)


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, all_states: bool, guess: int
) -> tuple[float, int]:
    """Return the worst-case expectation of W and the rank at which the cut stops."""
    S = p.shape[0]
    if rho == 0.0:
        return mass_and_mean(p, W)[1], S - 1
    rank = guess if 0 <= guess < S else min(int((1.0 - rho) * S), S - 1)
    cap = W[order[rank]]
    if rank + 1 < S and W[order[rank + 1]] == cap:
        rank = last_rank_at_most(W, order, cap)
    mass, dot, above, moment, least = _with_tail(p, W, cap)
    if not is_legal(mass, least):
        return math.nan, 0
    mean, budget = dot / mass, rho * mass
    bottom = 0 if all_states else support_start(p, order)
    base = W[order[bottom]]
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
