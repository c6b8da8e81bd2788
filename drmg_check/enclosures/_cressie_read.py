r"""Cressie-Read of order a, ``(E (q / p)^a - 1) / (a (a - 1)) <= rho``, for values x above the least, v.

Let ``A = a (a - 1)``, ``r = a / (a - 1)``, ``C = (1 + A rho)^(1 / a)``, and at a slope g > 0 ``y = c (1 + g
x)`` for a < 1, with a power of two c (1 for small slopes, else about ``1 / (1 + g E x)``), and ``y = (1 - g
x)+``, c = 1, for a > 1; ``e = y^(1 / (a - 1))``, ``Z = E e`` and ``B = E y^r = E e y``. All that follows
holds for every g.

* **Lower bound**: ``E_q y <= C B^(1 / r)`` for a > 1 (Hoelder) and ``E_q y >= C B^(1 / r)`` for a < 1 (the
  same reversed; mass beyond the support only adds to the left). So ``E_q x`` is at least ``(1 - C B^(1 / r))
  / g`` or ``(C B^(1 / r) - c) / (c g)``.
* **Upper bound** from ``q ~ p e`` with ``log(1 + A D) = log B - a log Z``: q is mixed with p, by convexity;
  or, for a < 1 and where ``k = ((1 + A rho) / (1 + A D))^(1 / a) <= 1``, ``k q`` and the rest at the least
  value is feasible.

To first order in u, with K entries and w = log y: ``g x`` and y err by 1 of themselves; so w errs by ``LOG +
2`` of itself for c = 1, where ``|log(1 +- h)| >= h / (1 +- h)`` and the second form is used above h = 1/2
only, and by 1 more absolutely for c < 1. Exponents err by ``LOG + 4`` of themselves; with W the largest
``|w|``, e errs by ``EXP + (LOG + 4) W / |a - 1|`` of itself, and by ``1 / |a - 1|`` more for c < 1; ``e - 1
<= 0`` for c = 1 by ``EXPM1 + LOG + 4``, and so does ``y^r - 1`` for 0 < a < 1. Elsewhere that is ``(e - 1) y
+ (y - 1)``, whose two sums are kept apart, for they have different signs if a < 0. Sums err by ``2 K + 4``
more, with the mass. For a logarithm of a sum see :func:`drmg_check.enclosures._tilts.log_of`. ``log(1 + A
rho)`` errs by ``LOG`` of itself and ``2 A rho / (1 + A rho)``. What underflows is below ``2^-200`` where Z
and B are at least ``2^-800``.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._exponential import EXP, EXPM1, EXPM1_ABOVE, LOG, exp_both
from drmg_check.enclosures._outward import SLACK, U, size
from drmg_check.enclosures._tilts import LEAST, log_of, mixed, unit_of
from drmg_check.kernels.lanes import fma, kernel, load, log_of_sum, maximum, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray

FEWEST = 2.0**-10  # of 1 + A rho, below which its power is left to the exact layer


@kernel()
def log_of_radius(A: float, rho: Any) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return ``log(1 + A rho)`` and how far it may be from exact."""
    part = maximum(A * rho, FEWEST - 1.0)
    result = log_of_sum(maximum(part, 1.0), minimum(part, 1.0))
    return result, (size(result) * LOG + 2.0 * size(part) / (1.0 + part)) * (U * SLACK)


