r"""States that share a polyhedral budget: L1, total variation, L-infinity.

A row is ``q(xi) = min { E_q W : D(q, p) <= xi }``: convex, decreasing and piecewise linear, kept as the ends
of its pieces (how far, how much lower) and their steepness, the steepest first, as far as the whole budget
goes. At the price t of a unit of xi a row takes the pieces steeper than t. So for a choice with shares c and
weights w of its rows

    sum_a min_xi { x c_a q_a(xi) + w_a xi }                   at t_a = w_a / (x c_a)

is concave and piecewise linear in x, and its peak is found by meeting tangents (Kelley, 1960), each of which
takes one search by halving in every row. With one choice the budget is dual to x; with several the level u of
all choices solves ``sum_k B_k(u) = kappa`` by Newton's method from below, where ``B_k``, what choice k costs
to sink to u, is convex with the slope ``-sigma_k``.
"""

from __future__ import annotations

import numpy as np

from drmg_check.kernels._jit import Cube, Matrix, Order, OutMatrix, OutVector, Vector, b1, f8, kernel, none
from drmg_check.kernels._passes import mass_and_mean, support_start
from drmg_check.vocabulary import FloatArray, IntArray

TURNS = 300  # a safeguard: brackets of doubles are halved to the end in fewer


@kernel()
def _moving(
    p: FloatArray,
    W: FloatArray,
    order: IntArray,
    bottom: int,
    mass: float,
    unit: float,
    enough: float,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
) -> int:
    """Write the pieces of an L1 ball up to xi = enough, and return how many there are.

    Moving a unit of mass costs ``unit``.
    """
    n, length, drop = 0, 0.0, 0.0
    base, per = W[order[bottom]], 1.0 / mass
    far[0], low[0] = 0.0, 0.0
    for rank in range(order.shape[0] - 1, bottom, -1):
        k = order[rank]
        gap, q = W[k] - base, p[k] * per
        if gap <= 0.0 or length >= enough:
            break
        steep[n] = gap / unit
        moved = 1.0 if q > 0.0 else 0.0
        length, drop = length + unit * q, drop + q * gap
        n += int(moved)
        far[n], low[n] = length, drop
    return n


@kernel()
def _filling(
    p: FloatArray,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    mass: float,
    enough: float,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
) -> int:
    """Write the pieces of an L-infinity ball up to xi = enough, and return how many there are.

    With xi the lowest ranks have xi more, those above ``rank`` xi less or nothing, and ``rank`` has the rest:
    the first for which the lower ones and it can take all that the upper ones give.
    """
    S, usable = order.shape[0], np.empty(order.shape[0], dtype=np.int64)
    count = 0
    for k in order:
        if all_states or p[k] > 0.0:
            usable[count] = k
            count += 1
    rank_of = np.full(S, -1, dtype=np.int64)
    for rank in range(count):
        rank_of[usable[rank]] = rank
    clipped = np.argsort(p, kind="mergesort")
    above, high = 0, 0.0  # unclipped states above the rank, and the sum of their values
    for k in usable[:count]:
        if p[k] > 0.0:
            above, high = above + 1, high + W[k]
    rank, below, given, xi = -1, 0.0, 0.0, 0.0  # below: the sum of the values under the rank
    while rank + 1 < above or rank < 0:  # the first rank with rank + 1 takers for what is above it
        if rank >= 0:
            below += W[usable[rank]]
        rank += 1
        if p[usable[rank]] > 0.0:
            above, high = above - 1, high - W[usable[rank]]
    n, event = 0, 0
    length, drop = 0.0, 0.0
    far[0], low[0] = 0.0, 0.0
    while event < S and p[clipped[event]] == 0.0:
        event += 1
    while True:
        here = W[usable[rank]]
        steepness = rank * here - below + high - above * here
        if xi >= enough or (rank == 0 and (above == 0 or steepness <= 0.0)):
            break
        own = p[usable[rank]] / mass
        clip = p[clipped[event]] / mass if event < S else np.inf
        move = np.inf
        if rank > 0:
            if rank > above + 1:
                move = given / (rank - above - 1)
            if not move < own:
                move = (given + own) / (rank - above) if rank > above else np.inf
                move = max(move, own) if own > xi else move
        end = max(min(clip, move), xi)
        if end == np.inf:
            break
        if end > xi and steepness > 0.0:
            steep[n] = steepness if n == 0 else min(steepness, steep[n - 1])
            length, drop = length + (end - xi), drop + steep[n] * (end - xi)
            n += 1
            far[n], low[n] = length, drop
        xi = end
        if move <= clip:
            if own > xi:
                above, high = above + 1, high + here
            else:
                given += own
            rank -= 1
            below -= W[usable[rank]]
        else:
            k = clipped[event]
            event += 1
            if rank_of[k] > rank:
                above, high, given = above - 1, high - W[k], given + p[k] / mass
    return n


