"""Chi-square: the worst case is ``q ~ p (eta - W)_+``, found by Michelot's active set.

On the active states A of mass P, conditional mean m and variance v, with ``d = P (1 + rho) - 1``,
``sigma = m - sqrt(v d)`` and ``eta = m + sqrt(v / d)``; A is right when it holds exactly the values up to
eta. From any A with d > 0 the next one is ``{W <= eta}``, Newton's method on a convex function: after the
first step the sets only shrink.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean, nominal_or_minimum, support_start
from drmg_check.kernels._simd import (
    fma,
    highest,
    load_first,
    lowest,
    maximum,
    minimum,
    splat,
    total,
    where_le,
)
from drmg_check.vocabulary import FloatArray, IntArray

DENORMAL = 2.0**-960  # variances below it come from products that lost digits below 2^-1022
LIFT = 2.0**600  # what lifts those products above; all other weights are at the mean, and add 0
PASSES = 200  # a safeguard: the active sets shrink, in practice two to seven times


@kernel()
def _active(
    p: FloatArray, W: FloatArray, cap: float, centre: float
) -> tuple[float, float, float, float, float, float]:
    """Split the row at ``cap``.

    Returns the mass above, the mass, first and second moment about ``centre`` up to it, and the nearest
    values of positive mass: the largest up to the cap, the smallest above.
    """
    S = p.shape[0]
    out, mass, first, second = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    below, above = splat(-1.0), splat(2.0)
    for k in range(0, S, 8):
        x = load_first(p, k, S - k)
        w = load_first(W, k, S - k)
        d = w - centre
        a = where_le(w, cap, x, 0.0)
        b = x - a
        out, mass = out + b, mass + a
        below = maximum(below, where_le(a, 0.0, -1.0, w))
        above = minimum(above, where_le(b, 0.0, 2.0, w))
        a = a * d
        first, second = first + a, fma(a, d, second)
    return total(out), total(mass), total(first), total(second), highest(below), lowest(above)


@kernel()
def _lifted_second(p: FloatArray, W: FloatArray, cap: float, centre: float) -> float:
    """Return the second moment up to ``cap`` times LIFT."""
    second = 0.0
    for k in range(p.shape[0]):
        if W[k] <= cap:
            second += (p[k] * LIFT) * ((W[k] - centre) * (W[k] - centre))
    return second


@kernel()
def _row(p: FloatArray, rho: float, W: FloatArray, order: IntArray, cap: float) -> tuple[float, float]:
    """Return the worst-case expectation of W and eta (inf for the nominal row, b at the minimum b)."""
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, math.inf
    base = W[order[support_start(p, order)]]
    warm = base < cap <= 1e300  # infinite after a nominal row: no start
    if not warm:
        cap = math.inf
    centre = nominal
    value, kept = base, base
    for _ in range(PASSES):
        out, P, first, second, below, above = _active(p, W, cap, centre)
        d = (rho * P - out) / mass
        if not d > 0.0 and warm:  # a start below the right cap: begin above it
            cap, centre, warm = math.inf, nominal, False
            continue
        if not d > 0.0:  # eta was rounded below the values that it should have kept
            return min(max(value, base), nominal), kept * (1.0 + 2.0**-52)  # the next number above
        shift = first / P
        m = centre + shift
        v = max(second / P - shift * shift, 0.0)
        if below <= base:
            return base, base
        if shift * shift > 4.0 * v and m != centre:
            centre = m  # too far from the mean: the variance has lost digits
            continue
        spread = v * d
        if v < DENORMAL and d > 1.0:  # a weight of 1e-320 at a radius of 1e300 still moves the value
            spread = _lifted_second(p, W, cap, m) / P * (d / LIFT)
        value = m - math.sqrt(spread)
        eta = m + math.sqrt(v / d)
        if below <= eta < above or eta == cap:
            return min(max(value, base), nominal), eta
        cap, centre, kept = eta, m, below
    return min(max(value, base), nominal), cap


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
    """Write every row's worst-case expectation; ``start`` holds the caps eta."""
    for i in range(P.shape[0]):
        out[i], start[i] = _row(P[i], rho[i], W, order, start[i])


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    for i in range(P.shape[0]):
        p, q = P[i], Q[i]
        _, eta = _row(p, rho[i], W, order, 0.0)
        first = support_start(p, order)
        base = W[order[first]]
        if eta == math.inf or eta == base:
            nominal_or_minimum(p, W, base, order[first], eta == math.inf, q)
            continue
        for k in range(W.shape[0]):
            q[k] = p[k] * max(eta - W[k], 0.0)
        q /= q.sum()
