r"""NASH of three or more agents in floating point: a system of polynomials for each support, by Newton.

On a support the unknowns are the probabilities ``p_i(k)`` and the values ``v_i``; the equations say that
every action in the support earns ``v_i`` and that probabilities sum to 1:

    u_i(k, p_{-i}) - v_i = 0,   sum_k p_i(k) - 1 = 0.

A solution with p >= 0 at which nobody gains by deviating is an equilibrium, whatever found it. Supports
are tried from small to large; one is skipped when some action of it is beaten by another against every
play of the other supports, or when an agent has more actions to make equal than the others have
freedom to do so (which generic games rule out).
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import least_squares_step, solve_in_place
from drmg_check.vocabulary import FloatArray, IntArray

_NEWTON_STEPS = 40  # in 48 random games of two and three agents nine of ten that converged needed 16 or fewer
_SINGULAR_STEPS = 6
_AWAY = 1e3  # a Newton step that leaves the unit cube so far does not come back
_SETTLED = 2.0**-40  # the next step, quadratically smaller, is below rounding
_GOLDEN = 0.6180339887498949  # its multiples modulo 1 are the most evenly spread


@compiled
def action_values(U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray) -> FloatArray:
    """Return ``u_i(k, p_{-i})`` for every agent and action, ``[m, max n]``."""
    m, A = U.shape
    values = np.zeros(p.shape)
    for a in range(A):
        for i in range(m):
            weight = 1.0
            for j in range(m):
                if j != i:
                    weight *= p[j, (a // stride[j]) % n[j]]
            values[i, (a // stride[i]) % n[i]] += weight * U[i, a]
    return values


@compiled
def product_gap(U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray) -> float:
    """Return the largest gain of any agent by deviating from the mixed profile p."""
    values = action_values(U, n, stride, p)
    gap = 0.0
    for i in range(len(n)):
        best, obeying = -np.inf, 0.0
        for k in range(n[i]):
            best = max(best, values[i, k])
            obeying += p[i, k] * values[i, k]
        gap = max(gap, best - obeying)
    return gap


@compiled
def pair_values(U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray) -> FloatArray:
    """Return ``u_i(k, l; p_{-ij})``, the derivative of ``u_i(k, p_{-i})`` in ``p_j(l)``; ``[i, k, j, l]``."""
    m, A = U.shape
    width = p.shape[1]
    pairs = np.zeros((m, width, m, width))
    for a in range(A):
        for i in range(m):
            k = (a // stride[i]) % n[i]
            for j in range(m):
                if j == i:
                    continue
                weight = 1.0
                for other in range(m):
                    if other != i and other != j:
                        weight *= p[other, (a // stride[other]) % n[other]]
                pairs[i, k, j, (a // stride[j]) % n[j]] += weight * U[i, a]
    return pairs


@compiled
def newton(
    U: FloatArray, n: IntArray, stride: IntArray, support: np.ndarray, p: FloatArray, shortest: int
) -> FloatArray:
    """Return where Newton's method leads from p on a support; zero where it breaks down.

    Where the system is singular (a continuum of solutions, or none) the shortest step is taken, up to
    ``shortest`` times.

    Parameters
    ----------
    support : bool array [m, max n]
        Where p may be positive; p is zero elsewhere.
    """
    where = np.full(p.shape, -1, dtype=np.int64)
    N = 0
    for i in range(len(n)):
        for k in range(n[i]):
            if support[i, k]:
                where[i, k] = N
                N += 1
    p = p.copy()
    settled, singular = 0, 0
    for _ in range(_NEWTON_STEPS):
        M, b = _equations(U, n, stride, where, p)
        original, residual = M.copy(), b.copy()
        if not solve_in_place(M, b):
            singular += 1
            if singular > shortest or not least_squares_step(original, residual):
                return np.zeros(p.shape)
            b = residual
        step = 0.0
        for row in range(N):
            step = max(step, abs(b[row]))
        if not step < _AWAY:
            return np.zeros(p.shape)
        damping = min(1.0, 1.0 / step)
        for i in range(len(n)):
            for k in range(n[i]):
                if where[i, k] >= 0:
                    p[i, k] += damping * b[where[i, k]]
        settled = settled + 1 if step < _SETTLED else 0
        if settled == 2:
            break
    return p


@compiled
def _equations(
    U: FloatArray, n: IntArray, stride: IntArray, where: IntArray, p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return Newton's system at p: its matrix, and minus the residual of every equation.

    ``where`` numbers the unknown probabilities, -1 off the support; the values of the agents come after.
    """
    m, N = len(n), where.max() + 1
    values, pairs = action_values(U, n, stride, p), pair_values(U, n, stride, p)
    M, b = np.zeros((N + m, N + m)), np.zeros(N + m)
    for i in range(m):
        total = 0.0
        for k in range(n[i]):
            row = where[i, k]
            if row < 0:
                continue
            total += p[i, k]
            b[row] = -values[i, k]
            M[row, N + i] = -1.0
            M[N + i, row] = 1.0
            for j in range(m):
                for other in range(n[j]):
                    if j != i and where[j, other] >= 0:
                        M[row, where[j, other]] = pairs[i, k, j, other]
        b[N + i] = 1.0 - total
    return M, b


@compiled
def accepted(
    U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray, tolerance: float
) -> tuple[bool, FloatArray]:
    """Clip and normalise p, and say whether its gap, recomputed there, is within the tolerance."""
    q = np.zeros(p.shape)
    for i in range(len(n)):
        total, least = 0.0, 0.0
        for k in range(n[i]):
            q[i, k] = max(p[i, k], 0.0)
            total += q[i, k]
            least = min(least, p[i, k])
        if not (total > 0.5 and least > -1e-6):  # far from a distribution; the gap judges the others
            return False, q
        for k in range(n[i]):
            q[i, k] /= total
    return product_gap(U, n, stride, q) <= tolerance, q


