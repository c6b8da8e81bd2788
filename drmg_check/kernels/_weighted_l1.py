"""Weighted L1: mass moves from s to t at the price ``w_s + w_t``, as long as that pays.

At the price x of a unit of the radius, the best target is an argmin t of ``W_t + x w_t``, and state s sends
its mass there iff ``W_s > W_t + x (w_s + w_t)``. So the dual is a line in x for each choice of target and
senders; it is concave, and the lines at both ends of a bracket cross where the next price is tried.
"""

from __future__ import annotations

import math

from drmg_check.kernels._jit import Matrix, Order, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._passes import mass_and_mean, support_start
from drmg_check.vocabulary import FloatArray, IntArray

CLOSE = 2.0**-51  # of values that end in [1/2, 1): a tenth of what two states may round


@kernel()
def _target(p: FloatArray, W: FloatArray, w: FloatArray, all_states: bool, price: float) -> int:
    """Return an argmin of ``W + price w`` over the states that may be used; ties go to the cheapest."""
    best, least = -1, math.inf
    for k in range(W.shape[0]):
        if all_states or p[k] > 0.0:
            x = W[k] + price * w[k]
            if x < least or (x == least and w[k] < w[best]):
                best, least = k, x
    return best


@kernel()
def _sends(W: FloatArray, w: FloatArray, k: int, target: int, price: float) -> bool:
    return bool(W[k] > W[target] + price * (w[k] + w[target]))


@kernel()
def _line(
    p: FloatArray, mass: float, W: FloatArray, w: FloatArray, target: int, price: float
) -> tuple[float, float]:
    """Return the mean after the moves that pay at this price, and what they cost."""
    mean, cost = 0.0, 0.0
    for k in range(W.shape[0]):
        if _sends(W, w, k, target, price):
            mean += p[k] * W[target]
            cost += p[k] * (w[k] + w[target])
        else:
            mean += p[k] * W[k]
    return mean / mass, cost / mass


@kernel()
def _search(
    p: FloatArray, rho: float, W: FloatArray, w: FloatArray, all_states: bool, bottom: int
) -> tuple[float, float, float, float]:
    """Return the worst-case expectation of W, a price on either side of the best, and the share of the lower.

    The plans of the two prices, mixed in that share, cost the radius.
    """
    mass, nominal = mass_and_mean(p, W)
    if rho == 0.0 or not mass > 0.0:
        return nominal, math.inf, math.inf, 0.0
    floor = W[bottom]
    low = 0.0
    low_mean, low_cost = _line(p, mass, W, w, _target(p, W, w, all_states, 0.0), 0.0)
    if low_cost <= rho:
        return floor, 0.0, math.inf, 1.0
    high, high_mean, high_cost = math.inf, nominal, 0.0
    best = floor
    for _ in range(4 * W.shape[0] + 64):  # each line is tried once; there are not many more than states
        price = (high_mean - low_mean) / (low_cost - high_cost)
        bound = high_mean - price * (rho - high_cost)
        mean, cost = _line(p, mass, W, w, _target(p, W, w, all_states, price), price)
        best = max(best, mean + price * (cost - rho))
        if bound - best <= CLOSE or not low_cost > high_cost:
            break
        if cost > rho:
            low, low_mean, low_cost = price, mean, cost
        else:
            high, high_mean, high_cost = price, mean, cost
    share = (rho - high_cost) / (low_cost - high_cost)
    return min(max(best, floor), nominal), low, high, min(max(share, 0.0), 1.0)


@kernel(none(Matrix, Vector, Vector, Order, Vector, b1, OutVector, OutVector))
def expectations(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    w: FloatArray,
    all_states: bool,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; there is nothing to start from."""
    for i in range(P.shape[0]):
        mass, _ = mass_and_mean(P[i], W)
        bottom = order[0 if all_states or not mass > 0.0 else support_start(P[i], order)]
        out[i], _, _, _ = _search(P[i], rho[i], W, w, all_states, bottom)


@kernel()
def distributions(
    P: FloatArray,
    rho: FloatArray,
    W: FloatArray,
    order: IntArray,
    w: FloatArray,
    all_states: bool,
    Q: FloatArray,
) -> None:
    """Write every row's worst distribution: the mixture of the plans at two prices."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        bottom = order[0 if all_states else support_start(P[i], order)]
        _, low, high, share = _search(P[i], rho[i], W, w, all_states, bottom)
        Q[i] = 0.0
        for price, part in ((low, share), (high, 1.0 - share)):
            if part == 0.0:
                continue
            target = -1 if price == math.inf else _target(P[i], W, w, all_states, price)
            for k in range(S):
                end = target if target >= 0 and _sends(W, w, k, target, price) else k
                Q[i, end] += part * (P[i, k] / mass)
