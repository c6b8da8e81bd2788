"""Small dense linear systems and sorting, in a fixed order of operations."""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.vocabulary import Array, FloatArray, IntArray


@compiled
def dot(left: FloatArray, right: FloatArray) -> float:
    """Return the inner product, summed from the front."""
    total = 0.0
    for k in range(len(left)):
        total += left[k] * right[k]
    return total


@compiled
def solve_in_place(M: FloatArray, b: FloatArray) -> bool:
    """Solve ``M x = b`` by Gaussian elimination with partial pivoting; ``x`` replaces ``b``.

    Returns False, leaving both undefined, when a pivot falls below ``2^-40`` of the largest entry: the
    callers solve systems whose entries are of order one and want no solution of a singular one.
    """
    n = len(b)
    smallest = 0.0
    for i in range(n):
        for j in range(n):
            smallest = max(smallest, 2.0**-40 * abs(M[i, j]))
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(M[i, k]) > abs(M[p, k]):
                p = i
        if not abs(M[p, k]) > smallest:
            return False
        if p != k:
            for j in range(n):
                M[k, j], M[p, j] = M[p, j], M[k, j]
            b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            factor = M[i, k] / M[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    M[i, j] -= factor * M[k, j]
                b[i] -= factor * b[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            b[k] -= M[k, j] * b[j]
        b[k] /= M[k, k]
    return True


@compiled
def least_squares_step(M: FloatArray, b: FloatArray) -> bool:
    """Solve ``(M^T M + mu I) x = M^T b`` with a tiny mu; ``x`` replaces ``b``.

    For a singular but consistent system that is nearly its solution of least norm, off by a factor
    ``mu / sigma^2`` in the direction of each singular value, which a few repetitions remove.
    """
    n = len(b)
    normal, right, largest = np.zeros((n, n)), np.zeros(n), 0.0
    for i in range(n):
        for k in range(n):
            right[i] += M[k, i] * b[k]
            for j in range(n):
                normal[i, j] += M[k, i] * M[k, j]
        largest = max(largest, normal[i, i])
    for i in range(n):
        # mu keeps pivots above the 2^-40 of the largest entry below which solve_in_place refuses them
        normal[i, i] += 2.0**-36 * largest
        b[i] = right[i]
    return bool(solve_in_place(normal, b))


@compiled
def pivot(T: FloatArray, r: int, c: int) -> None:
    """Exchange the basic variable of row r for the nonbasic one of column c in a condensed tableau."""
    p = T[r, c]
    for j in range(T.shape[1]):
        T[r, j] /= p
    for i in range(T.shape[0]):
        factor = T[i, c]
        if i != r and factor != 0.0:
            for j in range(T.shape[1]):
                T[i, j] -= factor * T[r, j]
            T[i, c] = -factor / p
    T[r, c] = 1.0 / p


@compiled
def sorted_order(keys: Array, count: int) -> IntArray:
    """Return the indices that sort the first ``count`` keys, equal ones in the order given."""
    order = np.arange(count)
    for i in range(1, count):
        index, j = order[i], i
        while j > 0 and keys[order[j - 1]] > keys[index]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = index
    return order
