"""Kullback-Leibler: ``sigma = sup_{s > 0} -(K(s) + rho) / s`` with ``K(s) = log E_p[exp(-s x)]``, x = W - b.

b is the smallest value that p reaches. The worst case is ``q_s ~ p exp(-s x)`` at the s with
``D(s) = KL(q_s || p) = -s m - K = rho``, where m, v, k3 are the cumulants of x under q_s and
``D'(s) = s v``. D increases from 0 to ``-log p(b)``; a larger radius gives b.

The dual value is a lower bound at every s and flat at the optimum: with K expanded to third order, an s
whose error is delta costs ``k4 delta^4 / (24 s)`` and ``|k4| <= v``, because x lies in [0, 1].
"""

from __future__ import annotations

import math

from drmg_check.kernels._elementary import exp_and_expm1, exp_within
from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import (
    central_moments,
    mass_and_mean,
    mass_at_start,
    nominal_or_minimum,
    support_start,
)
from drmg_check.kernels._search import (
    ENOUGH,
    LARGEST_S,
    MOST_SHIFT,
    NEAR_ONE,
    SHORT_STEP,
    SMALL_S,
    TURNS,
    bent,
    estimated_s,
    is_off,
    is_warm,
    narrowed,
    next_s,
    noted,
)
from drmg_check.kernels._simd import fma, load_first, maximum, splat, total
from drmg_check.vocabulary import FloatArray, IntArray


@kernel()
def _tilt(
    p: FloatArray, W: FloatArray, base: float, mass: float, s: float, shift: float, centre: float
) -> tuple[float, float, float, float]:
    """Return K(s) and the mean, variance and third central moment of x under ``q_s``.

    Sums are taken of exponentials multiplied by ``exp(shift)``, or less one when the shift is 0, so that they
    neither vanish nor cancel.
    """
    S = p.shape[0]
    z, z_less_one = splat(0.0), splat(0.0)
    m1, m2, m3 = splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        weight = load_first(p, k, S - k)
        x = maximum(load_first(W, k, S - k) - base, 0.0)
        e, e_less_one = exp_and_expm1(fma(x, -s, shift))
        z_less_one = fma(weight, e_less_one, z_less_one)
        a = weight * e
        z, m1 = z + a, fma(a, x, m1)
        d = x - centre
        a = a * d * d
        m2, m3 = m2 + a, fma(a, d, m3)
    Z = total(z)
    K = math.log1p(total(z_less_one) / mass) if shift == 0.0 else math.log(Z / mass) - shift
    mean, variance, third = _cumulants(Z, total(m1), total(m2), total(m3), centre)
    return K, mean, variance, third


@kernel()
def _tilt_of_all(
    p: FloatArray, W: FloatArray, mass: float, s: float, shift: float, centre: float
) -> tuple[float, float, float, float]:
    """Return what :func:`_tilt` does when b is 0, the shift is positive and ``s <= 700``, in less time."""
    S = p.shape[0]
    z, m1, m2, m3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        x = load_first(W, k, S - k)
        a = load_first(p, k, S - k) * exp_within(fma(x, -s, shift))
        z, m1 = z + a, fma(a, x, m1)
        d = x - centre
        a = a * d * d
        m2, m3 = m2 + a, fma(a, d, m3)
    Z = total(z)
    mean, variance, third = _cumulants(Z, total(m1), total(m2), total(m3), centre)
    return math.log(Z / mass) - shift, mean, variance, third


@kernel()
def _cumulants(Z: float, m1: float, m2: float, m3: float, centre: float) -> tuple[float, float, float]:
    """Return mean, variance and third central moment from sums around a centre."""
    mean = m1 / Z
    d = mean - centre
    second = m2 / Z
    third = m3 / Z - d * (3.0 * second - 2.0 * d * d)
    return mean, max(second - d * d, 0.0), third


