"""Kullback-Leibler for short rows: eight rows at a time, one in each lane.

A short row leaves the lanes empty and pays for its logarithms one by one; here all of the search of
``_kl.py`` runs in lanes, without branches, for the rows that need none: a radius below half the
threshold and above 1e-10. A row whose value is not proved within four tilts goes to the row kernel.
Lanes never meet, so a row's bits do not depend on its neighbours.
"""

from __future__ import annotations

import numpy as np

from drmg_check.kernels._elementary import exp_and_expm1, log_of_sum
from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._kl import _row
from drmg_check.kernels._kl import distributions as distributions
from drmg_check.kernels._passes import mass_at_start
from drmg_check.kernels._search import (
    ENOUGH,
    LARGEST_S,
    MOST_SHIFT,
    NEAR_ONE,
    OFF_CENTRE,
    SHORT_STEP,
    SMALL_RADIUS,
)
from drmg_check.kernels._simd import LANES, fma, load, maximum, minimum, splat, sqrt, store, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray

TILTS = 4


@kernel()
def _easy_rows(
    columns: FloatArray,
    W: FloatArray,
    radius: FloatArray,
    base_of: FloatArray,
    bottom_of: FloatArray,
    warm_of: FloatArray,
    value_of: FloatArray,
    multiplier_of: FloatArray,
) -> None:
    """Write the value and the multiplier of each lane's row; the value is -1 where it was not proved."""
    S = W.shape[0]
    rho, base, bottom, warm = load(radius, 0), load(base_of, 0), load(bottom_of, 0), load(warm_of, 0)
    mass, dot, least = splat(0.0), splat(0.0), splat(0.0)
    for k in range(S):
        weight = load(columns, k * LANES)
        mass, dot, least = mass + weight, fma(weight, W[k], dot), minimum(least, weight)
    nominal = dot / mass
    mean = nominal - base
    m2, m3 = splat(0.0), splat(0.0)
    for k in range(S):
        d = W[k] - nominal
        a = load(columns, k * LANES) * d * d
        m2, m3 = m2 + a, fma(a, d, m3)
    m2, m3 = m2 / mass, m3 / mass
    threshold = log_of_sum(mass / bottom, 0.0)
    floor = rho / mean
    easy = where_le(0.0, least, 1.0, 0.0) * where_le(0.5, mass, 1.0, 0.0) * where_le(mass, 4.0, 1.0, 0.0)
    easy = easy * where_le(SMALL_RADIUS, rho, 1.0, 0.0) * where_le(rho, 0.5 * threshold, 1.0, 0.0)
    # normal numbers: what is divided by them keeps its digits
    easy = easy * where_le(1e-290, bottom, 1.0, 0.0) * where_le(1e-290, m2, 1.0, 0.0)
    s = sqrt(2.0 * rho / m2)
    s = s * minimum(maximum(1.0 + s * m3 / (3.0 * m2), 0.5), 2.0)
    s = where_le(floor, warm, where_le(warm, LARGEST_S, warm, s), s)
    s = minimum(maximum(s, floor), LARGEST_S)
    centre, best, best_s = mean, splat(-1.0), s
    for _ in range(TILTS):
        bulk = s * mean
        shift = where_le(bulk, NEAR_ONE, 0.0, minimum(minimum(bulk, threshold), MOST_SHIFT))
        minus_s = 0.0 - s
        z, z_less_one = splat(0.0), splat(0.0)
        t1, t2, t3 = splat(0.0), splat(0.0), splat(0.0)
        for k in range(S):
            weight = load(columns, k * LANES)
            x = maximum(W[k] - base, 0.0)
            e, e_less_one = exp_and_expm1(fma(x, minus_s, shift))
            z_less_one = fma(weight, e_less_one, z_less_one)
            a = weight * e
            z, t1 = z + a, fma(a, x, t1)
            d = x - centre
            a = a * d * d
            t2, t3 = t2 + a, fma(a, d, t3)
        K = where_le(bulk, NEAR_ONE, log_of_sum(1.0, z_less_one / mass), log_of_sum(z / mass, 0.0) - shift)
        m = t1 / z
        d = m - centre
        v = t2 / z - d * d
        k3 = t3 / z - d * (3.0 * (t2 / z) - 2.0 * d * d)
        divergence = minus_s * m - K
        slope = s * s * v
        newton = log_of_sum(rho / divergence, 0.0) * divergence / slope
        bend = (2.0 * slope - s * s * s * k3) / slope - slope / divergence
        correction = minimum(maximum(0.5 * bend * newton, -0.5), 0.5)
        _, growth = exp_and_expm1(minimum(maximum(newton * (1.0 - correction), -4.0), 4.0))
        delta = s * growth
        size = maximum(delta, 0.0 - delta)
        K4 = K - delta * (m - delta * (0.5 * v - delta * k3 / 6.0))
        m4 = m - delta * (v - 0.5 * delta * k3)
        left = rho + K4 + (s + delta) * m4
        left = maximum(left, 0.0 - left) + 0.25 * s * v * size * size * size
        # as in _kl._predicted: 20 in place of 24
        remainder = v * size * size * size * size / (20.0 * s) + left * left / (s * s * s * v)
        proved = easy * where_le(remainder, ENOUGH, 1.0, 0.0) * where_le(size, SHORT_STEP, 1.0, 0.0)
        proved = proved * where_le(d * d, OFF_CENTRE * v, 1.0, 0.0)
        here = base + minimum(maximum((0.0 - (K4 + rho)) / (s + delta), 0.0), mean)
        best_s = where_le(1.0, proved, s + delta, best_s)
        best = where_le(1.0, proved, here, best)
        easy = easy - proved
        if total(easy) == 0.0:
            break
        s = where_le(1.0, easy, minimum(maximum(s + delta, floor), LARGEST_S), s)
        centre = where_le(1.0, easy, m, centre)
    store(value_of, 0, best)
    store(multiplier_of, 0, best_s)


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
    """Write every row's worst-case expectation; ``start`` holds the multipliers s."""
    n, S = P.shape
    columns = np.empty(S * LANES)
    radius, base, bottom, warm = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    value, multiplier = np.empty(LANES), np.empty(LANES)
    for block in range(0, n, LANES):
        for lane in range(LANES):
            i = min(block + lane, n - 1)
            for k in range(S):
                columns[k * LANES + lane] = P[i, k]
            first = 0
            while first < S and P[i, order[first]] == 0.0:
                first += 1
            radius[lane], warm[lane] = rho[i], start[i]
            base[lane] = W[order[min(first, S - 1)]]
            bottom[lane] = mass_at_start(P[i], W, order, first) if first < S else 0.0
        _easy_rows(columns, W, radius, base, bottom, warm, value, multiplier)
        for lane in range(min(LANES, n - block)):
            i = block + lane
            if value[lane] >= 0.0:
                out[i], start[i] = value[lane], multiplier[lane]
            else:
                out[i], start[i] = _row(P[i], rho[i], W, order, start[i], False)
