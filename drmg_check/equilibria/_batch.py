"""The cascade of methods over a batch of stage games with integer payoffs, each judged by its gap."""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._canonical import canonical_order
from drmg_check.equilibria._correlated import correlated_equilibrium, power_of_two_below_reciprocal
from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._logit import logit_limit
from drmg_check.equilibria._nash_many import count_supports, product_gap, search_supports
from drmg_check.equilibria._nash_two import lemke_howson, zero_sum_equilibrium
from drmg_check.equilibria._pure import best_pure
from drmg_check.vocabulary import Array, FloatArray, IntArray

_ACCEPTED = 2.0**-36  # gap, of payoffs that span between 1/2 and 1
_SUPPORTS = 3500  # enumerate all of them first up to 4 x 4 x 4
_ALL_SUPPORTS = 2**18  # and where the path stalls, up to 6 x 6 x 6
_STARTS = 8
_PRIORS = 6
FAILED, PURE, SIMPLEX, LEMKE_HOWSON, SUPPORTS, LOGIT = range(6)  # as in Method


@compiled
def _strides(n: IntArray) -> IntArray:
    stride = np.ones(len(n), dtype=np.int64)
    for i in range(len(n) - 2, -1, -1):
        stride[i] = stride[i + 1] * n[i + 1]
    return stride


@compiled
def _size_one(K: IntArray) -> FloatArray:
    """Return payoffs moved to start at 0 and scaled, exactly, to span between 1/2 and 1 per agent."""
    m, A = K.shape
    U = np.empty((m, A))
    for i in range(m):
        low, high = K[i, 0], K[i, 0]
        for a in range(A):
            low, high = min(low, K[i, a]), max(high, K[i, a])
        factor = power_of_two_below_reciprocal(float(high - low))
        for a in range(A):
            U[i, a] = float(K[i, a] - low) * factor
    return U


