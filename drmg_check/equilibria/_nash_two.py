r"""NASH of two agents in floating point: condensed simplex if zero-sum, else lexicographic Lemke-Howson.

Payoffs are shifted to be positive. Zero-sum: ``max sum y, A y <= 1`` and its dual share one tableau, whose
final rows and columns give both strategies, up to the factor 1 / value. General-sum: the polytopes
``{x : B^T x <= 1}`` and ``{y : A y <= 1}`` are walked along the edges on which every label but one is
present (Lemke and Howson, 1964), ties in the ratio test being broken lexicographically by the columns
of the initial basis, so that the walk never repeats. Near ties can still misorder float ratios:
the caller measures the gap, tries the next label, and falls back on integers
(:mod:`drmg_check.equilibria._exact_bimatrix`).
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import pivot
from drmg_check.vocabulary import FloatArray

_TIE = 2.0**-40  # of quantities of order one
_STEPS = 10_000  # Lemke-Howson may walk exponentially long; the caller then tries another label


@compiled
def _normalised(x: FloatArray) -> FloatArray:
    """Divide by the sum, in place; nan if it is 0."""
    total = 0.0
    for k in range(len(x)):
        total += x[k]
    for k in range(len(x)):
        x[k] /= total
    return x


@compiled
def _positive(U: FloatArray) -> FloatArray:
    """Return payoffs moved to start at 1."""
    rows, columns = U.shape
    least = np.inf
    for k in range(rows):
        for j in range(columns):
            least = min(least, U[k, j])
    moved = np.empty((rows, columns))
    for k in range(rows):
        for j in range(columns):
            moved[k, j] = U[k, j] - least + 1.0
    return moved


@compiled
def zero_sum_equilibrium(U: FloatArray) -> tuple[bool, FloatArray, FloatArray]:
    """Return optimal strategies of the matrix game in which the row agent receives ``U[k, l]``.

    Bland's rule: no cycling. Payoffs should be scaled to size one.
    """
    rows, columns = U.shape
    T, positive = np.ones((rows + 1, columns + 1)), _positive(U)
    for j in range(columns):
        T[rows, j] = -1.0
        for i in range(rows):
            T[i, j] = positive[i, j]
    T[rows, columns] = 0.0
    basic, nonbasic = np.arange(columns, columns + rows), np.arange(columns)
    for _ in range(_STEPS):
        c = -1
        for j in range(columns):
            if T[rows, j] < -_TIE and (c < 0 or nonbasic[j] < nonbasic[c]):
                c = j
        if c < 0:
            x, y = np.zeros(rows), np.zeros(columns)
            for r in range(rows):
                if basic[r] < columns:
                    y[basic[r]] = max(T[r, columns], 0.0)
            for j in range(columns):
                if nonbasic[j] >= columns:
                    x[nonbasic[j] - columns] = max(T[rows, j], 0.0)
            return True, _normalised(x), _normalised(y)
        r, best = -1, np.inf
        for i in range(rows):
            if T[i, c] > _TIE:
                ratio = T[i, columns] / T[i, c]
                if ratio < best - _TIE or (ratio <= best + _TIE and basic[i] < basic[r]):
                    r, best = i, min(ratio, best)
        if r < 0:
            break
        pivot(T, r, c)
        basic[r], nonbasic[c] = nonbasic[c], basic[r]
    return False, np.zeros(rows), np.zeros(columns)


@compiled
def _enter(T: FloatArray, basis: np.ndarray, column: int, first_slack: int) -> int:
    """Bring ``column`` into the basis by the lexicographic ratio test; return what leaves, -1 if nothing."""
    rows, last = T.shape[0], T.shape[1] - 1
    r = -1
    for i in range(rows):
        if T[i, column] <= _TIE:
            continue
        if r < 0:
            r = i
            continue
        for k in range(-1, rows):  # the right-hand side, then the columns of the initial basis
            c = last if k < 0 else first_slack + k
            difference = T[i, c] / T[i, column] - T[r, c] / T[r, column]
            if difference < -_TIE:
                r = i
            if abs(difference) > _TIE:
                break
    if r < 0:
        return -1
    p = T[r, column]
    for c in range(last + 1):
        T[r, c] /= p
    for i in range(rows):
        factor = T[i, column]
        if i != r and factor != 0.0:
            for c in range(last + 1):
                T[i, c] -= factor * T[r, c]
    leaving = basis[r]
    basis[r] = column
    return int(leaving)


@compiled
def lemke_howson(A: FloatArray, B: FloatArray, label: int) -> tuple[bool, FloatArray, FloatArray]:
    """Return the equilibrium at the end of the path that starts by dropping ``label``.

    Parameters
    ----------
    A, B : array [rows, columns]
        Payoffs of the two agents, scaled to size one.
    label : int
        ``0 .. rows - 1`` the actions of the first agent, then those of the second.
    """
    rows, columns = A.shape
    n = rows + columns
    # Column l of either tableau is the variable with label l: x and the slacks of B^T x <= 1 in the
    # first, the slacks of A y <= 1 and y in the second.
    first, second = np.zeros((columns, n + 1)), np.zeros((rows, n + 1))
    own, other = _positive(A), _positive(B)
    for r in range(columns):
        first[r, rows + r], first[r, n] = 1.0, 1.0
        for k in range(rows):
            first[r, k] = other[k, r]
    for r in range(rows):
        second[r, r], second[r, n] = 1.0, 1.0
        for k in range(columns):
            second[r, rows + k] = own[r, k]
    basis_first, basis_second = np.arange(rows, n), np.arange(rows)
    entering, in_first, ended = label, label < rows, False
    for _ in range(_STEPS):
        if in_first:
            entering = _enter(first, basis_first, entering, rows)
        else:
            entering = _enter(second, basis_second, entering, 0)
        in_first = not in_first
        if entering < 0:
            break
        if entering == label:
            ended = True
            break
    x, y = np.zeros(rows), np.zeros(columns)
    for r in range(columns):
        if basis_first[r] < rows:
            x[basis_first[r]] = max(first[r, n], 0.0)
    for r in range(rows):
        if basis_second[r] >= rows:
            y[basis_second[r] - rows] = max(second[r, n], 0.0)
    return ended, _normalised(x), _normalised(y)
