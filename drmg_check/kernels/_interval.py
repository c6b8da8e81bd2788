"""Interval (L-infinity): a fractional knapsack between ``l = (p - rho)_+`` and ``u = min(1, p + rho)``.

Small values get u, large ones l, and one state takes what is left. One vectorised pass measures the
filling at a guessed cap; a walk along the sorted values corrects it.
"""

from __future__ import annotations

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import last_rank_at_most, mass_and_mean
from drmg_check.kernels._simd import fma, load, maximum, minimum, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _upper(p: float, width: float, mass: float, all_states: bool) -> float:
    return min(p + width, mass) if all_states or p > 0.0 else 0.0


@kernel()
def _filling(
    p: FloatArray, width: float, mass: float, W: FloatArray, all_states: bool, cap: float
) -> tuple[float, float]:
    """Return the mass and the moment of ``u`` on ``W <= cap`` and ``l`` above."""
    S = p.shape[0]
    free = -1.0 if all_states else 0.0  # weights at most this have no upper room
    m0, m1, d0, d1 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    k = 0
    while k + 16 <= S:
        p0, p1, w0, w1 = load(p, k), load(p, k + 8), load(W, k), load(W, k + 8)
        u0 = where_le(p0, free, 0.0, minimum(p0 + width, mass))
        u1 = where_le(p1, free, 0.0, minimum(p1 + width, mass))
        x0 = where_le(w0, cap, u0, maximum(p0 - width, 0.0))
        x1 = where_le(w1, cap, u1, maximum(p1 - width, 0.0))
        m0, m1, d0, d1 = m0 + x0, m1 + x1, fma(x0, w0, d0), fma(x1, w1, d1)
        k += 16
    value = total(m0 + m1)
    moment = total(d0 + d1)
    for j in range(k, S):
        x = _upper(p[j], width, mass, all_states) if W[j] <= cap else max(p[j] - width, 0.0)
        value += x
        moment += x * W[j]
    return value, moment


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, all_states: bool, guess: int
) -> tuple[float, int]:
    """Return the worst-case expectation of W and the rank that takes what is left."""
    S = p.shape[0]
    mass, mean = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return mean, 0
    width = rho * mass
    if not 0 <= guess < S:
        lower = max(1.0 / S - rho, 0.0)
        room = 1.0 / S + rho - lower  # 0 when rho rounds away
        guess = int(min(max((1.0 - S * lower) / room, 0.0), S - 1.0)) if room > 0.0 else 0
    cap = W[order[guess]]
    rank = last_rank_at_most(W, order, cap)
    filled, moment = _filling(p, width, mass, W, all_states, cap)
    if filled > 2.0 * mass:  # too far: subtracting would lose digits
        rank = -1
        filled, moment = _filling(p, width, mass, W, all_states, -1.0)
    # the walk adds up to S terms one by one: carry the rounding errors along
    lost, lost_moment = 0.0, 0.0
    while rank >= 0 and filled > mass:
        q = p[order[rank]]
        x = max(q - width, 0.0) - _upper(q, width, mass, all_states)
        y = x * W[order[rank]]
        new = filled + x
        lost += x - (new - filled)
        filled = new
        new = moment + y
        lost_moment += y - (new - moment)
        moment = new
        rank -= 1
    while rank + 2 < S:
        q = p[order[rank + 1]]
        x = _upper(q, width, mass, all_states) - max(q - width, 0.0)
        if filled + x >= mass:
            break
        y = x * W[order[rank + 1]]
        new = filled + x
        lost += x - (new - filled) if filled > x else filled - (new - x)
        filled = new
        new = moment + y
        lost_moment += y - (new - moment) if moment > y else moment - (new - y)
        moment = new
        rank += 1
    rank = min(rank + 1, S - 1)
    rest = mass - filled - lost
    value = (moment + lost_moment + rest * W[order[rank]]) / mass
    return min(max(value, 0.0), mean), rank


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
    """Write every row's worst-case expectation; ``start`` holds one plus the rank of the partial state."""
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
        left = 1.0
        for k in range(S):
            Q[i, k] = max(P[i, k] / mass - rho[i], 0.0)
            left -= Q[i, k]
        for rank in range(S):
            k = order[rank]
            room = _upper(P[i, k] / mass, rho[i], 1.0, all_states) - Q[i, k]
            given = max(min(room, left), 0.0)
            Q[i, k] += given
            left -= given
