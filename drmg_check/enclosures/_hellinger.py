r"""Squared Hellinger, ``sum sqrt(p q) >= b = 1 - rho / 2``, for values ``x = V - v`` above the least, v.

At a tilt s > 0 let ``t = 1 / (1 + s x)``; all that follows holds for every s.

* **Lower bound** (Cauchy-Schwarz): ``b^2 <= E_p[t] E_q[1 / t]``, so that ``E_q x >= (b^2 / E t - 1) / s``,
  which is ``(E[x t] - (1 - b^2) / s) / E t``. Mass beyond the support of p only adds to the right.
* **Upper bound** from ``q ~ p t^2`` with t *as rounded*: ``sum sqrt(p q)`` is ``sqrt(1 - g)`` for ``g = Var t
  / E[t^2]``, its divergence ``D = 2 g / (1 + sqrt(1 - g))``. Either q is mixed with p, by convexity; or,
  where ``k = b^2 / (1 - g) <= 1``, ``k q`` and the rest at the least value is feasible. Where ``P(x = 0) >=
  b^2`` the point mass there is.

To first order in u, with K entries: t errs by 2 of itself, weighted sums of t by K + 3, of ``x t`` by K + 4,
of ``t^2`` as rounded by K + 2, of ``x t^2`` by K + 3; the mass by K; ``1 - b^2 = rho (1 - rho / 4)`` by 3. So
both parts of the lower bound err by less than ``2 K + 16`` of themselves, k by ``6 K + 16``, the mean of q by
``2 K + 10``. A variance about a centre c is ``E (t - c)^2``, which errs by ``2 K + 6``, less the square of
``E t - c``, which errs by ``2 K + 4`` of E t. What underflows is below ``2^-200`` where ``E[t^2] >= 2^-800``;
else the tilt says nothing.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import SLACK, U, size
from drmg_check.enclosures._tilts import LEAST, mixed
from drmg_check.kernels.lanes import fma, kernel, load, maximum, minimum, splat, sqrt, where_le
from drmg_check.vocabulary import FloatArray


@kernel()
def hellinger_target(bottom: Any, radius: Any, K: int) -> tuple[Any, Any]:  # noqa: ANN401 - lanes
    """Return what g may be, and 1 where the share ``bottom`` of the least value makes it a point mass."""
    b = 1.0 - 0.5 * radius
    full = where_le(b * b * (1.0 + (2.0 * K + 12.0) * U), bottom, 1.0, 0.0)
    return radius * (1.0 - 0.25 * radius), full


@kernel()
def hellinger_bounds(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    s: Any,  # noqa: ANN401 - lanes
) -> tuple[Any, Any, Any, Any]:
    """Return proved bounds at the tilt s, g, and its derivative in log s."""
    centre = 1.0 / fma(s, mean, 1.0)
    first, dot, second, tilted, third, off = (
        splat(0.0), splat(0.0), splat(0.0), splat(0.0), splat(0.0), splat(0.0)
    )  # fmt: skip
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        t = 1.0 / fma(s, value, 1.0)
        once = weight * t
        twice = once * t
        first, dot = first + once, fma(once, value, dot)
        second, tilted, third = second + twice, fma(twice, value, tilted), fma(twice, t, third)
        d = t - centre
        off = fma(weight * d, d, off)
    of_part = (2.0 * K + 16.0) * (U * SLACK)
    less = most * (1.0 - 0.25 * most)
    gain, loss = dot / first, less * mass / (s * first)
    lower = gain * (1.0 - of_part) - loss * (1.0 + of_part)
    m, of_m, of_mean = tilted / second, (2.0 * K + 12.0) * (U * SLACK), (2.0 * K + 4.0) * (U * SLACK)
    t_mean, t_square = first / mass, second / mass
    shift = maximum(size(t_mean - centre) - t_mean * ((2.0 * K + 5.0) * U), 0.0)
    variance = maximum(off / mass * (1.0 + (2.0 * K + 10.0) * U) - shift * shift * (1.0 - 8.0 * U), 0.0)
    g = minimum(variance / t_square * (1.0 + (2.0 * K + 10.0) * (U * SLACK)), 1.0)
    D = 2.0 * g / (1.0 + sqrt(1.0 - g)) * (1.0 + 8.0 * U)
    upper = mixed(D, radius, m, of_m, mean, of_mean)
    b = 1.0 - 0.5 * radius
    k = b * b * t_square / (t_mean * t_mean) * (1.0 + (6.0 * K + 24.0) * (U * SLACK))
    upper = minimum(upper, where_le(k, 1.0, k * m * (1.0 + of_m) * (1.0 + 4.0 * U), upper))
    fit = where_le(2.0**-800, t_square, 1.0, 0.0)
    slope = 2.0 * (1.0 - g) * maximum(third / maximum(second, LEAST) - second / maximum(first, LEAST), 0.0)
    return where_le(1.0, fit, lower, 0.0), where_le(1.0, fit, upper, mean * (1.0 + of_mean)), g, slope
