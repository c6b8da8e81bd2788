r"""Chi-square, ``D(q) = sum (q - p)^2 / p <= rho``, for values ``x = V - b`` above the least of the support.

* **Lower bound** at any cap c (Cauchy-Schwarz): ``E_q x >= E_q y >= E_p y - sqrt(rho Var_p y)`` for ``y =
  min(x, c)``.
* **Upper bound** at any threshold eta: ``q ~ p y`` with ``y = (eta - x)+`` *as rounded* has ``D(q) = Var_p y
  / (E_p y)^2``, and ``(1 - t) q + t p`` has ``(1 - t)^2 D(q)``, which is at most rho for ``t = (1 - sqrt(rho
  / D))+``; p itself is feasible.

A variance about a computed mean is too large if anything. With ``k = K + 8`` means err by ``2 k u`` of
themselves, variances by ``2 k u``, their roots by ``k u``, D by ``8 k u``, t by ``4 u``. Terms of a variance
may underflow: together by less than ``2^-1010``, of which the root is below ``2^-500``, and which is below
``2^-130`` of ``(E y)^2`` where that exceeds ``2^-880``.
"""

from __future__ import annotations

from typing import Any

from drmg_check.enclosures._outward import SLACK, U
from drmg_check.kernels.lanes import fma, kernel, load, maximum, minimum, splat, sqrt, total, where_le
from drmg_check.vocabulary import FloatArray

LEAST = 1e-300  # in place of 0 below a fraction bar; what it divides then counts for nothing
FARTHEST = 1e140  # a threshold beyond which q is p in float64; its square is finite
LEAST_MEAN = 2.0**-440  # of y, so that its square times 2^-130 covers what underflows


@kernel()
def _threshold(p: FloatArray, x: FloatArray, K: int, mass: Any, mean: Any, radius: Any) -> Any:  # noqa: ANN401
    """Return about the eta of the worst case, by active sets (Michelot, 1986); nothing rests on it."""
    eta, centre = splat(FARTHEST), mean
    for _ in range(K + 2):
        inside, first, second = splat(0.0), splat(0.0), splat(0.0)
        for j in range(K):
            value = load(x, 8 * j)
            weight = where_le(eta, value, 0.0, load(p, 8 * j))
            d = value - centre
            moment = weight * d
            inside, first, second = inside + weight, first + moment, fma(moment, d, second)
        shift = first / maximum(inside, LEAST)
        centre = centre + shift
        variance = maximum(second / maximum(inside, LEAST) - shift * shift, 0.0)
        room = maximum((radius * inside - (mass - inside)) / mass, LEAST)
        new = minimum(minimum(centre + sqrt(variance / room), eta), FARTHEST)
        dropped = splat(0.0)
        for j in range(K):
            value = load(x, 8 * j)
            dropped = dropped + where_le(new, value, where_le(eta, value, 0.0, load(p, 8 * j)), 0.0)
        eta = new
        if total(dropped) == 0.0:
            break
    return eta


@kernel()
def chi2_block(
    p: FloatArray,
    x: FloatArray,
    K: int,
    mass: Any,  # noqa: ANN401 - lanes
    mean: Any,  # noqa: ANN401 - lanes
    high: Any,  # noqa: ANN401 - lanes
    radius: Any,  # noqa: ANN401 - lanes
    most: Any,  # noqa: ANN401 - lanes
    rounded: float,
) -> tuple[Any, Any]:
    """Return bounds for radii between ``radius`` and ``most``."""
    eta = _threshold(p, x, K, mass, mean, radius)
    eta = where_le(eta, 0.0, high * 1e-3, eta)  # all mass at the bottom: any y that is positive there only
    capped, weighed, tilted = splat(0.0), splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        y = weight * maximum(eta - value, 0.0)
        capped = fma(weight, minimum(value, eta), capped)
        weighed, tilted = weighed + y, fma(y, value, tilted)
    capped, y_mean, q_mean = capped / mass, weighed / mass, tilted / maximum(weighed, LEAST)
    variance, variance_y = splat(0.0), splat(0.0)
    for j in range(K):
        weight, value = load(p, 8 * j), load(x, 8 * j)
        d = minimum(value, eta) - capped
        variance = fma(weight * d, d, variance)
        d = maximum(eta - value, 0.0) - y_mean
        variance_y = fma(weight * d, d, variance_y)
    k = K + 8.0
    loss = sqrt(most * (variance / mass))
    lower = capped * (1.0 - 2.0 * k * U * SLACK) - loss * (1.0 + 2.0 * k * U * SLACK) - sqrt(most) * 2.0**-500
    D = (variance_y / mass) / (y_mean * y_mean) * (1.0 + 8.0 * k * U * SLACK) + 2.0**-130
    t = where_le(D, radius, 0.0, 1.0 - sqrt(radius / maximum(D, LEAST)) * (1.0 - 4.0 * U))
    t = minimum(maximum(t + 4.0 * U * where_le(t, 0.0, 0.0, 1.0), 0.0), 1.0)
    more = maximum(mean * (1.0 + 2.0 * k * U) - q_mean * (1.0 - 2.0 * k * U), 0.0)
    upper = fma(t, more, q_mean * (1.0 + 2.0 * k * U)) * (1.0 + 4.0 * U)
    nominal = mean * (1.0 + 2.0 * k * U)
    upper = where_le(LEAST_MEAN, y_mean, where_le(0.0, upper, minimum(upper, nominal), nominal), nominal)
    lower = where_le(0.0, lower, lower, 0.0)  # NaN, too, says nothing
    widened = high * (2.0 * U * SLACK) * rounded
    return lower * (1.0 - 4.0 * U) - widened, upper * (1.0 + 4.0 * U) + widened
