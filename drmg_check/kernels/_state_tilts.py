r"""States that share a budget of KL or chi-square: all rows at once, by Newton's method on the dual.

With ``sigma_k = d_k / lambda`` and ``theta_a = sigma_k c_a / w_a`` the dual is

    psi(sigma) = (sum_a w_a phi_a(theta_a) - kappa) / sum_k sigma_k,
    phi(theta) = min_q theta E_q W + D(q, p),

a lower bound of the worth at every sigma, attained where all choices with sigma > 0 are worth the same and
the budget is spent. So with u the best bound so far each choice takes a Newton step towards the worth u, and
u rises to psi: together that is Newton's method on the optimality conditions, at one pass over each row a
turn.

    KL          phi = -log E exp(-theta W),  q ~ p exp(-theta W)
    chi-square  phi = theta m - theta^2 P v / 4 + (1 - P) / P  with the mass P, the mean m and the variance v
                of the states below the cap ``m + 2 / (theta P)``, which is found as in :mod:`._chi2`
"""

from __future__ import annotations

import math

import numpy as np

from drmg_check.kernels._jit import Cube, Matrix, Order, OutMatrix, OutVector, Vector, b1, kernel, none
from drmg_check.kernels._kl import _tilt
from drmg_check.kernels._passes import central_moments, mass_and_mean, mass_at_start, support_start
from drmg_check.kernels._search import ENOUGH, MOST_SHIFT, NEAR_ONE
from drmg_check.kernels._simd import fma, load_first, splat, total, where_le
from drmg_check.vocabulary import FloatArray, IntArray

TURNS = 400  # a safeguard; it takes some six
PASSES = 200  # as in _chi2
LARGEST = 1e290  # of sigma: as far above any that is needed as LARGEST_S of _search


@kernel()
def _below(p: FloatArray, W: FloatArray, cap: float, centre: float) -> tuple[float, float, float]:
    """Return mass, first and second moment about the centre of the states up to ``cap``."""
    S = p.shape[0]
    mass, first, second = splat(0.0), splat(0.0), splat(0.0)
    for k in range(0, S, 8):
        w = load_first(W, k, S - k)
        a = where_le(w, cap, load_first(p, k, S - k), 0.0)
        d = w - centre
        mass = mass + a
        a = a * d
        first, second = first + a, fma(a, d, second)
    return total(mass), total(first), total(second)


@kernel()
def _chi2_row(
    p: FloatArray, W: FloatArray, mass: float, theta: float, cap: float, centre: float
) -> tuple[float, float, float, float]:
    """Return phi, the mean of W, how that falls with theta, and the cap: ``E (cap - W)_+ = 2 / theta``."""
    target = 2.0 / theta
    for turn in range(PASSES):
        P, first, second = _below(p, W, cap, centre)
        if not P > 0.0:
            cap = math.inf
            continue
        P, shift = P / mass, first / P
        m = centre + shift
        v = max(second / (P * mass) - shift * shift, 0.0)
        new = m + target / P
        # as OFF_CENTRE of _search: beyond, the variance has lost four bits
        if shift * shift > 16.0 * v and m != centre and turn < PASSES // 2:
            centre = m  # the variance has lost digits
            continue
        if new == cap or (turn > 0 and new >= cap):  # from above the caps fall; rounding ends that
            break
        cap = new
    half = 0.5 * theta * P * v
    return theta * m - 0.5 * theta * half + (1.0 - P) / P, m - half, 0.5 * P * v, cap


@kernel()
def _row(
    kl: bool,
    p: FloatArray,
    W: FloatArray,
    theta: float,
    base: float,
    mass: float,
    mean: float,
    threshold: float,
    memory: FloatArray,
) -> tuple[float, float, float]:
    """Return phi, the mean and its fall; ``memory`` keeps a centre and a cap for the next turn."""
    if not kl:
        phi, m, fall, memory[1] = _chi2_row(p, W, mass, theta, memory[1], memory[0])
        memory[0] = m
        return phi, m, fall
    lift = theta * (mean - base)
    shift = 0.0 if lift < NEAR_ONE else min(lift, threshold, MOST_SHIFT)
    K, m, v, _ = _tilt(p, W, base, mass, theta, shift, memory[0])
    memory[0] = m
    return theta * base - K, base + m, v


