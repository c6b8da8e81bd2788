r"""CCE and CE of largest welfare, and among those the most even one, in floating point.

The distribution x over joint actions solves ``max w.x`` subject to ``G x <= 0``, ``sum x = 1``, ``x >= 0``,
where w is the welfare and a row of G is the gain of one deviation of one agent. Two steps:

1. **Dual simplex**, started at the pure profile of largest welfare: there every reduced cost is
   ``w(a) - w(best) <= 0``, so no first phase is needed, and if nobody gains by deviating it is over.
2. **Gini tie-break**: where the optimum is not unique, ``min |x|^2`` over the optimal face, which is
   described by what the final tableau forces to zero. The minimiser is unique and does not depend on
   labels. It is found by the dual active-set method of Goldfarb and Idnani (1983) for an identity Hessian.

Vertices are recomputed from the data in their final basis. Neither step is trusted: the caller measures
the gap and falls back on the exact version (:mod:`drmg_check.equilibria._exact_correlated`).
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import pivot, solve_in_place
from drmg_check.vocabulary import FloatArray, IntArray

# Rows have largest entry in [1/2, 1), x sums to 1: these are absolute and far above rounding (2^-53 per
# operation) yet far below the accuracy that the caller checks.
_FEASIBLE = 2.0**-37
_PIVOT = 2.0**-33
_UNIQUE = 2.0**-30  # reduced costs above minus this may belong to another optimum


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
                if size > 0.0:
                    G[r] *= power_of_two_below_reciprocal(size)
                r += 1
    return G


@compiled
def power_of_two_below_reciprocal(size: float) -> float:
    """Return the power of two t with ``1/2 <= t size < 1``."""
    t = 1.0
    while t * size >= 1.0:
        t *= 0.5
    while t * size < 0.5:
        t *= 2.0
    return t


@compiled
def welfare_optimum(w: FloatArray, G: FloatArray, start: int) -> tuple[bool, FloatArray, IntArray, IntArray]:
    """Run the dual simplex from the pure profile ``start`` of largest welfare.

    Returns
    -------
    ok : bool
    reduced : array [A - 1]
        Reduced costs of the nonbasic variables, <= 0.
    basic, nonbasic : int arrays
        Variables: ``a < A`` is x(a), ``A + r`` the slack of row r.
    """
    R, A = G.shape
    T = np.empty((R + 2, A))
    basic, nonbasic = np.empty(R + 1, dtype=np.int64), np.empty(A - 1, dtype=np.int64)
    for r in range(R):
        basic[r] = A + r
    basic[R] = start
    c = 0
    for a in range(A):
        if a != start:
            nonbasic[c] = a
            for r in range(R):
                T[r, c] = G[r, a] - G[r, start]
            T[R, c] = 1.0
            T[R + 1, c] = w[a] - w[start]
            c += 1
    T[:R, A - 1] = -G[:, start]
    T[R, A - 1] = 1.0
    T[R + 1, A - 1] = -w[start]
    for _ in range(50 * (R + A)):
        leaving, least = -1, -_FEASIBLE
        for r in range(R + 1):
            if T[r, A - 1] < least:
                leaving, least = r, T[r, A - 1]
        if leaving < 0:
            return True, T[R + 1, : A - 1], basic, nonbasic
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
    return False, T[R + 1, : A - 1], basic, nonbasic


@compiled
def vertex(G: FloatArray, basic: IntArray, nonbasic: IntArray) -> tuple[bool, FloatArray]:
    """Solve for x in a basis: its nonbasic slacks are zero and x sums to 1."""
    A = G.shape[1]
    profiles, tight = basic[basic < A], nonbasic[nonbasic >= A] - A
    k = len(profiles)
    M, b = np.ones((k, k)), np.zeros(k)
    b[k - 1] = 1.0
    for row in range(k - 1):
        for c in range(k):
            M[row, c] = G[tight[row], profiles[c]]
    x = np.zeros(A)
    ok = solve_in_place(M, b)
    if ok:
        x[profiles] = b
    return ok, x


@compiled
def most_even(G: FloatArray, reduced: FloatArray, nonbasic: IntArray) -> tuple[bool, FloatArray]:
    """Return the point of least norm on the optimal face that the reduced costs describe."""
    R, A = G.shape
    allowed, equality = np.ones(A, dtype=np.bool_), np.zeros(R, dtype=np.bool_)
    for c in range(A - 1):
        if reduced[c] < -_UNIQUE:
            if nonbasic[c] < A:
                allowed[nonbasic[c]] = False
            else:
                equality[nonbasic[c] - A] = True
    free = np.flatnonzero(allowed)
    k = len(free)
    equalities = 1 + equality.sum()
    N = np.zeros((1 + R + k, k))  # constraints N z >= b as rows, equalities first
    N[0] = 1.0 / np.sqrt(float(k))
    used = 1
    for wanted in (True, False):
        for r in range(R):
            if equality[r] == wanted:
                for c in range(k):
                    N[used, c] = -G[r, free[c]]
                norm = np.sqrt((N[used] * N[used]).sum())
                if norm > 0.0:
                    N[used] /= norm
                    used += 1
                elif wanted:
                    equalities -= 1
    for c in range(k):
        N[used + c, c] = 1.0
    b = np.zeros(used + k)
    b[0] = N[0, 0]
    ok, z = _project_origin(N[: used + k], b, equalities)
    x = np.zeros(A)
    x[free] = z
    return ok, x


@compiled
def _project_origin(N: FloatArray, b: FloatArray, equalities: int) -> tuple[bool, FloatArray]:
    """Return the point of least norm with ``N z >= b``, the first rows with equality (unit rows)."""
    rows, k = N.shape
    z, active, u = np.zeros(k), np.zeros(0, dtype=np.int64), np.zeros(0)
    settled = False
    for step in range(20 * rows + 20):
        entering = step if step < equalities else -1
        if entering < 0:
            least = -_FEASIBLE
            for r in range(equalities, rows):
                excess = (N[r] * z).sum() - b[r]
                if excess < least:
                    least, entering = excess, r
        if entering < 0:
            settled = True
            break
        multiplier = 0.0
        while True:
            ok, r_coefficients, direction = _step_direction(N, active, entering)
            if not ok:
                return False, z
            blocking, t_dual = -1, np.inf
            for j in range(len(active)):
                if active[j] >= equalities and r_coefficients[j] > _FEASIBLE:
                    t = u[j] / r_coefficients[j]
                    if t < t_dual:
                        blocking, t_dual = j, t
            norm2 = (direction * direction).sum()
            t_primal = np.inf
            if norm2 > _PIVOT:
                t_primal = (b[entering] - (N[entering] * z).sum()) / norm2
            elif step < equalities:
                break  # depends on the equalities before it
            t = min(t_dual, t_primal)
            if t == np.inf:
                return False, z
            u = u - t * r_coefficients
            multiplier += t
            if t_primal < np.inf:
                z = z + t * direction
            if t == t_primal:
                active, u = np.append(active, entering), np.append(u, multiplier)
                break
            keep = np.arange(len(active)) != blocking
            active, u = active[keep], u[keep]
    ok, z = _on_active_set(N, b, active)
    return ok and settled, z


@compiled
def _step_direction(N: FloatArray, active: IntArray, entering: int) -> tuple[bool, FloatArray, FloatArray]:
    """Split row ``entering`` into a combination of the active rows and the rest."""
    q = len(active)
    gram, r = np.empty((q, q)), np.empty(q)
    for i in range(q):
        r[i] = (N[active[i]] * N[entering]).sum()
        for j in range(q):
            gram[i, j] = (N[active[i]] * N[active[j]]).sum()
    ok = solve_in_place(gram, r)
    rest = N[entering].copy()
    for i in range(q):
        rest -= r[i] * N[active[i]]
    return ok, r, rest


@compiled
def _on_active_set(N: FloatArray, b: FloatArray, active: IntArray) -> tuple[bool, FloatArray]:
    """Recompute the point of least norm on which all active constraints hold with equality."""
    q = len(active)
    gram, u = np.empty((q, q)), b[active]
    for i in range(q):
        for j in range(q):
            gram[i, j] = (N[active[i]] * N[active[j]]).sum()
    ok = solve_in_place(gram, u)
    z = np.zeros(N.shape[1])
    for i in range(q):
        z += u[i] * N[active[i]]
    return ok, z


@compiled
def correlated_equilibrium(
    U: FloatArray, n: IntArray, stride: IntArray, swaps: bool
) -> tuple[bool, FloatArray]:
    """Return the CCE (with ``swaps``, the CE) of one stage game, or False if a step lost its way.

    Parameters
    ----------
    U : array [m, A]
        Payoffs on a grid, of any size.
    """
    A = U.shape[1]
    w = np.zeros(A)
    for i in range(U.shape[0]):
        w += U[i]
    w -= w.max()
    if w.min() < 0.0:
        w *= power_of_two_below_reciprocal(-w.min())
    G = deviation_rows(U, n, stride, swaps)
    ok, reduced, basic, nonbasic = welfare_optimum(w, G, int(np.argmax(w)))
    if not ok:
        return False, np.zeros(A)
    unique = True
    for c in range(A - 1):
        unique = unique and reduced[c] < -_UNIQUE
    ok, x = vertex(G, basic, nonbasic) if unique else most_even(G, reduced, nonbasic)
    if ok:
        x = np.maximum(x, 0.0)
        x /= x.sum()
    return ok, x
