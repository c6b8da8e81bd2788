"""The passes over a nominal row that every set needs: its sum, its mean, the bottom of its support."""

from __future__ import annotations

import math

from drmg_check.kernels._jit import kernel
from drmg_check.kernels._simd import fma, load, load_first, lowest, minimum, prefetch, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def is_legal(mass: float, least: float) -> bool:
    """Whether a row has no negative weight and a sum that lets no product under- or overflow."""
    return least >= 0.0 and 0.5 <= mass <= 4.0


@kernel()
def mass_and_mean(p: FloatArray, W: FloatArray) -> tuple[float, float]:
    """Return ``sum p`` and ``sum p W / sum p``; both NaN when the row must be refused or rescaled."""
    S = p.shape[0]
    t0, t1, t2, t3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    d0, d1, d2, d3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    least = splat(0.0)
    quarter = S // 32 * 8  # reading in four places at once keeps the memory busier than in one
    for j in range(0, quarter, 8):
        j1, j2, j3 = j + quarter, j + 2 * quarter, j + 3 * quarter
        x0, x1, x2, x3 = load(p, j), load(p, j1), load(p, j2), load(p, j3)
        for k in (j, j1, j2, j3):
            prefetch(p, k + S)  # the next row
        d0 = fma(x0, load(W, j), d0)
        d1 = fma(x1, load(W, j1), d1)
        d2 = fma(x2, load(W, j2), d2)
        d3 = fma(x3, load(W, j3), d3)
        least = minimum(least, minimum(minimum(x0, x1), minimum(x2, x3)))
        t0, t1, t2, t3 = t0 + x0, t1 + x1, t2 + x2, t3 + x3
    k = 4 * quarter
    while k < S:
        x0 = load_first(p, k, S - k)
        t0, d0, least = t0 + x0, fma(x0, load_first(W, k, S - k), d0), minimum(least, x0)
        k += 8
    mass = total((t0 + t1) + (t2 + t3))
    if not is_legal(mass, lowest(least)):
        return math.nan, math.nan
    return mass, total((d0 + d1) + (d2 + d3)) / mass


@kernel()
def central_moments(p: FloatArray, W: FloatArray, mass: float, mean: float) -> tuple[float, float, float]:
    """Return ``E (W - mean)^j`` for j = 2, 3, 4."""
    S = p.shape[0]
    m2, m3, m4 = splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        d = load_first(W, k, S - k) - mean
        square = d * d
        a = load_first(p, k, S - k) * square
        m2, m3, m4 = m2 + a, fma(a, d, m3), fma(a, square, m4)
    return total(m2) / mass, total(m3) / mass, total(m4) / mass


@kernel()
def support_start(p: FloatArray, order: IntArray) -> int:
    """Return the rank of the smallest value that the row p reaches."""
    rank = 0
    while p[order[rank]] == 0.0:
        rank += 1
    return rank


@kernel()
def mass_at_start(p: FloatArray, W: FloatArray, order: IntArray, start: int) -> float:
    """Return the mass of p on the value of rank ``start``, the smallest that it reaches."""
    S = p.shape[0]
    base = W[order[start]]
    if start + 1 == S or W[order[start + 1]] > base:
        return float(p[order[start]])
    mass = splat(0.0)
    for k in range(0, S, 8):
        mass = mass + where_le(load_first(W, k, S - k), base, load_first(p, k, S - k), 0.0)
    return float(total(mass))


@kernel()
def rarity(bottom_mass: float, mass: float) -> float:
    """Return ``-log p`` of the bottom's probability, the divergence of the point mass there."""
    ratio = bottom_mass / mass
    # a ratio that is not normal has lost digits
    return -math.log(ratio) if ratio > 1e-300 else math.log(mass) - math.log(bottom_mass)


@kernel()
def nominal_or_minimum(
    p: FloatArray, W: FloatArray, base: float, bottom: int, nominal: bool, q: FloatArray
) -> None:
    """Write the nominal row, or the nominal row given the minimum; where that is empty, a point mass."""
    for k in range(W.shape[0]):
        q[k] = p[k] if nominal or W[k] == base else 0.0
    if q.sum() == 0.0:
        q[bottom] = 1.0
    q /= q.sum()


@kernel()
def fill_up(q: FloatArray, inside: bool, scale: float, bottom: int) -> None:
    """Normalise q; at the boundary z = 0 scale it, and put the mass that is missing on the minimum."""
    if inside:
        q /= q.sum()
    else:
        q *= scale
        q[bottom] += max(1.0 - q.sum(), 0.0)


@kernel()
def last_rank_at_most(W: FloatArray, order: IntArray, value: float) -> int:
    """Return the last rank whose value is at most ``value``; -1 when there is none."""
    low, high = -1, order.shape[0]
    while high - low > 1:
        middle = (low + high) // 2
        if W[order[middle]] <= value:
            low = middle
        else:
            high = middle
    return low