@kernel()
def _state(
    kl: bool,
    P: FloatArray,
    r: FloatArray,
    c: FloatArray,
    w: FloatArray,
    members: IntArray,
    starts: IntArray,
    budget: float,
    W: FloatArray,
    order: IntArray,
    sigma: FloatArray,
) -> float:
    A, K = P.shape[0], starts.shape[0] - 1
    rows, memory = np.empty((A, 4)), np.empty((A, 2))  # mass, mean, least value, divergence of all there
    worth, floors, spread, most = np.zeros(K), np.zeros(K), np.zeros(K), np.zeros(K)
    for k in range(K):
        for a in members[starts[k] : starts[k + 1]]:
            mass, mean = mass_and_mean(P[a], W)
            if not mass > 0.0:
                return math.nan
            first = support_start(P[a], order)
            base = W[order[first]]
            rare = math.log(mass) - math.log(mass_at_start(P[a], W, order, first))
            rows[a, 0], rows[a, 1], rows[a, 2] = mass, mean, base
            rows[a, 3] = rare if kl else math.expm1(rare)
            memory[a, 0], memory[a, 1] = mean - base if kl else mean, math.inf
            worth[k] += c[a] * (r[a] + mean)
            floors[k] += c[a] * (r[a] + base)
            if c[a] > 0.0 and mean > base:
                variance, _, _ = central_moments(P[a], W, mass, mean)
                spread[k] += c[a] * c[a] / w[a] * variance * (1.0 if kl else 0.5)
                most[k] += w[a] * rows[a, 3]
    sigma[:] = 0.0
    top, bottom = float(worth.max()), float(floors.max())
    if budget == 0.0 or top <= bottom:
        sigma[np.argmax(worth)] = 1.0
        return top
    deepest = np.argmax(floors)
    if (
        most[deepest] <= budget
        and _cost_of(kl, bottom, P, r, c, w, members, starts, W, rows, memory, worth, floors, most, sigma)
        <= budget
    ):
        sigma[:] = 0.0
        sigma[deepest] = 1.0
        return bottom
    u = _begin(worth, spread, budget, bottom, sigma)
    risen: float = _rise(kl, u, P, r, c, w, members, starts, budget, W, rows, memory, worth, sigma)
    return risen


@kernel()
def _begin(worth: FloatArray, spread: FloatArray, budget: float, bottom: float, sigma: FloatArray) -> float:
    """Write where the search starts: were all variances to stay what they are, ``sigma_k = gap / spread``."""
    u = bottom
    for k in range(worth.shape[0]):
        u = max(u, worth[k] - math.sqrt(2.0 * budget * spread[k]))
    for _ in range(20):
        over, slopes = -budget, 0.0
        for k in range(worth.shape[0]):
            if worth[k] > u and spread[k] > 0.0:
                x = (worth[k] - u) / spread[k]
                over, slopes = over + 0.5 * x * (worth[k] - u), slopes + x
        if not slopes > 0.0 or not over > 1e-3 * budget:  # near enough for a start
            break
        u += over / slopes
    for k in range(worth.shape[0]):
        if worth[k] > u and spread[k] > 0.0:
            sigma[k] = (worth[k] - u) / spread[k]
    return bottom


@kernel()
def _choice(
    kl: bool,
    x: float,
    part: IntArray,
    P: FloatArray,
    r: FloatArray,
    c: FloatArray,
    w: FloatArray,
    W: FloatArray,
    rows: FloatArray,
    memory: FloatArray,
) -> tuple[float, float, float]:
    """Return ``sum w phi`` with the rewards, the worth of a choice at sigma = x, and how that falls."""
    phi, worth, fall = 0.0, 0.0, 0.0
    for a in part:
        if c[a] == 0.0:
            continue
        theta = x * c[a] / w[a]
        if rows[a, 1] <= rows[a, 2]:
            phi, worth = phi + x * c[a] * (r[a] + rows[a, 2]), worth + c[a] * (r[a] + rows[a, 2])
            continue
        value, mean, drop = _row(
            kl, P[a], W, theta, rows[a, 2], rows[a, 0], rows[a, 1], rows[a, 3], memory[a]
        )
        phi += w[a] * value + x * c[a] * r[a]
        worth += c[a] * (r[a] + mean)
        fall += c[a] * c[a] / w[a] * drop
    return phi, worth, fall


