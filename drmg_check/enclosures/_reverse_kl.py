r"""Reverse KL (Burg), ``sum p log(p / q) <= rho``, for values ``x = V - v`` above the least, v.

At a tilt s > 0 let ``y = c (1 + s x)`` for a power of two c (1 for small tilts, else about ``1 / (1 + s E
x)``) and ``L = E log y``; all that follows holds for every s.

* **Lower bound** (Jensen): ``L - rho <= E_p log(q y / p) <= log E_q y``, so ``E_q x >= (exp(L - rho) - c) /
  (c s)``. Mass beyond the support of p only adds to the right.
* **Upper bound** from ``q ~ p / y``, of divergence ``D = L + log E[1 / y]``: q is mixed with p, by convexity;
  or, where ``k = exp(D - rho) <= 1``, ``k q`` and the rest at the least value is feasible.

To first order in u, with K entries: ``s x`` errs by 1 of itself, y by 1, ``1 / y`` by 2. A logarithm errs by
``LOG + 1`` of itself where c = 1, for ``log(1 + h)`` is at least ``h / (1 + h)``, and by 1 more absolutely
where c < 1; L by ``2 K + 3`` of the mean size of its terms more. ``E[1 / y]`` errs by ``2 K + 6`` of itself,
and one less it, ``E[s x / y]`` for c = 1, by ``2 K + 8``; the mean of q by ``2 K + 10``. An exponential errs
by ``EXP``, ``exp - 1`` by ``EXPM1_ABOVE``. What underflows is below ``2^-200`` where ``E[1 / y] >= 2^-800``.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._exponential import EXP, EXPM1_ABOVE, LOG, exp_both
from drmg_check.enclosures._outward import SLACK, U, size
from drmg_check.enclosures._tilts import LEAST, log_of, mixed, unit_of
from drmg_check.kernels.lanes import fma, kernel, load, log_of_sum, maximum, minimum, splat, where_le
from drmg_check.vocabulary import FloatArray


@kernel()
def reverse_kl_bounds(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    s: Any,  # noqa: ANN401 - lanes
) -> tuple[Any, Any, Any, Any]:
    """Return proved bounds at the tilt s, the divergence of q, and its derivative in log s."""
    unit = unit_of(s * mean)
    scale, far = s * unit, where_le(1.0, unit, 0.0, 1.0)
    centre = 1.0 / fma(scale, mean, unit)
    logs, sizes, inverse, less_one, dot, off = (
        splat(0.0), splat(0.0), splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    )  # fmt: skip
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        h = scale * value
        w = log_of_sum(maximum(h, unit), minimum(h, unit))
        logs, sizes = fma(weight, w, logs), fma(weight, size(w), sizes)
        t = 1.0 / fma(scale, value, unit)
        once = weight * t
        inverse, less_one, dot = inverse + once, fma(once, h, less_one), fma(once, value, dot)
        d = t - centre
        off = fma(weight * d, d, off)
    L, Z = logs / mass, inverse / mass
    of_L = sizes / mass * ((LOG + 2.0 * K + 8.0) * U) + far * (1.5 * U)
    inner = L - most
    inner = inner - (of_L + (size(L) + most + size(inner)) * (2.0 * U)) * SLACK
    power, power_less_one = exp_both(inner)
    over = where_le(
        1.0, unit, power_less_one * (1.0 - (EXPM1_ABOVE + 2.0) * U), power * (1.0 - (EXP + 2.0) * U) - unit
    )
    lower = over / scale * (1.0 - 8.0 * U)
    missing = less_one / mass
    of_missing = missing * ((2.0 * K + 10.0) * U)
    small = where_le(1.0, unit, 0.0 - missing, 1.0)
    log_Z, of_Z = log_of(Z, small, splat((2.0 * K + 8.0) * U), of_missing, LOG * U)
    D = log_Z + L
    largest = D + (of_L + of_Z + size(D) * (2.0 * U)) * SLACK
    m, of_m, of_mean = dot / inverse, (2.0 * K + 12.0) * (U * SLACK), (2.0 * K + 4.0) * (U * SLACK)
    upper = mixed(maximum(largest, 0.0), radius, m, of_m, mean, of_mean)
    left = largest - radius
    k, _ = exp_both(left + size(left) * (2.0 * U))
    upper = where_le(left, 0.0, minimum(upper, k * m * (1.0 + of_m) * (1.0 + (EXP + 6.0) * U)), upper)
    fit = where_le(2.0**-800, Z, 1.0, 0.0) * where_le(size(left), 600.0, 1.0, 0.0)
    shift = Z - centre
    slope = unit * maximum(off / mass - shift * shift, 0.0) / maximum(Z, LEAST)
    return where_le(1.0, fit, lower, 0.0), where_le(1.0, fit, upper, mean * (1.0 + of_mean)), D, slope
