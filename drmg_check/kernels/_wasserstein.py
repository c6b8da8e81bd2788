"""Wasserstein-p: every state sends its mass down the lower convex hull of the points (cost, value).

Source state i at cost ``C_ij = d(i, j)^p`` reaches the value W_j; only the hull of these points is ever used,
and its edges, steepest first over all states, are a greedy solution of the transport problem with budget
``rho^p``. Hulls and their order depend on W alone, so they are built once per sweep; at checkpoints along
the order, vectors of the cost and the gain per unit of mass turn most of a row's walk into a few dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from drmg_check.kernels._jit import (
    Matrix,
    Order,
    Orders,
    OutVector,
    ThreeOrders,
    TwoMatrices,
    Vector,
    i8,
    kernel,
    none,
)
from drmg_check.kernels._passes import mass_and_mean
from drmg_check.kernels._simd import fma, load, load_first, splat, total
from drmg_check.sets import Wasserstein
from drmg_check.vocabulary import FloatArray, IntArray

STRIDES_PER_STATE = 4  # checkpoints for every S edges


@dataclass(frozen=True, slots=True)
class Edges:
    """The hull edges of all states, steepest first, and the running totals at the checkpoints."""

    source: IntArray  # [M] whose mass moves
    start: IntArray  # [M] where it is
    end: IntArray  # [M] where it goes
    cost: FloatArray  # [M] per unit of mass
    gain: FloatArray  # [M] per unit of mass
    costs: FloatArray  # [K, S] of the first ``stride * k`` edges, per unit of each state's mass
    gains: FloatArray  # [K, S]
    stride: int
    budget_scale: float


def edges(uncertainty: Wasserstein, W: FloatArray) -> Edges:
    """Return the hull edges for the values W."""
    C, order, scale = _costs(uncertainty)
    source, start, end = hulls(C, order, W)
    cost = C[source, end] - C[source, start]
    gain = W[start] - W[end]
    slope = _decreasing(gain / cost, source)
    steepest = np.argsort(-slope, kind="stable")
    source, start, end = source[steepest], start[steepest], end[steepest]
    cost, gain = cost[steepest], gain[steepest]
    stride = max(1, W.shape[0] // STRIDES_PER_STATE)
    costs, gains = _checkpoints(source, cost, gain, W.shape[0], stride)
    return Edges(source, start, end, cost, gain, costs, gains, stride, scale)


@lru_cache(maxsize=8)  # a set for each agent of a game; sorting S^2 costs takes longer than a short sweep
def _costs(uncertainty: Wasserstein) -> tuple[FloatArray, IntArray, float]:
    """Return the costs, each row's ascending order and their scale, a power of two."""
    ground = np.array([[float(x) for x in row] for row in uncertainty.ground])
    largest = float(ground.max())
    scale = 2.0 ** -np.frexp(largest)[1] if largest > 0.0 else 1.0
    C = (ground * scale) ** uncertainty.order
    order = np.argsort(C, axis=1, kind="stable").astype(np.int64)
    for array in (C, order):
        array.setflags(write=False)
    return C, order, scale


