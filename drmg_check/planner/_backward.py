"""The compiled backward induction of optimistic planning, which recomputes only what changed.

Every estimate is a function of the counts alone: rows whose counts and next values are the same keep
their bits, so that planning step by step and planning from scratch agree to the last bit.
"""

from __future__ import annotations

from math import frexp, ldexp, sqrt
from typing import Any, NamedTuple

import numpy as np

from drmg_check.planner._jit import (
    B3,
    CORRELATED,
    F1,
    F2,
    F3,
    F4,
    I1,
    I3,
    I4,
    KERNEL,
    M1,
    NASH,
    b1,
    compiled,
    f8,
    i8,
    named,
    none,
)
from drmg_check.vocabulary import Array, FloatArray, IntArray

UNTOUCHED, WIDTH, STAGE = 0, 1, 2  # what changed at a state: nothing, Qlow only, the stage game


class Inputs(NamedTuple):
    """What planning is given once: see :class:`drmg_check.planner.Optimism` for the constants.

    ``variance``, ``width``, ``rarity`` and ``kl`` multiply the terms of the bonuses, ``floor`` is
    1 / sqrt(K); ``unit`` turns payoffs into multiples of the grid of the stage solvers.
    """

    r: FloatArray  # [m, H, S, A]
    radius: FloatArray  # [m, H, S, A]
    clip: FloatArray  # [m, H]
    actions: IntArray  # [m]
    variance: float
    width: float
    rarity: float
    per_N: bool
    is_kl: bool
    kl: float
    floor: float
    drop: bool
    all_states: bool
    concept: int  # 0 nash, 1 cce, 2 ce
    unit: float


class BoundArrays(NamedTuple):
    """Counts and everything that planning derives from them."""

    N: IntArray  # [H, S, A, S]
    visits: IntArray  # [H, S, A]
    P: FloatArray  # [H, S, A, S], equation (4)
    stale: Array  # bool [H, S, A]: the counts changed since the last plan
    Qbar: FloatArray  # [m, H, S, A]
    Qlow: FloatArray
    Vbar: FloatArray  # [m, H + 1, S]
    Vlow: FloatArray
    pi: FloatArray  # [H, S, A]
    gain: FloatArray  # [H, S]: what deviating from pi gains in the stage game
    moved: Array  # int8 [m]: whether the values of the step above changed
    touched: Array  # int8 [S], at the present step
    changes: IntArray  # [1]: how often a policy entry changed


INPUTS = named(Inputs, F4, F4, F2, I1, f8, f8, f8, b1, b1, f8, f8, b1, b1, i8, f8)
BOUNDS = named(BoundArrays, I4, I3, F4, B3, F4, F4, F3, F3, F3, F2, M1, M1, I1)


@compiled(none(KERNEL, F2, F1, F1, b1, F1))
def worst_cases(
    kernel: Any,  # noqa: ANN401
    P: FloatArray,
    radius: FloatArray,
    V: FloatArray,
    all_states: bool,
    out: FloatArray,
) -> None:
    """Write the worst-case expectation of V for each row; scaled and rounded as in the kernels' entry."""
    order = np.argsort(V, kind="mergesort")
    low, high = V[order[0]], V[order[-1]]
    if low == high:
        out[:] = low
        return
    exponent = frexp(high - low)[1]
    W = np.empty(V.shape[0])
    for k in range(V.shape[0]):
        W[k] = ldexp(V[k], -exponent) - ldexp(low, -exponent)
        if W[k] < 2.0**-200:  # NOTHING of the kernels' entry, written out for the compiler
            W[k] = 0.0
    kernel(P, radius, W, order, all_states, np.zeros(P.shape[0]), out)
    scale = ldexp(1.0, exponent)
    for j in range(P.shape[0]):
        out[j] = out[j] * scale + low