@kernel()
def cressie_read_target(a: float, A: float, share: Any, radius: Any, K: int) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return what ``log(1 + A D) / A`` may be, and 1 where a point mass on the least value is feasible.

    That has ``1 + A D = P(x = 0)^(1 - a)`` for a > 0, and is never feasible for a < 0; where ``1 + A rho <=
    0``, everything is.
    """
    log_c, error = log_of_radius(A, radius)
    target = log_c / A
    everything = where_le(A * radius, -1.0 - 4.0 * U, 1.0, 0.0)
    if a < 0.0:
        return target, everything
    rarity = 0.0 - log_of_sum(maximum(share, LEAST), 0.0)
    needed = (rarity * (1.0 + (LOG + 4.0) * U) + (2.0 * K + 3.0) * U) / a
    known = target - error / abs(A) - size(target) * (4.0 * U)
    full = where_le(needed, known, where_le(share, LEAST, 0.0, 1.0), 0.0)
    full = where_le(A * radius, FEWEST - 1.0, 0.0, full)
    return target, maximum(everything, full)


@kernel()
def _sums(
    p: FloatArray,
    x: FloatArray,
    K: int,
    scale: Any,  # noqa: ANN401 - lanes
    unit: Any,  # noqa: ANN401 - lanes
    centre: Any,  # noqa: ANN401 - lanes
    order: FloatArray,
) -> tuple[tuple[Any, Any, Any, Any, Any, Any, Any], tuple[Any, Any, Any]]:
    """Return sums of e, ``e - 1``, ``e y``, the two parts of ``y^r - 1``, ``e x``, and the largest ``|w|``.

    For the search, sums of ``e d``, ``e v`` and ``e v d``, where d is x less a centre and v is ``x / y``.
    """
    a, power, inside = order[0], order[1], 1.0 if order[0] < 1.0 else -1.0
    z, z_less_one, b, b_less_one = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    above_one, dot, widest = splat(0.0), splat(0.0), splat(0.0)
    shift, off, both = splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        h = scale * value
        y = maximum(fma(scale * inside, value, unit), 0.0)
        if a < 1.0:
            w = log_of_sum(maximum(h, unit), minimum(h, unit))
        else:
            cut = where_le(y, 0.0, 1.0, y)
            w = log_of_sum(where_le(h, 0.5, 1.0, cut), where_le(h, 0.5, 0.0 - h, 0.0))
        e, less_one = exp_both(w * power)
        e, less_one = where_le(y, 0.0, 0.0, e), where_le(y, 0.0, -1.0, less_one)
        widest = where_le(weight, 0.0, widest, maximum(widest, size(w)))
        once = weight * e
        z, z_less_one = z + once, fma(weight, less_one, z_less_one)
        b, dot = fma(once, y, b), fma(once, value, dot)
        if 0.0 < a < 1.0:
            _, less_one = exp_both(w * order[4])
            b_less_one = fma(weight, less_one, b_less_one)
        else:
            b_less_one = fma(weight * less_one, y, b_less_one)
            above_one = fma(weight, minimum(h, 1.0) if a > 1.0 else h, above_one)
        v = where_le(y, 0.0, 0.0, once * value / maximum(y, LEAST))
        d = value - centre
        shift, off, both = fma(once, d, shift), off + v, fma(v, d, both)
    return (z, z_less_one, b, b_less_one, above_one, dot, widest), (shift, off, both)


@kernel()
def _lower(
    most: Any,  # noqa: ANN401 - lanes
    log_B: Any,  # noqa: ANN401 - lanes
    of_B: Any,  # noqa: ANN401 - lanes
    scale: Any,  # noqa: ANN401 - lanes
    unit: Any,  # noqa: ANN401 - lanes
    order: FloatArray,
) -> Any:  # noqa: ANN401 - lanes
    """Return the lower bound from a logarithm of B that errs by ``of_B``."""
    a, A, root, inside = order[0], order[2], order[3], 1.0 if order[0] < 1.0 else -1.0
    log_c, of_c = log_of_radius(A, most)
    inner = log_c / a + log_B * root
    error = of_c / abs(a) + of_B * abs(root) + (size(log_c) / abs(a) + size(log_B) * abs(root)) * (4.0 * U)
    e, less_one = exp_both(inner - inside * ((error + size(inner) * (2.0 * U)) * SLACK))
    near, far = less_one * inside * (1.0 - (EXPM1_ABOVE + 2.0) * U), e * (1.0 - (EXP + 2.0) * U) - unit
    return where_le(1.0, unit, near, far) / scale * (1.0 - 8.0 * U)


@kernel()
def _rescaled(
    radius: Any,  # noqa: ANN401 - lanes
    largest: Any,  # noqa: ANN401 - lanes
    m: Any,  # noqa: ANN401 - lanes
    upper: Any,  # noqa: ANN401 - lanes
    order: FloatArray,
) -> Any:  # noqa: ANN401 - lanes
    """Return ``upper`` or, where q leaves room and that is less, k m; ``largest`` is ``|log(1 + A D)|``."""
    a, A = order[0], order[2]
    log_c, of_c = log_of_radius(A, radius)
    log_c = log_c if A > 0.0 else 0.0 - log_c
    left = (largest - log_c + of_c + (largest + size(log_c)) * (2.0 * U)) / abs(a)
    k, _ = exp_both(left + size(left) * (4.0 * U))
    return where_le(left, 0.0, minimum(upper, k * m * (1.0 + (EXP + 8.0) * U)), upper)


@kernel()
def cressie_read_bounds(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    s: Any,  # noqa: ANN401 - lanes
    order: FloatArray,
) -> tuple[Any, Any, Any, Any]:
    """Return proved bounds at the slope ``|a - 1| s``, ``log(1 + A D) / A``, and its derivative in log s.

    ``order`` holds a, ``1 / (a - 1)``, A, ``1 / r`` and r, each rounded once.
    """
    a, A, sign = order[0], order[2], 1.0 if order[2] > 0.0 else -1.0
    g, inside = s * abs(a - 1.0), 1.0 if order[0] < 1.0 else -1.0
    unit = unit_of(g * mean) if a < 1.0 else splat(1.0)
    sums, moments = _sums(p, x, K, g * unit, unit, mean / (1.0 + s * mean), order)
    z, z_less_one, b, b_less_one, above_one, dot, widest = sums
    near = where_le(1.0, unit, 1.0, 0.0)
    of_e = (fma(widest, LOG + 4.0, 1.0 - near) * abs(order[1]) + EXP) * U
    of_sum, of_less_one = of_e + (2.0 * K + 8.0) * U, (EXPM1 + LOG + 2.0 * K + 12.0) * U
    Z, B = z / mass, b / mass
    Z1 = where_le(1.0, near, z_less_one / mass, 1.0)
    B1 = where_le(1.0, near, fma(above_one, inside, b_less_one) / mass, 1.0)
    of_B1 = (size(b_less_one) + above_one) / mass * of_less_one
    log_Z, of_Z = log_of(Z, Z1, of_sum, size(Z1) * of_less_one, LOG * U)
    log_B, of_B = log_of(B, B1, of_sum, of_B1, LOG * U)
    lower = _lower(most, log_B, of_B, g * unit, unit, order)
    rise = log_B - a * log_Z
    of_rise = of_B + abs(a) * of_Z + (size(rise) + size(log_Z) * abs(a)) * (3.0 * U)
    largest = maximum(rise * sign + of_rise * SLACK, 0.0)
    _, grown = exp_both(largest * sign)
    m, of_m, of_mean = dot / z, (2.0 * of_e + (2.0 * K + 12.0) * U) * SLACK, (2.0 * K + 4.0) * (U * SLACK)
    upper = mixed(grown * (1.0 + (EXPM1_ABOVE + 4.0) * U) / A, radius, m, of_m, mean, of_mean)
    if a < 1.0:
        upper = _rescaled(radius, largest, m * (1.0 + of_m), upper, order)
    fit = where_le(2.0**-800, Z, 1.0, 0.0) * where_le(2.0**-800, B, 1.0, 0.0)
    fit = fit * where_le(widest * maximum(abs(order[1]), 1.0), 500.0, 1.0, 0.0)
    fit = fit * where_le(largest, 500.0, 1.0, 0.0) * where_le(FEWEST - 1.0, A * most, 1.0, 0.0)
    covariance = moments[2] - moments[0] * moments[1] / maximum(z, LEAST)
    slope = (s * unit) * (s * unit) * covariance / maximum(b, LEAST)
    lower = where_le(1.0, fit, lower, 0.0)
    return lower, where_le(1.0, fit, upper, mean * (1.0 + of_mean)), rise / A, slope
