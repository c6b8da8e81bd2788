r"""The point of least norm of a polyhedron ``N z >= b``: the dual active-set method for an identity Hessian.

Goldfarb and Idnani (1983): constraints that are violated are made to hold with equality one by one, dropping
those whose multipliers vanish on the way. The active rows are kept as ``N_active^T = Q R`` with orthonormal
Q, which a constraint that enters extends by a column and one that leaves costs a sweep of rotations. Rows
are kept by what is not zero in them: a unit row has one entry, a deviation of a correlated equilibrium
those of one recommendation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import dot, solve_in_place
from drmg_check.vocabulary import FloatArray, IntArray

# Rows are unit vectors: these are absolute and far above rounding, yet far below the accuracy that the
# caller checks.
_FEASIBLE = 2.0**-37
_INDEPENDENT = 2.0**-33


class Rows(NamedTuple):
    """Sparse rows of ``N z >= b``; row r holds the entries ``start[r]`` to ``start[r + 1]``."""

    start: IntArray
    column: IntArray
    value: FloatArray
    b: FloatArray


@compiled
def sparse_rows(N: FloatArray, b: FloatArray, count: int) -> Rows:
    """Return the first ``count`` rows of a matrix without their zeros."""
    start = np.zeros(count + 1, dtype=np.int64)
    for r in range(count):
        start[r + 1] = start[r]
        for a in range(N.shape[1]):
            start[r + 1] += N[r, a] != 0.0
    column, value = np.empty(start[count], dtype=np.int64), np.empty(start[count])
    for r in range(count):
        position = start[r]
        for a in range(N.shape[1]):
            if N[r, a] != 0.0:
                column[position], value[position] = a, N[r, a]
                position += 1
    return Rows(start, column, value, b[:count].copy())


@compiled
def _times(rows: Rows, r: int, z: FloatArray) -> float:
    """Return the inner product of row r and z, summed from the front."""
    total = 0.0
    for position in range(rows.start[r], rows.start[r + 1]):
        total += rows.value[position] * z[rows.column[position]]
    return total


@compiled
def project_origin(rows: Rows, equalities: int, z: FloatArray) -> bool:
    """Put into z, zeros on entry, the point of least norm, the first rows being equalities.

    Returns False where no point is feasible up to rounding, or the method lost its way.
    """
    k, count = len(z), 0
    Q, R = np.zeros((k + 1, k)), np.zeros((k + 1, k + 1))  # row i of Q is its column i
    active, u = np.zeros(k + 1, dtype=np.int64), np.zeros(k + 1)
    w, r, rest = np.zeros(k + 1), np.zeros(k + 1), np.zeros(k)
    for step in range(20 * len(rows.b) + 20):
        entering = step if step < equalities else _most_violated(rows, equalities, z)
        if entering < 0:
            return bool(_on_active_set(rows, active[:count], z))
        multiplier, added = 0.0, False
        while not added:
            norm2 = _split(rows, entering, Q, count, w, rest)
            _back_substitute(R, w, count, r)
            blocking, t_dual = _blocking(active[:count], equalities, r, u)
            t_primal = np.inf
            if norm2 > _INDEPENDENT and count < k:
                t_primal = (rows.b[entering] - _times(rows, entering, z)) / norm2
            elif entering < equalities:
                break  # depends on the equalities before it
            t = min(t_dual, t_primal)
            if t == np.inf:
                return False
            for j in range(count):
                u[j] -= t * r[j]
            multiplier += t
            if t_primal < np.inf:
                for a in range(k):
                    z[a] += t * rest[a]
            if t_primal <= t_dual:
                active[count], u[count], added = entering, multiplier, True
                _append(Q, R, count, w, rest, np.sqrt(norm2))
                count += 1
            else:
                count -= 1
                for j in range(blocking, count):
                    active[j], u[j] = active[j + 1], u[j + 1]
                _drop(Q, R, count, blocking)
    return False


@compiled
def _split(rows: Rows, entering: int, Q: FloatArray, count: int, w: FloatArray, rest: FloatArray) -> float:
    """Write row ``entering`` as ``Q w + rest``, the rest orthogonal to Q; return the square of its norm."""
    rest[:] = 0.0
    for position in range(rows.start[entering], rows.start[entering + 1]):
        rest[rows.column[position]] = rows.value[position]
    for i in range(count):
        w[i] = _times(rows, entering, Q[i])
    for i in range(count):
        for a in range(len(rest)):
            rest[a] -= w[i] * Q[i, a]
    for i in range(count):  # once more: twice is enough (Kahan)
        again = dot(Q[i], rest)
        w[i] += again
        for a in range(len(rest)):
            rest[a] -= again * Q[i, a]
    return float(dot(rest, rest))


@compiled
def _back_substitute(R: FloatArray, w: FloatArray, count: int, r: FloatArray) -> None:
    """Solve ``R r = w``: the row that entered is ``sum_j r_j N[active_j] + rest``."""
    for i in range(count - 1, -1, -1):
        total = w[i]
        for j in range(i + 1, count):
            total -= R[i, j] * r[j]
        r[i] = total / R[i, i]


@compiled
def _append(Q: FloatArray, R: FloatArray, count: int, w: FloatArray, rest: FloatArray, norm: float) -> None:
    for i in range(count):
        R[i, count] = w[i]
        R[count, i] = 0.0
    R[count, count] = norm
    for a in range(len(rest)):
        Q[count, a] = rest[a] / norm


@compiled
def _drop(Q: FloatArray, R: FloatArray, count: int, blocking: int) -> None:
    """Take a column out of R, of which ``count`` remain, and rotate it back to a triangle."""
    for j in range(blocking, count):
        for i in range(j + 2):
            R[i, j] = R[i, j + 1]
    for j in range(blocking, count):
        length = np.hypot(R[j, j], R[j + 1, j])
        c, s = R[j, j] / length, R[j + 1, j] / length
        for other in range(j, count):
            upper, lower = R[j, other], R[j + 1, other]
            R[j, other], R[j + 1, other] = c * upper + s * lower, c * lower - s * upper
        for a in range(Q.shape[1]):
            upper, lower = Q[j, a], Q[j + 1, a]
            Q[j, a], Q[j + 1, a] = c * upper + s * lower, c * lower - s * upper


@compiled
def _most_violated(rows: Rows, first: int, z: FloatArray) -> int:
    """Return the inequality that z violates most, -1 if it violates none."""
    worst, least = -1, -_FEASIBLE
    for row in range(first, len(rows.b)):
        excess = _times(rows, row, z) - rows.b[row]
        if excess < least:
            least, worst = excess, row
    return worst


@compiled
def _blocking(active: IntArray, equalities: int, r: FloatArray, u: FloatArray) -> tuple[int, float]:
    """Return the active inequality whose multiplier vanishes first along the step, and after how long."""
    blocking, t_dual = -1, np.inf
    for j in range(len(active)):
        if active[j] >= equalities and r[j] > _FEASIBLE and u[j] < t_dual * r[j]:
            blocking, t_dual = j, u[j] / r[j]
    return blocking, t_dual


@compiled
def _on_active_set(rows: Rows, active: IntArray, z: FloatArray) -> bool:
    """Recompute from the data the point of least norm on which all active constraints hold with equality."""
    count, row = len(active), np.zeros(len(z))
    gram, u = np.empty((count, count)), np.zeros(count)
    for i in range(count):
        u[i] = rows.b[active[i]]
        row[:] = 0.0
        for position in range(rows.start[active[i]], rows.start[active[i] + 1]):
            row[rows.column[position]] = rows.value[position]
        for j in range(count):
            gram[j, i] = _times(rows, active[j], row)
    ok = solve_in_place(gram, u)
    z[:] = 0.0
    for i in range(count):
        for position in range(rows.start[active[i]], rows.start[active[i] + 1]):
            z[rows.column[position]] += u[i] * rows.value[position]
    return bool(ok)