@compiled(f8(INPUTS, i8, f8, F1, F1, F1))
def bonus(
    inputs: Inputs, visits: int, radius: float, row: FloatArray, Vbar: FloatArray, Vlow: FloatArray
) -> float:
    """Return beta of equation (19) or (102) for one row."""
    n = float(max(visits, 1))
    if inputs.is_kl and radius > 0.0:
        least = 1.0
        for p in row:
            if 0.0 < p < least:
                least = p
        return inputs.kl / radius / sqrt(n * least) + inputs.floor
    mean, gap = 0.0, 0.0
    for k in range(row.shape[0]):
        mean += row[k] * (0.5 * (Vbar[k] + Vlow[k]))
        gap += row[k] * (Vbar[k] - Vlow[k])
    variance = 0.0
    for k in range(row.shape[0]):
        deviation = 0.5 * (Vbar[k] + Vlow[k]) - mean
        variance += row[k] * deviation * deviation
    rest = inputs.rarity / (n if inputs.per_N else sqrt(n))
    return sqrt(inputs.variance * variance / n) + inputs.width * gap + rest + inputs.floor


@compiled(none(INPUTS, BOUNDS, i8))
def _estimate(inputs: Inputs, bounds: BoundArrays, h: int) -> None:
    """Write equation (4) where counts changed."""
    _, S, A, _ = bounds.N.shape
    for s in range(S):
        for a in range(A):
            if bounds.stale[h, s, a]:
                n = bounds.visits[h, s, a] = bounds.N[h, s, a].sum()
                for t in range(S):
                    bounds.P[h, s, a, t] = bounds.N[h, s, a, t] / n if n > 0 else 1.0 / S