@compiled
def start_on(support: np.ndarray, n: IntArray, t: int) -> FloatArray:
    """Return the t-th fixed starting point on a support: uniform first, then low-discrepancy weights."""
    p = np.zeros(support.shape)
    position = 0
    for i in range(len(n)):
        total = 0.0
        for k in range(n[i]):
            if support[i, k]:
                position += 1
                # 0.05 keeps the start off the faces
                p[i, k] = 1.0 if t == 0 else 0.05 + (_GOLDEN * (t * 7 + 1) * position) % 1.0
                total += p[i, k]
        for k in range(n[i]):
            p[i, k] /= total
    return p


@compiled
def _hopeless(U: FloatArray, n: IntArray, stride: IntArray, support: np.ndarray) -> bool:
    """Whether the support is too unbalanced, or some action of it is dominated against the others."""
    m, A = U.shape
    own, freedom = np.zeros(m, dtype=np.int64), 0
    for i in range(m):
        own[i] = -1
        for k in range(n[i]):
            own[i] += support[i, k]
        freedom += own[i]
    for i in range(m):
        if own[i] > freedom - own[i]:
            return True
    reached = np.zeros(A, dtype=np.bool_)
    for i in range(m):
        for a in range(A):
            reached[a] = (a // stride[i]) % n[i] == 0
            for j in range(m):
                reached[a] = reached[a] and (j == i or support[j, (a // stride[j]) % n[j]])
        for k in range(n[i]):
            if not support[i, k]:
                continue
            for better in range(n[i]):
                dominated = better != k
                for a in range(A):
                    if dominated and reached[a]:
                        dominated = U[i, a + better * stride[i]] > U[i, a + k * stride[i]]
                if dominated:
                    return True
    return False


@compiled
def _unrank(code: int, n: IntArray, support: np.ndarray) -> int:
    """Write the support with this code, a number in the mixed radix ``2^n_i - 1``; return its size."""
    size = 0
    for i in range(len(n)):
        radix = (1 << n[i]) - 1
        bits = code % radix + 1
        code //= radix
        for k in range(n[i]):
            support[i, k] = (bits >> k) & 1
            size += (bits >> k) & 1
    return size


@compiled
def count_supports(n: IntArray) -> float:
    """Return how many combinations of nonempty supports there are, as a float, which does not overflow."""
    count = 1.0
    for i in range(len(n)):
        count *= 2.0 ** n[i] - 1.0
    return count


@compiled
def _restricted(
    U: FloatArray, n: IntArray, stride: IntArray, support: np.ndarray
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the game on a support: what is not played costs nothing there, and changes no sum."""
    m = len(n)
    counts, strides = np.zeros(m, dtype=np.int64), np.ones(m, dtype=np.int64)
    kept = np.zeros(support.shape, dtype=np.int64)
    for i in range(m):
        for k in range(n[i]):
            if support[i, k]:
                kept[i, counts[i]] = k
                counts[i] += 1
    for i in range(m - 2, -1, -1):
        strides[i] = strides[i + 1] * counts[i + 1]
    small = np.empty((m, strides[0] * counts[0]))
    for a in range(small.shape[1]):
        old = 0
        for j in range(m):
            old += kept[j, (a // strides[j]) % counts[j]] * stride[j]
        for i in range(m):
            small[i, a] = U[i, old]
    return small, counts, strides


@compiled
def _solved_on(
    U: FloatArray, n: IntArray, stride: IntArray, support: np.ndarray, starts: IntArray, tolerance: float
) -> tuple[bool, FloatArray]:
    """Return the first equilibrium to which Newton's method leads on a support from these starts."""
    small, counts, strides = _restricted(U, n, stride, support)
    everything = np.zeros((len(n), counts.max()), dtype=np.bool_)
    for i in range(len(n)):
        for k in range(counts[i]):
            everything[i, k] = True
    p = np.zeros(support.shape)
    for t in starts:
        q = newton(small, counts, strides, everything, start_on(everything, counts, t), _SINGULAR_STEPS)
        for i in range(len(n)):
            position = 0
            for k in range(n[i]):
                p[i, k] = 0.0
                if support[i, k]:
                    p[i, k] = q[i, position]
                    position += 1
        ok, equilibrium = accepted(U, n, stride, p, tolerance)
        if ok:
            return True, equilibrium
    return False, p


@compiled
def search_supports(
    U: FloatArray, n: IntArray, stride: IntArray, tolerance: float, starts: IntArray, thorough: bool
) -> tuple[bool, FloatArray]:
    """Return the first equilibrium found, supports ordered by size and then by code.

    Parameters
    ----------
    U : array [m, A]
        Payoffs scaled to size one.
    tolerance : float
        The gap up to which a point is accepted.
    starts : int array
        Numbers of the starting points that are tried on each support.
    thorough : bool
        Try the hopeless supports too: in degenerate games Newton's method on a support that is too large may
        end at an equilibrium on a part of it, which no regular system describes.
    """
    m, width = len(n), n.max()
    count = int(count_supports(n))
    p, support = np.zeros((m, width)), np.zeros((m, width), dtype=np.bool_)
    sizes = np.empty(count, dtype=np.int64)
    for code in range(count):
        sizes[code] = _unrank(code, n, support)
    for size in range(m + 1, n.sum() + 1):
        for code in range(count):
            if sizes[code] != size:
                continue
            _unrank(code, n, support)
            if thorough or not _hopeless(U, n, stride, support):
                ok, p = _solved_on(U, n, stride, support, starts, tolerance)
                if ok:
                    return True, p
    return False, p