@compiled
def _reordered(
    K: IntArray, n: IntArray, stride: IntArray, agents: IntArray, order: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the payoffs and action counts of the game renumbered in canonical order."""
    m, A = K.shape
    counts = n[agents]
    strides = _strides(counts)
    ordered = np.empty((m, A), dtype=np.int64)
    for a in range(A):
        old = 0
        for j in range(m):
            old += order[agents[j], (a // strides[j]) % counts[j]] * stride[agents[j]]
        for j in range(m):
            ordered[j, a] = K[agents[j], old]
    return ordered, counts


@compiled
def _is_zero_sum(K: IntArray) -> bool:
    """Whether the payoffs of two agents sum to a constant, but for one grid step of rounding each."""
    least, most = K[0, 0] + K[1, 0], K[0, 0] + K[1, 0]
    for a in range(K.shape[1]):
        least, most = min(least, K[0, a] + K[1, a]), max(most, K[0, a] + K[1, a])
    return bool(most - least <= 2)


@compiled
def _put(p: FloatArray, x: FloatArray, y: FloatArray) -> None:
    for k in range(len(x)):
        p[0, k] = x[k]
    for k in range(len(y)):
        p[1, k] = y[k]


@compiled
def _mixed(K: IntArray, n: IntArray, symmetric: bool, tied: bool) -> tuple[int, FloatArray]:
    """Return a mixed equilibrium of a game in canonical order, and the method; FAILED with the best try.

    ``tied`` pure equilibria are to be replaced only by one that treats symmetric agents alike.
    """
    m, stride, U = len(n), _strides(n), _size_one(K)
    p = np.zeros((m, n.max()))
    if symmetric:
        ok, best = logit_limit(U, n, stride, _ACCEPTED, 0)
        if ok or tied:
            return LOGIT if ok else FAILED, best
    if m == 2:
        first, second = U[0].reshape((n[0], n[1])), U[1].reshape((n[0], n[1]))
        if _is_zero_sum(K):
            ok, x, y = zero_sum_equilibrium(first)
            _put(p, x, y)
            if ok and product_gap(U, n, stride, p) <= _ACCEPTED:
                return SIMPLEX, p
        for label in range(n[0] + n[1]):
            ok, x, y = lemke_howson(first, second, label)
            _put(p, x, y)
            if ok and product_gap(U, n, stride, p) <= _ACCEPTED:
                return LEMKE_HOWSON, p
        return FAILED, p
    how, p = _mixed_of_many(U, n, stride)
    return how, p


@compiled
def _mixed_of_many(U: FloatArray, n: IntArray, stride: IntArray) -> tuple[int, FloatArray]:
    """Return an equilibrium of three or more agents, and the method; FAILED with the best try."""
    p, best, least = np.zeros((len(n), n.max())), np.zeros((len(n), n.max())), np.inf
    count = count_supports(n)
    if count <= _SUPPORTS:
        ok, p = search_supports(U, n, stride, _ACCEPTED, np.arange(_STARTS), False)
        if ok:
            return SUPPORTS, p
    for variant in range(_PRIORS):
        ok, p = logit_limit(U, n, stride, _ACCEPTED, variant)
        if ok:
            return LOGIT, p
        gap = product_gap(U, n, stride, p)
        if gap < least:
            best, least = p, gap
    if _SUPPORTS < count <= _ALL_SUPPORTS:  # many: one start each, then the others
        for starts in (np.arange(1), np.arange(1, _STARTS)):
            ok, p = search_supports(U, n, stride, _ACCEPTED, starts, False)
            if ok:
                return SUPPORTS, p
    if count <= _ALL_SUPPORTS:
        ok, p = search_supports(U, n, stride, _ACCEPTED, np.arange(4 * _STARTS), True)
        if ok:
            return SUPPORTS, p
    return FAILED, best


@compiled
def nash_batch(K: IntArray, n: IntArray) -> tuple[FloatArray, Array]:
    """Return mixed profiles ``[S, m, max n]`` and methods ``[S]`` for payoffs ``K[m, S, A]``.

    >>> prisoners = np.array([[[3, 0, 5, 1]], [[3, 5, 0, 1]]])
    >>> p, method = nash_batch(prisoners, np.array([2, 2]))
    >>> p.tolist()
    [[[0.0, 1.0], [0.0, 1.0]]]
    """
    m, S, _ = K.shape
    stride, nobody = _strides(n), np.zeros(0, dtype=np.int64)
    p, method = np.zeros((S, m, n.max())), np.zeros(S, dtype=np.int8)
    for s in range(S):
        stage = K[:, s].copy()
        pure, ambiguous = best_pure(stage, n, stride, nobody)
        if pure < 0 or ambiguous:
            agents, order, symmetric = canonical_order(stage, n, stride)
            if ambiguous and not symmetric:
                pure, _ = best_pure(stage, n, stride, agents)
            else:
                ordered, counts = _reordered(stage, n, stride, agents, order)
                how, q = _mixed(ordered, counts, symmetric, pure >= 0)
                if how != FAILED or pure < 0:
                    method[s] = how
                    for j in range(m):
                        for k in range(counts[j]):
                            p[s, agents[j], order[agents[j], k]] = q[j, k]
                    continue
        method[s] = PURE
        for i in range(m):
            p[s, i, (pure // stride[i]) % n[i]] = 1.0
    return p, method


@compiled
def correlated_batch(K: IntArray, n: IntArray, swaps: bool) -> tuple[FloatArray, Array]:
    """Return distributions ``[S, A]`` and methods ``[S]`` for payoffs ``K[m, S, A]``.

    >>> chicken = np.array([[[6, 2, 7, 0]], [[6, 7, 2, 0]]])
    >>> x, method = correlated_batch(chicken, np.array([2, 2]), True)
    >>> x.tolist()
    [[0.5, 0.25, 0.25, 0.0]]
    """
    S, A = K.shape[1:]
    stride = _strides(n)
    x, method = np.zeros((S, A)), np.zeros(S, dtype=np.int8)
    for s in range(S):
        stage = K[:, s].copy()
        # Adding 0.0 makes floats of the integers, which are below 2^53.
        ok = correlated_equilibrium(stage + 0.0, n, stride, swaps, x[s])
        if ok and _largest_gain(_size_one(stage), n, stride, x[s], swaps) <= _ACCEPTED:
            method[s] = SIMPLEX
    return x, method


@compiled
def _largest_gain(U: FloatArray, n: IntArray, stride: IntArray, x: FloatArray, swaps: bool) -> float:
    largest = 0.0
    for i in range(len(n)):
        gain = np.zeros((n[i], n[i]))
        for a in range(U.shape[1]):
            k = (a // stride[i]) % n[i]
            for j in range(n[i]):
                gain[k, j] += x[a] * (U[i, a + (j - k) * stride[i]] - U[i, a])
        total, best = 0.0, -np.inf
        for j in range(n[i]):
            always, answer = 0.0, -np.inf
            for k in range(n[i]):
                always += gain[k, j]
                answer = max(answer, gain[j, k])
            total += answer
            best = max(best, always)
        largest = max(largest, total if swaps else best)
    return largest