@kernel(ThreeOrders(Matrix, Orders, Vector))
def hulls(C: FloatArray, order: IntArray, W: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return source, start and end of every hull edge, by source."""
    S = W.shape[0]
    stack = np.empty(S + 1, dtype=np.int64)
    capacity, count = 4 * S, 0
    edges = np.empty((3, capacity), dtype=np.int64)
    for i in range(S):
        stack[0] = i
        top = 0
        for k in range(S):
            j = order[i, k]
            if W[j] >= W[stack[top]]:
                continue
            while top > 0:
                a, b = stack[top - 1], stack[top]
                if (W[a] - W[j]) * (C[i, b] - C[i, a]) < (W[a] - W[b]) * (C[i, j] - C[i, a]):
                    break
                top -= 1
            top += 1
            stack[top] = j
        if count + top > capacity:
            capacity = 2 * capacity + top
            grown = np.empty((3, capacity), dtype=np.int64)
            grown[:, :count] = edges[:, :count]
            edges = grown
        for k in range(top):
            edges[0, count], edges[1, count], edges[2, count] = i, stack[k], stack[k + 1]
            count += 1
    return edges[0, :count].copy(), edges[1, :count].copy(), edges[2, :count].copy()


@kernel(OutVector(Vector, Order))
def _decreasing(slope: FloatArray, source: IntArray) -> FloatArray:
    """Return the slopes with each state's made to decrease: rounding must not swap its edges."""
    result = slope.copy()
    for m in range(1, slope.shape[0]):
        if source[m] == source[m - 1]:
            result[m] = min(result[m], result[m - 1])
    return result


@kernel(TwoMatrices(Order, Vector, Vector, i8, i8))
def _checkpoints(
    source: IntArray, cost: FloatArray, gain: FloatArray, S: int, stride: int
) -> tuple[FloatArray, FloatArray]:
    K = source.shape[0] // stride + 1
    costs, gains = np.zeros((K, S)), np.zeros((K, S))
    for k in range(1, K):
        costs[k], gains[k] = costs[k - 1], gains[k - 1]
        for m in range((k - 1) * stride, k * stride):
            costs[k, source[m]] += cost[m]
            gains[k, source[m]] += gain[m]
    return costs, gains


@kernel()
def _dot(p: FloatArray, x: FloatArray) -> float:
    S = p.shape[0]
    d0, d1 = splat(0.0), splat(0.0)
    k = 0
    while k + 16 <= S:
        d0 = fma(load(p, k), load(x, k), d0)
        d1 = fma(load(p, k + 8), load(x, k + 8), d1)
        k += 16
    while k < S:
        d0 = fma(load_first(p, k, S - k), load_first(x, k, S - k), d0)
        k += 8
    return float(total(d0 + d1))


@kernel(
    none(Matrix, Vector, Vector, Order, Vector, Vector, Matrix, Matrix, i8, OutVector, OutVector),
)
def expectations(
    P: FloatArray,
    budget: FloatArray,
    W: FloatArray,
    source: IntArray,
    cost: FloatArray,
    gain: FloatArray,
    costs: FloatArray,
    gains: FloatArray,
    stride: int,
    start: FloatArray,
    out: FloatArray,
) -> None:
    """Write every row's worst-case expectation; ``start`` holds one plus the last checkpoint passed."""
    K, M = costs.shape[0], source.shape[0]
    for i in range(P.shape[0]):
        p = P[i]
        mass, mean = mass_and_mean(p, W)
        out[i] = mean
        if budget[i] == 0.0 or not mass > 0.0:
            continue
        allowed = budget[i] * mass
        low, high = 0, K  # the spending at low is allowed, at high it is not
        spent = 0.0
        probe = int(start[i]) - 1 if 1.0 <= start[i] < K else 0
        width = 1
        while high - low > 1:
            # look near the start first, ever wider
            probe = min(max(probe, low + 1), high - 1)
            cost_there = _dot(p, costs[probe])
            if cost_there <= allowed:
                low, spent = probe, cost_there
                probe = low + width if high == K else (low + high) // 2
            else:
                high = probe
                probe = high - width if low == 0 else (low + high) // 2
            width *= 2
        start[i] = low + 1
        gained = _dot(p, gains[low])
        for m in range(low * stride, M):
            x = p[source[m]] * cost[m]
            if spent + x >= allowed:
                gained += (allowed - spent) / cost[m] * gain[m]
                break
            spent += x
            gained += p[source[m]] * gain[m]
        out[i] = min(max(mean - gained / mass, 0.0), mean)


@kernel()
def distributions(
    P: FloatArray,
    budget: FloatArray,
    W: FloatArray,
    source: IntArray,
    start: IntArray,
    end: IntArray,
    cost: FloatArray,
    Q: FloatArray,
) -> None:
    """Write every row's worst distribution."""
    n, S = P.shape
    for i in range(n):
        mass, _ = mass_and_mean(P[i], W)
        for k in range(S):
            Q[i, k] = P[i, k] / mass
        left = budget[i]
        for m in range(source.shape[0]):
            moved = min(P[i, source[m]] / mass, left / cost[m])
            Q[i, start[m]] = max(Q[i, start[m]] - moved, 0.0)
            Q[i, end[m]] += moved
            left -= moved * cost[m]
            if left <= 0.0:
                break
