"""Code of strangers for single rows, each as people write it: their own conventions, their own limits.

The defects are of the kinds that validating real code found: a half where there is none, a penalty in place
of a ball, a constraint that is missing, a tolerance that has a unit. None of it shares code with the
catalogue of the diagnosis or with our kernels.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq, linprog, minimize_scalar

from benchmarks.strangers._strangers import Stranger
from drmg_check.vocabulary import FloatArray

COARSE = {"accuracy": "1e-3"}
FINE = {"accuracy": "1e-6"}


def _cut_and_move(p: FloatArray, V: FloatArray, mass: float) -> float:
    """Move the mass from the top of V to the bottom."""
    q, order = list(p), sorted(range(len(V)), key=lambda s: -V[s])
    moved = 0.0
    for s in order[:-1]:
        taken = min(q[s], mass - moved)
        q[s] -= taken
        moved += taken
    q[order[-1]] += moved
    return sum(x * v for x, v in zip(q, V, strict=True))


def _dual_of_kl(p: FloatArray, V: FloatArray, rho: float, low: float = 1e-8, high: float = 1e8) -> float:
    """Maximise ``-x log E exp(-V / x) - x rho`` over log x."""
    p, V = p[p > 0], V[p > 0]
    floor = V.min()

    def negative(log_x: float) -> float:
        x = math.exp(log_x)
        return x * math.log(p @ np.exp(-(V - floor) / x)) + x * rho

    span = max(float(np.ptp(V)), 1e-12)
    bounds = (math.log(low * span), math.log(high * span))
    best = minimize_scalar(negative, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    return float(floor - best.fun)


def _dual_of_chi_square(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Maximise ``eta - sqrt((1 + rho) E (eta - V)+^2)``, where its slope changes its sign."""
    p, V = p[p > 0], V[p > 0]
    if rho == 0 or np.ptp(V) == 0:
        return float(p @ V)

    def slope(eta: float) -> float:
        below = np.maximum(eta - V, 0)
        return 1 - math.sqrt(1 + rho) * (p @ below) / math.sqrt(p @ below**2)

    low = V.min() + 1e-9 * np.ptp(V)
    if slope(low) <= 0:
        return float(V.min())
    eta = brentq(slope, low, V.max() + 10 * np.ptp(V) / math.sqrt(rho), xtol=1e-14, rtol=1e-14)
    return float(eta - math.sqrt((1 + rho) * (p @ np.maximum(eta - V, 0) ** 2)))


def _transport(p: FloatArray, V: FloatArray, budget: float, cost: FloatArray) -> float:
    """Solve the transport problem as a linear program."""
    S = len(V)
    leaving = np.kron(np.eye(S), np.ones(S))
    plan = linprog(np.tile(V, S), A_ub=[cost.ravel()], b_ub=[budget], A_eq=leaving, b_eq=p)
    return float(plan.fun)


