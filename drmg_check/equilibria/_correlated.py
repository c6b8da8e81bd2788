r"""CCE and CE of largest welfare, and among those the most even one, in floating point.

The distribution x over joint actions solves ``max w.x`` subject to ``G x <= 0``, ``sum x = 1``, ``x >= 0``,
where w is the welfare and a row of G is the gain of one deviation of one agent. Two steps:

1. **Dual simplex**, started at the pure profile of largest welfare: there every reduced cost is
   ``w(a) - w(best) <= 0``, so no first phase is needed, and if nobody gains by deviating it is over.
2. **Gini tie-break**: where the optimum is not unique, ``min |x|^2`` over the optimal face, which is
   described by what the final tableau forces to zero. The minimiser is unique and does not depend on
   labels (:mod:`drmg_check.equilibria._least_norm`).

Vertices are recomputed from the data in their final basis. Neither step is trusted: the caller measures
the gap and falls back on the exact version (:mod:`drmg_check.equilibria._exact_correlated`).
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._least_norm import project_origin, sparse_rows
from drmg_check.equilibria._linear_algebra import dot, pivot, solve_in_place
from drmg_check.vocabulary import FloatArray, IntArray

# Rows have largest entry in [1/2, 1), x sums to 1: these are absolute and far above rounding (2^-53 per
# operation) yet far below the accuracy that the caller checks.
_FEASIBLE = 2.0**-37
_PIVOT = 2.0**-33
_UNIQUE = 2.0**-30  # reduced costs above minus this may belong to another optimum
_ZERO = 2.0**-44  # and surely do where rounding explains them; between the two small games go to fractions
_EXACTLY = 64  # joint actions: a moment


@compiled
def deviation_rows(U: FloatArray, n: IntArray, stride: IntArray, swaps: bool) -> FloatArray:
    """Return G with ``(G x)_r`` the gain of deviation r, each row scaled by a power of two to size one.

    Parameters
    ----------
    U : array [m, A]
    n, stride : int array [m]
    swaps : bool
        CE, one row for each agent, recommendation and answer; else CCE, one for each agent and action.
    """
    m, A = U.shape
    R = 0
    for i in range(m):
        R += n[i] * (n[i] - 1) if swaps else n[i]
    G = np.zeros((R, A))
    r = 0
    for i in range(m):
        for j in range(n[i]):
            for k in range(n[i] if swaps else 1):
                if swaps and k == j:
                    continue
                size = 0.0
                for a in range(A):
                    played = (a // stride[i]) % n[i]
                    if not swaps or played == k:
                        G[r, a] = U[i, a + (j - played) * stride[i]] - U[i, a]
                        size = max(size, abs(G[r, a]))
                factor = power_of_two_below_reciprocal(size)
                for a in range(A):
                    G[r, a] *= factor
                r += 1
    return G


@compiled
def power_of_two_below_reciprocal(size: float) -> float:
    """Return the power of two t with ``1/2 <= t size < 1``; 1 for size 0."""
    t = 1.0
    while t * size >= 1.0:
        t *= 0.5
    while size > 0.0 and t * size < 0.5:
        t *= 2.0
    return t


@compiled
def welfare_optimum(w: FloatArray, G: FloatArray, start: int) -> tuple[bool, FloatArray, IntArray, IntArray]:
    """Run the dual simplex from the pure profile ``start`` of largest welfare.

    Returns
    -------
    ok : bool
    T : array [R + 2, A]
        The final tableau; the last row holds the reduced costs of the nonbasic variables, <= 0.
    basic, nonbasic : int arrays
        Variables: ``a < A`` is x(a), ``A + r`` the slack of row r.
    """
    R, A = G.shape
    T = np.ones((R + 2, A))
    basic, nonbasic = np.arange(A, A + R + 1), np.arange(A - 1)
    basic[R] = start
    for c in range(A - 1):
        a = c if c < start else c + 1
        nonbasic[c] = a
        for r in range(R):
            T[r, c] = G[r, a] - G[r, start]
        T[R + 1, c] = w[a] - w[start]
    for r in range(R):
        T[r, A - 1] = -G[r, start]
    for _ in range(50 * (R + A)):
        leaving, least = -1, -_FEASIBLE
        for r in range(R + 1):
            if T[r, A - 1] < least:
                leaving, least = r, T[r, A - 1]
        if leaving < 0:
            return True, T, basic, nonbasic
        entering, ratio, size = -1, np.inf, 0.0
        for c in range(A - 1):
            entry = T[leaving, c]
            if entry < -_PIVOT:
                step = min(T[R + 1, c], 0.0) / entry
                if step < ratio - _FEASIBLE or (step <= ratio + _FEASIBLE and -entry > size):
                    entering, ratio, size = c, min(step, ratio), -entry
        if entering < 0:
            break
        pivot(T, leaving, entering)
        basic[leaving], nonbasic[entering] = nonbasic[entering], basic[leaving]
    return False, T, basic, nonbasic


@compiled
def vertex(G: FloatArray, basic: IntArray, nonbasic: IntArray, x: FloatArray) -> bool:
    """Solve for x in a basis: its nonbasic slacks are zero and x sums to 1."""
    A = len(x)
    k = 0
    for v in basic:
        k += v < A
    M, b = np.ones((k, k)), np.zeros(k)
    b[k - 1] = 1.0
    row = 0
    for v in nonbasic:
        if v >= A:
            c = 0
            for a in basic:
                if a < A:
                    M[row, c] = G[v - A, a]
                    c += 1
            row += 1
    ok = solve_in_place(M, b)
    c = 0
    for a in basic:
        if a < A:
            x[a] = b[c]
            c += 1
    return bool(ok)


@compiled
def most_even(G: FloatArray, T: FloatArray, nonbasic: IntArray, x: FloatArray) -> bool:
    """Put into x the point of least norm on the optimal face that the reduced costs in T describe."""
    R, A = G.shape
    forced = np.zeros(A + R, dtype=np.bool_)  # variables that are zero in every optimum
    for c in range(A - 1):
        forced[nonbasic[c]] = T[R + 1, c] < -_UNIQUE
    N, b = np.zeros((1 + R + A, A)), np.zeros(1 + R + A)  # unit rows of N x >= b, equalities first
    used = 0
    b[0] = 1.0
    for a in range(A):
        N[0, a] = 0.0 if forced[a] else 1.0
    used += _normalised(N, b, used)
    for wanted in (True, False):
        for r in range(R):
            if forced[A + r] == wanted:
                for a in range(A):
                    N[used, a] = 0.0 if forced[a] else -G[r, a]
                used += _normalised(N, b, used)
        if wanted:
            equalities = used
    for a in range(A):
        if not forced[a]:
            for other in range(A):
                N[used, other] = 1.0 if other == a else 0.0
            used += 1
    return bool(project_origin(sparse_rows(N, b, used), equalities, x))


@compiled
def _normalised(N: FloatArray, b: FloatArray, row: int) -> int:
    """Scale one constraint to a unit row; return 0 if it is empty, else 1."""
    norm = np.sqrt(dot(N[row], N[row]))
    if norm == 0.0:
        return 0
    for a in range(N.shape[1]):
        N[row, a] /= norm
    b[row] /= norm
    return 1


@compiled
def correlated_equilibrium(U: FloatArray, n: IntArray, stride: IntArray, swaps: bool, x: FloatArray) -> bool:
    """Put into x the CCE (with ``swaps``, the CE) of one stage game; False if a step lost its way.

    Parameters
    ----------
    U : array [m, A]
        Payoffs on a grid, of any size.
    x : array [A]
        Zeros on entry.
    """
    m, A = U.shape
    w, best, lowest = np.zeros(A), 0, 0
    for a in range(A):
        for i in range(m):
            w[a] += U[i, a]
        best = a if w[a] > w[best] else best
        lowest = a if w[a] < w[lowest] else lowest
    factor = power_of_two_below_reciprocal(w[best] - w[lowest])
    for a in range(A):
        w[a] *= factor
    G = deviation_rows(U, n, stride, swaps)
    ok, T, basic, nonbasic = welfare_optimum(w, G, best)
    if not ok:
        return False
    unique = True
    for c in range(A - 1):
        cost = T[len(G) + 1, c]
        unique = unique and cost < -_UNIQUE
        if A <= _EXACTLY and -_UNIQUE <= cost < -_ZERO:  # payoffs of very different sizes
            return False
    ok = vertex(G, basic, nonbasic, x) if unique else most_even(G, T, nonbasic, x)
    total = 0.0
    for a in range(A):
        x[a] = max(x[a], 0.0)
        total += x[a]
    for a in range(A):
        x[a] /= total
    return bool(ok)