@kernel()
def _steeper(steep: FloatArray, n: int, t: float) -> int:
    """Return how many pieces are steeper than t."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if steep[middle] > t:
            low = middle + 1
        else:
            high = middle
    return low


@kernel()
def _priced(
    x: float,
    by_level: bool,
    members: IntArray,
    c: FloatArray,
    w: FloatArray,
    n: IntArray,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
) -> tuple[float, float]:
    """Return how much lower a choice is, and what its rows spend: at sigma = x, or at lambda = x."""
    drop, spent = 0.0, 0.0
    for a in members:
        if c[a] > 0.0:
            j = _steeper(steep[a], n[a], w[a] / (x * c[a]) if by_level else x * w[a] / c[a])
            drop += c[a] * low[a, j]
            spent += w[a] * far[a, j]
    return drop, spent


@kernel()
def _peak(
    by_level: bool,
    target: float,
    members: IntArray,
    c: FloatArray,
    w: FloatArray,
    n: IntArray,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
) -> tuple[float, float]:
    """Return the peak of a concave function and where it is.

    By level: ``max_sigma sum w xi + sigma (target - drop)``, what sinking by ``target`` costs. Otherwise
    ``max_lambda -drop + lambda (spent - target)``, how much lower a budget of ``target`` brings the choice.
    """
    first, last = np.inf, 0.0  # the x of the steepest and the flattest piece
    for a in members:
        if c[a] > 0.0 and n[a] > 0:
            first = min(first, w[a] / (c[a] * steep[a, 0]))
            last = max(last, w[a] / (c[a] * steep[a, n[a] - 1]))
    if last == 0.0:
        return 0.0, 0.0
    # at the left end all tangents have the most slope, at the right end the least; a hair beyond the pieces
    left, right = (0.0, last * (1.0 + 2.0**-50)) if by_level else (0.0, 1.0 / first)
    drop, spent = _priced(right, by_level, members, c, w, n, far, low, steep)
    right_slope, right_value = (target - drop, spent) if by_level else (spent - target, -drop)
    if by_level:
        left_slope, left_value = target, 0.0
    else:
        drop, spent = _priced(0.0, False, members, c, w, n, far, low, steep)
        left_slope, left_value = spent - target, -drop
    if left_slope <= 0.0:
        return left_value, left
    if right_slope >= 0.0:
        return right_value + right * right_slope, right
    best, at = -np.inf, left
    for _ in range(TURNS):
        # values are those of the tangents at 0
        x = (left_value - right_value) / (right_slope - left_slope)
        if not left < x < right:
            x = min(max(x, left), right)
        drop, spent = _priced(x, by_level, members, c, w, n, far, low, steep)
        slope, value = (target - drop, spent) if by_level else (spent - target, -drop)
        if value + x * slope > best:
            best, at = value + x * slope, x
        if slope in (left_slope, right_slope, 0.0):
            break
        if slope > 0.0:
            left, left_slope, left_value = x, slope, value
        else:
            right, right_slope, right_value = x, slope, value
        if not left < right:
            break
    return best, at


@kernel()
def _sinking(
    need: float,
    members: IntArray,
    c: FloatArray,
    w: FloatArray,
    n: IntArray,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
) -> tuple[float, float]:
    """Return what it costs to lower a choice by ``need``, and the slope sigma of that."""
    if members.shape[0] != 1:
        cost, sigma = _peak(True, need, members, c, w, n, far, low, steep)
        return cost, sigma
    a = members[0]
    drops, count, drop = low[a], n[a], need / c[a]
    first, last = 0, count - 1
    while first < last:  # the last piece that begins above
        middle = (first + last + 1) // 2
        if drops[middle] <= drop:
            first = middle
        else:
            last = middle - 1
    xi = min(far[a, first] + (drop - drops[first]) / steep[a, first], far[a, first + 1])
    return w[a] * xi, w[a] / (c[a] * steep[a, first])


@kernel()
def _level(
    budget: float,
    worth: FloatArray,
    floors: FloatArray,
    members: IntArray,
    starts: IntArray,
    c: FloatArray,
    w: FloatArray,
    n: IntArray,
    far: FloatArray,
    low: FloatArray,
    steep: FloatArray,
    sigma: FloatArray,
) -> float:
    """Return the level to which the budget lowers all choices; write their sigma, 0 where they lie below."""
    K = worth.shape[0]
    least = float(floors.max())
    u, bottom, top = least, least, float(worth.max())
    for turn in range(TURNS):
        over, slopes = -budget, 0.0
        for k in range(K):
            sigma[k] = 0.0
            if worth[k] > u:
                part = members[starts[k] : starts[k + 1]]
                cost, sigma[k] = _sinking(worth[k] - u, part, c, w, n, far, low, steep)
                over += cost
                slopes += sigma[k]
        if over <= 0.0 and u == least:
            sigma[:] = 0.0
            sigma[np.argmax(floors)] = 1.0
            return u
        if slopes == 0.0:
            break
        if over > 0.0:
            bottom = u
        else:
            top = u
        new = max(u + over / slopes, bottom)  # at most the level, from either side: the tangents lie below
        halved = 0.5 * (bottom + top)
        if new == u or not bottom < halved < top:
            break
        u = halved if new == bottom or (turn % 3 == 2 and new < halved) else new
    if not sigma.any():  # no choice lies above the level: there is no budget
        sigma[np.argmax(worth)] = 1.0
    return u


@kernel(none(Cube, Matrix, Matrix, Matrix, Order, Order, Vector, Vector, Order, b1, f8, OutVector, OutMatrix))
def states(
    P: FloatArray,
    r: FloatArray,
    shares: FloatArray,
    weights: FloatArray,
    members: IntArray,
    starts: IntArray,
    budget: FloatArray,
    W: FloatArray,
    order: IntArray,
    all_states: bool,
    unit: float,
    out: FloatArray,
    policy: FloatArray,
) -> None:
    """Write the worth of every state and the policy that secures it; ``unit`` is 0 for L-infinity."""
    n_states, A, S = P.shape
    K = starts.shape[0] - 1
    far, low, steep = np.empty((A, 2 * S + 2)), np.empty((A, 2 * S + 2)), np.empty((A, 2 * S + 1))
    n, worth, floors = np.empty(A, dtype=np.int64), np.empty(K), np.empty(K)
    for s in range(n_states):
        c, w, sigma = shares[s], weights[0], policy[s]
        legal = True
        for k in range(K):
            worth[k], floors[k] = 0.0, 0.0
            for a in members[starts[k] : starts[k + 1]]:
                mass, mean = mass_and_mean(P[s, a], W)
                if not mass > 0.0:
                    legal = False
                    break
                enough = budget[s] / w[a]  # no row can spend more
                if unit > 0.0:
                    bottom = 0 if all_states else support_start(P[s, a], order)
                    n[a] = _moving(P[s, a], W, order, bottom, mass, unit, enough, far[a], low[a], steep[a])
                else:
                    n[a] = _filling(P[s, a], W, order, all_states, mass, enough, far[a], low[a], steep[a])
                worth[k] += c[a] * (r[s, a] + mean)
                floors[k] += c[a] * low[a, n[a]]
            floors[k] = worth[k] - floors[k]
        if not legal:
            out[s] = np.nan
        elif budget[s] == 0.0:
            sigma[:] = 0.0
            sigma[np.argmax(worth)] = 1.0
            out[s] = worth.max()
        elif K == 1:
            gain, _ = _peak(False, budget[s], members, c, w, n, far, low, steep)
            out[s], sigma[0] = min(max(worth[0] + gain, floors[0]), worth[0]), 1.0
        else:
            out[s] = _level(budget[s], worth, floors, members, starts, c, w, n, far, low, steep, sigma)
            sigma /= sigma.sum()