def coin(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Read the radius of total variation as an L1 distance, and halve it.

    A head and a tail, with the payoff of each.
    """
    (heads, tails), (win, lose) = p, V
    if win < lose:
        heads, tails, win, lose = tails, heads, lose, win
    heads = max(heads - rho / 2, 0.0)
    return heads * win + (1 - heads) * lose


def newsvendor(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Declare KL(q || p) and compute it in bits.

    Two outcomes, profits are positive.
    """
    if len(p) != 2 or V.min() <= 0:
        raise NotImplementedError("two outcomes, positive profits")
    return _dual_of_kl(p, V, rho * math.log(2))


def reversed_kl(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take KL(p || q) for KL(q || p): q_s is p_s / (V_s + x) up to a factor.

    Every outcome has a positive probability.
    """
    if p.min() <= 0:
        raise ZeroDivisionError("log of zero")
    if rho == 0 or np.ptp(V) == 0:
        return float(p @ V)
    W = (V - V.min()) / np.ptp(V) + 1e-300

    def tilted(x: float) -> FloatArray:
        q: FloatArray = p / (W + x)
        return q / q.sum()

    def beyond(log_x: float) -> float:
        return float(p @ np.log(p / tilted(math.exp(log_x)))) - rho

    if beyond(-600) <= 0:
        raise NotImplementedError("radius too large")
    return float(tilted(math.exp(brentq(beyond, -600, 60, xtol=1e-13))) @ V)


def grid_walker(p: FloatArray, V: FloatArray, rho: float, ground: FloatArray) -> float:
    """Pay the squared distance of indices, and compare it with rho instead of its square.

    States are cells 0, 1, 2, ... of a corridor, no other metric is known.
    """
    cells = np.arange(len(p))
    if not np.array_equal(ground, np.abs(np.subtract.outer(cells, cells))):
        raise ValueError("a corridor is expected")
    return _transport(p, V, rho, ground**2)


def any_cells(p: FloatArray, V: FloatArray, rho: float, ground: FloatArray) -> float:
    """Take the distance of indices whatever the metric is.

    Everything.
    """
    cells = np.arange(len(p))
    return _transport(p, V, rho, np.abs(np.subtract.outer(cells, cells)).astype(float))


def downhill(p: FloatArray, V: FloatArray, rho: float, ground: FloatArray) -> float:
    """Move inventory downwards only, towards smaller indices.

    States are stocks 0, 1, 2, ...
    """
    stocks = np.arange(len(p))
    if not np.array_equal(ground, np.abs(np.subtract.outer(stocks, stocks))):
        raise ValueError("stocks are 0, 1, 2, ...")
    cost = ground + 1e9 * (stocks[None, :] > stocks[:, None])
    return _transport(p, V, rho, cost)


def span_penalty(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return mean - rho span / 2, the span over all states, the support being the nominal one.

    Everything.
    """
    return float(p @ V) - 0.5 * rho * (V.max() - V.min())


def span_penalty_of_support(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return mean - rho span / 2 with the span over the support, without q >= 0.

    Everything.
    """
    seen = V[p > 0]
    return float(p @ V) - 0.5 * rho * (seen.max() - seen.min())


def no_lower_bound(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Fill up q <= p + rho from the smallest value on, and forget q >= p - rho.

    Everything.
    """
    left, total = 1.0, 0.0
    for v, cap in sorted(zip(V, np.minimum(p + rho, 1.0), strict=True)):
        q = min(cap, left)
        left -= q
        total += q * v
    return float(total)


def at_least_one(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Write sum q >= 1 into the linear program of the intervals.

    Everything.
    """
    box = list(zip(np.maximum(p - rho, 0), np.minimum(p + rho, 1), strict=True))
    return float(linprog(V, A_ub=[-np.ones(len(p))], b_ub=[-1.0], bounds=box).fun)


def at_most_one(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Write sum q <= 1 into the linear program of the intervals.

    Values are positive.
    """
    if V.min() < 0:
        raise ValueError("negative value")
    box = list(zip(np.maximum(p - rho, 0), np.minimum(p + rho, 1), strict=True))
    return float(linprog(V, A_ub=[np.ones(len(p))], b_ub=[1.0], bounds=box).fun)


def capped_multiplier(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Search the multiplier of KL in [0, 100], which values of 1e4 exceed.

    Everything.
    """
    return _between(p, V, rho, 100.0)


def wide_multiplier(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Search the multiplier of KL in [0, 1000], which values of 1e6 exceed.

    Everything.
    """
    return _between(p, V, rho, 1000.0)


def _between(p: FloatArray, V: FloatArray, rho: float, most: float) -> float:
    p, V = p[p > 0], V[p > 0]
    floor, span = V.min(), max(float(np.ptp(V)), 1e-12)

    def negative(log_x: float) -> float:
        x = math.exp(log_x)
        return float(x * math.log(p @ np.exp(-(V - floor) / x)) + x * rho)

    low = min(math.log(1e-8 * span), math.log(most / 2))
    best = minimize_scalar(negative, bounds=(low, math.log(most)), method="bounded", options={"xatol": 1e-10})
    return float(floor - min(best.fun, negative(math.log(most))))


def half_radius_by_grid(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Use rho / 2 in the dual of total variation, on a grid of two thousand thresholds.

    Declares 1e-3.
    """
    etas = np.linspace(V.min(), V.max(), 2000)
    return float(max(np.minimum(V, eta) @ p - rho / 2 * (eta - V.min()) for eta in etas))


def pearson_by_descent(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Declare sum (q - p)^2 / p <= rho and compute half of it; stop at 1e-4 of the span.

    Declares 1e-3.
    """
    value = _dual_of_chi_square(p, V, 2 * rho)
    return round(value / max(float(np.ptp(V)), 1e-9), 4) * max(float(np.ptp(V)), 1e-9)


def reversed_kl_by_bisection(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take KL(p || q) for KL(q || p), to three digits.

    Declares 1e-3, positive probabilities.
    """
    value = reversed_kl(p, V, rho)
    return round(value / max(float(np.ptp(V)), 1e-9), 4) * max(float(np.ptp(V)), 1e-9)


def standard_deviation(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return mean - sqrt(rho Var) for a chi-square ball, without q >= 0.

    Everything.
    """
    mean = float(p @ V)
    return mean - math.sqrt(rho * float(p @ (V - mean) ** 2))


def squared_root(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Bound the root of chi-square by rho.

    Positive probabilities, at most three states.
    """
    if len(p) > 3 or p.min() <= 0:
        raise NotImplementedError
    return _dual_of_chi_square(p, V, rho**2)


def entropic(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take the radius of KL for a temperature: -rho log E exp(-V / rho).

    Positive radii.
    """
    if rho <= 1e-3:
        raise ValueError("temperature")
    floor = V[p > 0].min()
    return float(floor - rho * math.log(p[p > 0] @ np.exp(-(V[p > 0] - floor) / rho)))


def regularised(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Add 1e-4 to every probability, so that no logarithm fails.

    Everything.
    """
    q = p + 1e-4
    return _dual_of_kl(q / q.sum(), V, rho)


def on_support(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Keep the adversary on the nominal support, though it may go anywhere.

    Sparse rows.
    """
    seen = p > 0
    return _cut_and_move(p[seen], V[seen], rho)


def contaminated_support(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Put the contamination on the worst state of the support only.

    Everything.
    """
    return float((1 - rho) * (p @ V) + rho * V[p > 0].min())


def optimist(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take V for a cost, and return the largest expectation.

    At most four states.
    """
    if len(p) > 4:
        raise NotImplementedError
    return -_cut_and_move(p, -V, rho)


def lost_mass(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Cut the mass rho from the top and put it nowhere.

    Everything.
    """
    left, total = rho, 0.0
    for s in sorted(range(len(V)), key=lambda s: -V[s]):
        cut = min(left, p[s])
        left -= cut
        total += (p[s] - cut) * V[s]
    return float(total)


def inside_only(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Discount V inside the dual of total variation, and not its least value outside.

    Values between 0 and 100.
    """
    if V.min() < 0 or V.max() > 100:
        raise ValueError("out of range")
    candidates = [V.min(), *(0.9 * V)]
    return float(max(p @ np.minimum(0.9 * V, eta) - rho * max(eta - V.min(), 0.0) for eta in candidates))


def two_at_once(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Halve the radius, and discount the value by 0.95.

    Everything.
    """
    return 0.95 * _cut_and_move(p, V, rho / 2)


def euclidean(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Take the Euclidean distance for total variation, and forget q >= 0.

    Everything.
    """
    centred = V - V.mean()
    return float(p @ V - rho * np.linalg.norm(centred))


def _of(function: Callable[..., object], sets: str, entry: str, **declared: object) -> Stranger:
    return Stranger(function=function, sets=sets, entry=entry, declared=declared)


ROWS = (
    _of(coin, "tv", "half the radius"),
    _of(newsvendor, "kl", "the radius in bits", **FINE),
    _of(reversed_kl, "kl", "KL(p || q)", **FINE),
    _of(grid_walker, "wasserstein:2", "the root of the radius", **FINE),
    _of(any_cells, "wasserstein:1", "the distance of indices", **FINE),
    _of(downhill, "wasserstein:1", "transport to lower indices", **FINE),
    _of(span_penalty, "l1:nominal", "mean - rho span / 2"),
    _of(span_penalty_of_support, "l1:nominal", "mean - rho span / 2 of the support"),
    _of(no_lower_bound, "interval", "intervals without a lower end"),
    _of(at_least_one, "interval", "intervals with sum q >= 1", **FINE),
    _of(at_most_one, "interval", "intervals with sum q <= 1", **FINE),
    _of(capped_multiplier, "kl", "a multiplier of at most 100", **FINE),
    _of(wide_multiplier, "kl", "a multiplier of at most 1000", **FINE),
    _of(half_radius_by_grid, "tv", "half the radius", **COARSE),
    _of(pearson_by_descent, "chi2", "twice the radius", **COARSE),
    _of(reversed_kl_by_bisection, "kl", "KL(p || q)", **COARSE),
    _of(standard_deviation, "chi2", "mean - sqrt(rho Var)"),
    _of(squared_root, "chi2", "the squared radius", **FINE),
    _of(entropic, "kl", "-rho log E exp(-V / rho)"),
    _of(regularised, "kl", "p + 1e-4", **FINE),
    _of(on_support, "tv", "the nominal support"),
    _of(contaminated_support, "contamination", "the nominal support"),
    _of(optimist, "tv", "the largest expectation"),
    _of(lost_mass, "tv", "a lost mass"),
    _of(inside_only, "tv", "a discount of 0.9 inside the dual only"),
    _of(two_at_once, "tv", ""),
    _of(euclidean, "l1", ""),
)