@compiled(none(KERNEL, INPUTS, BOUNDS, i8, i8))
def _back_up(kernel: Any, inputs: Inputs, bounds: BoundArrays, i: int, h: int) -> None:  # noqa: ANN401
    """Write Qbar and Qlow of agent i at step h where they may have changed, and mark those states."""
    _, S, A, _ = bounds.N.shape
    Vbar, Vlow = bounds.Vbar[i, h + 1], bounds.Vlow[i, h + 1]
    wanted, place = np.empty(S * A, dtype=np.int64), np.empty(S * A, dtype=np.int64)
    source = np.empty(S * A, dtype=np.int64)
    visits = np.empty(S * A, dtype=np.int64)
    count, rows, blank = 0, 0, -1
    for s in range(S):
        for a in range(A):
            if not (bounds.stale[h, s, a] or bounds.moved[i]):
                continue
            here, n = s * A + a, bounds.visits[h, s, a]
            wanted[count] = here
            radius = inputs.radius[i, h, s, a]
            if n == 0 and blank >= 0 and inputs.radius[i, h, source[blank] // A, source[blank] % A] == radius:
                place[count] = blank  # rows never visited are alike
            else:
                if n == 0:
                    blank = rows
                place[count], source[rows], visits[rows] = rows, here, n
                rows += 1
            count += 1
    if count == 0:
        return
    P, radii = np.empty((rows, S)), np.empty(rows)
    for j in range(rows):
        s, a = source[j] // A, source[j] % A
        radii[j] = inputs.radius[i, h, s, a]
        for t in range(S):
            P[j, t] = bounds.P[h, s, a, t]
    up, low = np.empty(rows), np.empty(rows)
    worst_cases(kernel, P, radii, Vbar, inputs.all_states, up)
    worst_cases(kernel, P, radii, Vlow, inputs.all_states, low)
    least_up, least_low = Vbar.min(), Vlow.min()
    for j in range(rows):
        beta = bonus(inputs, visits[j], radii[j], P[j], Vbar, Vlow)
        if inputs.drop:
            up[j] -= radii[j] * least_up
            low[j] -= radii[j] * least_low
        up[j] += beta
        low[j] -= beta
    for c in range(count):
        s, a, j = wanted[c] // A, wanted[c] % A, place[c]
        high = min(inputs.r[i, h, s, a] + up[j], inputs.clip[i, h])
        less = max(inputs.r[i, h, s, a] + low[j], 0.0)
        if high != bounds.Qbar[i, h, s, a]:
            bounds.touched[s] = STAGE
        elif less != bounds.Qlow[i, h, s, a] and bounds.touched[s] == UNTOUCHED:
            bounds.touched[s] = WIDTH
        bounds.Qbar[i, h, s, a], bounds.Qlow[i, h, s, a] = high, less


@compiled(b1(NASH, CORRELATED, INPUTS, BOUNDS, i8))
def _solve(nash: Any, correlated: Any, inputs: Inputs, bounds: BoundArrays, h: int) -> bool:  # noqa: ANN401
    """Write the policy of equation (7) where a stage game changed; return whether all were solved.

    Of three or more agents the best mixed profile found is taken; its gain is recorded.
    """
    m, A = bounds.Qbar.shape[0], bounds.Qbar.shape[3]
    states = np.flatnonzero(bounds.touched == STAGE)
    if len(states) == 0:
        return True
    K = np.empty((m, len(states), A), dtype=np.int64)
    for i in range(m):
        for j in range(len(states)):
            for a in range(A):
                K[i, j, a] = np.int64(np.rint(bounds.Qbar[i, h, states[j], a] * inputs.unit))
    if inputs.concept == 0 or m == 1:
        p, method = nash(K, inputs.actions)
        x = np.ones((len(states), A))
        for j in range(len(states)):
            for a in range(A):
                rest = a
                for i in range(m - 1, -1, -1):
                    x[j, a] *= p[j, i, rest % inputs.actions[i]]
                    rest //= inputs.actions[i]
    else:
        x, method = correlated(K, inputs.actions, inputs.concept == 2)
    if method.min() == 0 and not (inputs.concept == 0 and m > 2):
        return False
    for j in range(len(states)):
        for a in range(A):
            if bounds.pi[h, states[j], a] != x[j, a]:
                bounds.pi[h, states[j], a] = x[j, a]
                bounds.changes[0] += 1
    return True


@compiled(f8(F1, F1, i8, i8, b1))
def deviation_gain(Q: FloatArray, x: FloatArray, n: int, stride: int, swaps: bool) -> float:
    """Return what one agent gains by its best action, or its best answer to each recommendation."""
    gain = np.zeros((n, n))
    for a in range(Q.shape[0]):
        if x[a] != 0.0:
            k = (a // stride) % n
            for j in range(n):
                gain[k, j] += x[a] * (Q[a + (j - k) * stride] - Q[a])
    if not swaps:
        return float(gain.sum(axis=0).max())
    total = 0.0
    for k in range(n):
        total += gain[k].max()
    return total


@compiled(none(INPUTS, BOUNDS, i8))
def _settle(inputs: Inputs, bounds: BoundArrays, h: int) -> None:
    """Write the values of equation (8) and note whose values moved."""
    m, _, S, A = bounds.Qbar.shape
    bounds.moved[:] = 0
    for s in range(S):
        if bounds.touched[s] == UNTOUCHED:
            continue
        bounds.gain[h, s] = 0.0
        stride = A
        for i in range(m):
            stride //= inputs.actions[i]
            high, less = 0.0, 0.0
            for a in range(A):
                high += bounds.pi[h, s, a] * bounds.Qbar[i, h, s, a]
                less += bounds.pi[h, s, a] * bounds.Qlow[i, h, s, a]
            if high != bounds.Vbar[i, h, s] or less != bounds.Vlow[i, h, s]:
                bounds.moved[i] = 1
            bounds.Vbar[i, h, s], bounds.Vlow[i, h, s] = high, less
            gain = deviation_gain(
                bounds.Qbar[i, h, s], bounds.pi[h, s], inputs.actions[i], stride, inputs.concept == 2
            )
            bounds.gain[h, s] = max(bounds.gain[h, s], gain)
    bounds.touched[:] = UNTOUCHED
    bounds.stale[h] = False


@compiled(i8(KERNEL, NASH, CORRELATED, INPUTS, BOUNDS, i8))
def plan_backwards(
    kernel: Any,  # noqa: ANN401
    nash: Any,  # noqa: ANN401
    correlated: Any,  # noqa: ANN401
    inputs: Inputs,
    bounds: BoundArrays,
    solved: int,
) -> int:
    """Plan all steps backwards; return -1, or the step whose stage games need exact arithmetic.

    ``solved`` is the first step whose policy is there already: H at the start, and afterwards the step that
    this function returned and that was solved in exact arithmetic meanwhile.
    """
    H = bounds.pi.shape[0]
    if solved == H:
        bounds.moved[:] = 0
    else:
        _settle(inputs, bounds, solved)
    for h in range(solved - 1, -1, -1):
        _estimate(inputs, bounds, h)
        for i in range(inputs.actions.shape[0]):
            _back_up(kernel, inputs, bounds, i, h)
        if not _solve(nash, correlated, inputs, bounds, h):
            return h
        _settle(inputs, bounds, h)
    return -1