@kernel()
def _rise(
    kl: bool,
    u: float,
    P: FloatArray,
    r: FloatArray,
    c: FloatArray,
    w: FloatArray,
    members: IntArray,
    starts: IntArray,
    budget: float,
    W: FloatArray,
    rows: FloatArray,
    memory: FloatArray,
    worth: FloatArray,
    sigma: FloatArray,
) -> float:
    """Return the worth, and leave its sigma."""
    K = worth.shape[0]
    here, falls = np.empty(K), np.empty(K)
    under, above, above_worth = np.full(K, math.inf), np.zeros(K), worth.copy()
    best, kept, stalled = -math.inf, sigma.copy(), 0
    for turn in range(TURNS):
        value, slopes = -budget, 0.0
        for k in range(K):
            if sigma[k] > 0.0:
                part = members[starts[k] : starts[k + 1]]
                phi, here[k], falls[k] = _choice(kl, sigma[k], part, P, r, c, w, W, rows, memory)
                value, slopes = value + phi, slopes + sigma[k]
        if slopes > 0.0:
            psi = value / slopes
            if psi > best:
                stalled = 0 if psi - best > ENOUGH else stalled + 1
                best, kept[:] = psi, sigma
            else:
                stalled += 1
        u = max(u, best)
        left = 0.0  # what a Newton step is still to gain
        for k in range(K):
            if worth[k] <= u:
                sigma[k] = 0.0
                continue
            x = sigma[k]
            if x == 0.0:
                sigma[k] = under[k] / 2.0 if under[k] < math.inf else max(slopes, 1.0) / (K + 1.0)
                left = math.inf
                continue
            gap = here[k] - u
            left += 0.5 * gap * gap / max(falls[k], 1e-300) / slopes  # a fall of 0 is no division by it
            if gap < 0.0:
                under[k] = min(under[k], x)
            elif x > above[k]:
                above[k], above_worth[k] = x, here[k]
            if above_worth[k] <= u:  # u has risen past it
                above[k], above_worth[k] = 0.0, worth[k]
            new = x + (gap / falls[k] if falls[k] > 0.0 else math.inf)
            if not (above[k] < new < under[k]) or (turn > 40 and turn % 2):
                new = 4.0 * x if under[k] == math.inf else 0.5 * (above[k] + under[k])
            sigma[k] = min(new, LARGEST)
        if (left <= ENOUGH and turn > 0) or stalled > 8:
            break
    sigma[:] = kept
    return best


@kernel()
def _cost_of(
    kl: bool,
    u: float,
    P: FloatArray,
    r: FloatArray,
    c: FloatArray,
    w: FloatArray,
    members: IntArray,
    starts: IntArray,
    W: FloatArray,
    rows: FloatArray,
    memory: FloatArray,
    worth: FloatArray,
    floors: FloatArray,
    most: FloatArray,
    sigma: FloatArray,
) -> float:
    """Return what it costs to lower every choice to u: ``sum_k max_x { Phi_k(x) - x u }``."""
    cost = 0.0
    for k in range(worth.shape[0]):
        if worth[k] <= u:
            continue
        if floors[k] >= u:
            cost += most[k]
            continue
        part = members[starts[k] : starts[k + 1]]
        low, high, x, best = 0.0, math.inf, 1.0, 0.0
        for _ in range(TURNS):
            phi, here, fall = _choice(kl, x, part, P, r, c, w, W, rows, memory)
            best = max(best, phi - x * u)
            if here > u:
                low = x
            else:
                high = x
            new = x + (here - u) / fall if fall > 0.0 else math.inf
            # the cost is flat at its best x: an x right to 1e-14 costs 1e-28; steps grow 16 times at most
            if abs(new - x) <= 1e-14 * x or (high < math.inf and high - low <= 1e-15 * high) or x >= LARGEST:
                break
            # no longer step before there is an upper end, as in next_s of _search
            if not low < new < high or (high == math.inf and new > 16.0 * x):
                new = 4.0 * x if high == math.inf else 0.5 * (low + high)
            x = new
        cost += best
    return cost


@kernel(none(b1, Cube, Matrix, Matrix, Matrix, Order, Order, Vector, Vector, Order, OutVector, OutMatrix))
def states(
    kl: bool,
    P: FloatArray,
    r: FloatArray,
    shares: FloatArray,
    weights: FloatArray,
    members: IntArray,
    starts: IntArray,
    budget: FloatArray,
    W: FloatArray,
    order: IntArray,
    out: FloatArray,
    policy: FloatArray,
) -> None:
    """Write the worth of every state and the policy that secures it."""
    for s in range(P.shape[0]):
        out[s] = _state(
            kl, P[s], r[s], shares[s], weights[0], members, starts, budget[s], W, order, policy[s]
        )
        policy[s] /= policy[s].sum()
