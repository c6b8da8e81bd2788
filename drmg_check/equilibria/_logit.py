r"""The limiting logit equilibrium: homotopy along quantal response equilibria, then Newton on its support.

At precision ``lam`` every agent plays ``p_i(k) ~ q_i(k) exp(lam u_i(k, p_{-i}))`` for a prior q. From
``lam = 0``, where p = q, a path leads (generically) to a Nash equilibrium as ``lam`` grows (McKelvey and
Palfrey, 1995; Turocy, 2005). With the uniform prior the path, hence its limit, treats symmetric agents
and actions alike: no relabelling changes it. The unknowns are ``y = log p`` and ``lam``,

    y_i(k) - y_i(0) - lam (u_i(k) - u_i(0)) - log q_i(k) / q_i(0) = 0,    sum_k exp y_i(k) = 1,

followed by arc length: an Euler step along the tangent, then Newton back in the plane orthogonal to it.
"""

from __future__ import annotations

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import solve_in_place
from drmg_check.equilibria._nash_many import accepted, action_values, newton, pair_values, start_on
from drmg_check.vocabulary import FloatArray, IntArray

_STEPS = 3000
_CORRECTIONS = 12


@compiled
def _system(
    U: FloatArray, n: IntArray, stride: IntArray, prior: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the residual ``[N]`` and the Jacobian ``[N, N + 1]`` at ``y``, whose last entry is lam."""
    m, N = len(n), len(y) - 1
    lam = y[N]
    p, offset = np.zeros(prior.shape), np.zeros(m, dtype=np.int64)
    position = 0
    for i in range(m):
        offset[i] = position
        for k in range(n[i]):
            p[i, k] = np.exp(y[position])
            position += 1
    values, pairs = action_values(U, n, stride, p), pair_values(U, n, stride, p)
    F, J = np.zeros(N), np.zeros((N, N + 1))
    for i in range(m):
        first = offset[i]
        F[first] = p[i, : n[i]].sum() - 1.0
        for k in range(n[i]):
            J[first, first + k] = p[i, k]
        for k in range(1, n[i]):
            row = first + k
            difference = values[i, k] - values[i, 0]
            F[row] = y[row] - y[first] - lam * difference - np.log(prior[i, k] / prior[i, 0])
            J[row, row], J[row, first], J[row, N] = 1.0, -1.0, -difference
            for j in range(m):
                for other in range(n[j] if j != i else 0):
                    slope = pairs[i, k, j, other] - pairs[i, 0, j, other]
                    J[row, offset[j] + other] = -lam * slope * p[j, other]
    return F, J


@compiled
def _tangent(J: FloatArray, previous: FloatArray) -> tuple[bool, FloatArray]:
    """Return the unit null vector of J that points along ``previous``."""
    N = J.shape[0]
    M, t = np.empty((N + 1, N + 1)), np.zeros(N + 1)
    M[:N], M[N], t[N] = J, previous, 1.0
    ok = solve_in_place(M, t)
    return ok, t / np.sqrt((t * t).sum()) if ok else previous


@compiled
def _corrected(
    U: FloatArray, n: IntArray, stride: IntArray, prior: FloatArray, guess: FloatArray, t: FloatArray
) -> tuple[bool, FloatArray]:
    """Return to the path from ``guess`` in the plane orthogonal to the tangent."""
    y, N = guess.copy(), len(guess) - 1
    for _ in range(_CORRECTIONS):
        F, J = _system(U, n, stride, prior, y)
        M, b = np.empty((N + 1, N + 1)), np.zeros(N + 1)
        M[:N], M[N], b[:N] = J, t, -F
        if not solve_in_place(M, b):
            return False, y
        size = np.abs(b).max()
        if not size < 2.0:
            return False, y
        y += b
        if size < 1e-9:
            return True, y
    return False, y


@compiled
def _polished(
    U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray, tolerance: float
) -> tuple[bool, FloatArray]:
    """Solve exactly on the supports that p suggests; the start is rounded, for libm's exp may vary."""
    for threshold in (1e-2, 1e-4, 1e-7):
        support = p > threshold
        q = np.zeros(p.shape)
        for i in range(len(n)):
            for k in range(n[i]):
                if support[i, k]:
                    q[i, k] = np.rint(p[i, k] * 2.0**20) * 2.0**-20 + 2.0**-24
            q[i] /= q[i].sum()
        ok, found = accepted(U, n, stride, newton(U, n, stride, support, q), tolerance)
        if ok:
            return True, found
        ok, found = accepted(U, n, stride, q, tolerance)
        if ok:
            return True, found
    return False, p


@compiled
def logit_limit(
    U: FloatArray, n: IntArray, stride: IntArray, tolerance: float, variant: int
) -> tuple[bool, FloatArray]:
    """Return the equilibrium to which the path leads from the uniform (variant 0) or another fixed prior.

    Parameters
    ----------
    U : array [m, A]
        Payoffs scaled to size one.
    tolerance : float
        The gap up to which a point is accepted.
    """
    m, N = len(n), n.sum()
    everything = np.zeros((m, n.max()), dtype=np.bool_)
    for i in range(m):
        everything[i, : n[i]] = True
    prior = start_on(everything, n, variant)
    y, t = np.zeros(N + 1), np.zeros(N + 1)
    position = 0
    for i in range(m):
        for k in range(n[i]):
            y[position] = np.log(prior[i, k])
            position += 1
    t[N] = 1.0
    p, length, checked = prior.copy(), 0.1, 1.0
    for _ in range(_STEPS):
        _, J = _system(U, n, stride, prior, y)
        ok, t = _tangent(J, t)
        if not ok:
            break
        ok, guess = _corrected(U, n, stride, prior, y + length * t, t)
        if not ok or np.abs(guess - y).max() > 3.0 * length:
            length *= 0.5
            if length < 1e-10:
                break
            continue
        y = guess
        length = min(1.5 * length, 0.3 + 0.2 * abs(y[N]))
        if y[N] < -1.0:
            break
        if y[N] > checked:
            checked = 1.5 * y[N]
            position = 0
            for i in range(m):
                for k in range(n[i]):
                    p[i, k] = np.exp(y[position])
                    position += 1
            ok, found = _polished(U, n, stride, p, tolerance)
            if ok:
                return True, found
            if y[N] > 1e12:
                break
    return False, p