@kernel()
def _row(
    p: FloatArray, rho: float, W: FloatArray, order: IntArray, start: float, sharp: bool
) -> tuple[float, float]:
    """Return the worst-case expectation of W and s (0 for the nominal row, inf at the minimum).

    ``sharp`` solves ``D(s) = rho`` as far as rounding allows instead of stopping when the value is known.
    """
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, 0.0
    first = support_start(p, order)
    base = W[order[first]]
    mean = nominal - base
    threshold = math.log(mass) - math.log(mass_at_start(p, W, order, first))
    if rho >= threshold or not mean > 0.0:
        return base, math.inf
    floor = min(rho / mean, LARGEST_S)  # s is at least this, because rho = D(s) <= -K(s) <= s E_p[x]
    s = start
    if not is_warm(start, rho, floor):
        moments = central_moments(p, W, mass, nominal)
        s = estimated_s(rho, 1.0, mean, moments, floor)
        if s <= SMALL_S:
            return base + max(mean - s * moments[0] / 2.0 - rho / s, 0.0), s
    low, high, centre = floor, math.inf, mean
    best = 0.0, s, math.inf
    for turn in range(TURNS):
        shift = 0.0 if s * mean < NEAR_ONE else min(s * mean, threshold, MOST_SHIFT)
        if base == 0.0 and shift > 0.0 and s <= 700.0:  # so that no exponent is below -708
            K, m, v, k3 = _tilt_of_all(p, W, mass, s, shift, centre)
        else:
            K, m, v, k3 = _tilt(p, W, base, mass, s, shift, centre)
        if is_off(m, centre, v, 1.0):
            centre = m  # the variance has lost digits
            continue
        over = -s * m - K - rho  # D - rho, the derivative of the dual in z
        best = noted(-(K + rho) / s, over, s, best, sharp)
        low, high, done = narrowed(over, s, low, high, sharp)
        if done:
            break
        log_step = _log_step(over, rho, threshold, s, v, k3)
        delta = s * math.expm1(log_step)
        if abs(delta) <= SHORT_STEP and v > 0.0 and not sharp:
            K4, off = _predicted(K, m, v, k3, rho, s, delta)
            if off <= ENOUGH:
                best = -(K4 + rho) / (s + delta), s + delta, 0.0
                break
        new = next_s(s, log_step, low, high, turn)
        if new == s:
            break
        s, centre = new, m
    return base + min(best[0], mean), best[1]


@kernel()
def _log_step(over: float, rho: float, threshold: float, s: float, v: float, k3: float) -> float:
    """Return the step of log s by which ``D = rho``; NaN where nothing predicts it.

    Near the threshold ``log(threshold - D)`` is nearly linear in s, elsewhere ``log D`` in log s.
    """
    slope = s * s * v  # of D in log s
    if rho > 0.5 * threshold:
        rest = threshold - rho - over
        if rest > 0.0 and slope > 0.0:
            return math.log1p(math.log(rest / (threshold - rho)) * rest / slope)
    elif rho + over > 0.0 and slope > 0.0:
        newton = -math.log1p(over / rho) * (rho + over) / slope
        bend = (2.0 * slope - s * s * s * k3) / slope - slope / (rho + over)
        corrected: float = bent(newton, bend)
        return corrected
    return math.nan


@kernel()
def _predicted(
    K: float, m: float, v: float, k3: float, rho: float, s: float, delta: float
) -> tuple[float, float]:
    """Return K at ``s + delta`` by its series, and a bound on what the dual value there is off.

    The fourth order of K is at most ``v delta^4 / 24``, and 20 in its place pays for the orders beyond; what
    is left of ``D - rho`` costs its square over ``2 s^3 v``.
    """
    K4 = K - delta * (m - delta * (0.5 * v - delta * k3 / 6.0))
    m4 = m - delta * (v - 0.5 * delta * k3)
    left = abs(rho + K4 + (s + delta) * m4) + s * v * abs(delta) ** 3 / 4.0
    # 20 for 24, as said
    return K4, v * delta**4 / (20.0 * s) + left * left / (s * s * s * v)


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
    for i in range(P.shape[0]):
        out[i], start[i] = _row(P[i], rho[i], W, order, start[i], False)


@kernel()
def distributions(
    P: FloatArray, rho: FloatArray, W: FloatArray, order: IntArray, all_states: bool, Q: FloatArray
) -> None:
    """Write every row's worst distribution."""
    for i in range(P.shape[0]):
        p, q = P[i], Q[i]
        _, s = _row(p, rho[i], W, order, 0.0, True)
        first = support_start(p, order)
        base = W[order[first]]
        if s == 0.0 or s == math.inf:
            nominal_or_minimum(p, W, base, order[first], s == 0.0, q)
            continue
        shift = min(s * (mass_and_mean(p, W)[1] - base), MOST_SHIFT)
        for k in range(W.shape[0]):
            q[k] = p[k] * math.exp(shift - s * max(W[k] - base, 0.0)) if p[k] > 0.0 else 0.0
        q /= q.sum()
