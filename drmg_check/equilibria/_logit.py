r"""The limiting logit equilibrium: homotopy along quantal response equilibria, then Newton on its support.

At precision ``lam`` every agent plays ``p_i(k) ~ q_i(k) exp(lam u_i(k, p_{-i}))`` for a prior q. From
``lam = 0``, where p = q, a path leads (generically) to a Nash equilibrium as ``lam`` grows (McKelvey and
Palfrey, 1995; Turocy, 2005). With the uniform prior the path, hence its limit, treats symmetric agents
and actions alike: no relabelling changes it. The unknowns are ``y = log p`` and ``lam``,

    y_i(k) - y_i(0) - lam (u_i(k) - u_i(0)) - log q_i(k) / q_i(0) = 0,    sum_k exp y_i(k) = 1,

followed by arc length: an Euler step along the tangent, then Newton back in the plane orthogonal to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.equilibria._linear_algebra import dot, solve_in_place
from drmg_check.equilibria._nash_many import accepted, action_values, newton, pair_values, start_on
from drmg_check.vocabulary import FloatArray, IntArray

# None of these limits the accuracy of what is returned: its gap is computed anew and decides.
_STEPS = 3000  # along the path; 48 random games of two and three agents needed at most 143
_NEAR = 1e-9  # the last Newton step at which a point counts as on the path
_SHORTEST = 1e-10  # a step at which the path counts as lost
_CORRECTIONS = 12  # Newton steps; of 1,270 returns to the path in those games one needed more than seven
_SUPPORTS = (1e-2, 1e-4, 1e-7)  # probabilities from which on an action may be in the support
_GRID = 2.0**-20  # starts are rounded to it, coarse enough to hide the last bits of any exp
_LIFT = 2.0**-24  # and lifted off zero
_FIRST_LENGTH = 0.1  # of the Euler steps
_GROWTH = 1.5  # of an Euler step that came back to the path, and of lam between two tries to polish
_END = 2.0**37  # the gap is at most log(n) / lam here, and Newton's pivots stay above their threshold


class Homotopy(NamedTuple):
    """The game whose path is followed, and the profile from which it starts."""

    U: FloatArray  # [m, A]
    n: IntArray  # [m]
    stride: IntArray  # [m]
    prior: FloatArray  # [m, max n]


@compiled
def _profile(n: IntArray, y: FloatArray, p: FloatArray) -> None:
    """Write ``exp y`` into the mixed profile p."""
    position = 0
    for i in range(len(n)):
        for k in range(n[i]):
            p[i, k] = np.exp(y[position])
            position += 1


@compiled
def _system(path: Homotopy, y: FloatArray, F: FloatArray, M: FloatArray) -> None:
    """Write the residual into ``F[:N]`` and the Jacobian into ``M[:N]``; the last entry of y is lam."""
    U, n, stride, prior = path.U, path.n, path.stride, path.prior
    m, N = len(n), len(y) - 1
    lam = y[N]
    p, offset = np.zeros(prior.shape), np.zeros(m, dtype=np.int64)
    _profile(n, y, p)
    for i in range(m - 1):
        offset[i + 1] = offset[i] + n[i]
    values, pairs = action_values(U, n, stride, p), pair_values(U, n, stride, p)
    for row in range(N):
        for column in range(N + 1):
            M[row, column] = 0.0
    for i in range(m):
        first = offset[i]
        F[first] = -1.0
        for k in range(n[i]):
            F[first] += p[i, k]
            M[first, first + k] = p[i, k]
        for k in range(1, n[i]):
            row = first + k
            difference = values[i, k] - values[i, 0]
            size = 1.0 / (1.0 + abs(lam))  # keeps the entries of order one
            F[row] = (y[row] - y[first] - lam * difference - np.log(prior[i, k] / prior[i, 0])) * size
            M[row, row], M[row, first], M[row, N] = size, -size, -difference * size
            for j in range(m):
                for other in range(n[j] if j != i else 0):
                    slope = pairs[i, k, j, other] - pairs[i, 0, j, other]
                    M[row, offset[j] + other] = -lam * slope * p[j, other] * size


@compiled
def _turn(path: Homotopy, y: FloatArray, t: FloatArray) -> bool:
    """Replace t by the unit tangent at y that points along t."""
    N = len(y) - 1
    M, b = np.empty((N + 1, N + 1)), np.zeros(N + 1)
    _system(path, y, b, M)
    for column in range(N + 1):
        M[N, column] = t[column]
        b[column] = 1.0 if column == N else 0.0
    if not solve_in_place(M, b):
        return False
    norm = np.sqrt(dot(b, b))
    for column in range(N + 1):
        t[column] = b[column] / norm
    return True


@compiled
def _return_to_path(path: Homotopy, y: FloatArray, t: FloatArray) -> bool:
    """Move y back to the path within the plane orthogonal to the tangent."""
    N = len(y) - 1
    M, b = np.empty((N + 1, N + 1)), np.zeros(N + 1)
    for _ in range(_CORRECTIONS):
        _system(path, y, b, M)
        b[N] = 0.0
        for column in range(N + 1):
            M[N, column] = t[column]
        if not solve_in_place(M, b):
            return False
        size = 0.0
        for column in range(N + 1):
            size = max(size, abs(b[column]))
        if not size < 2.0:
            return False
        for column in range(N + 1):
            y[column] -= b[column]
        if size < _NEAR:
            return True
    return False


@compiled
def _polished(
    U: FloatArray, n: IntArray, stride: IntArray, p: FloatArray, tolerance: float
) -> tuple[bool, FloatArray]:
    """Solve on the supports that p suggests; the start is rounded, for libm's exp may vary.

    Only a regular system will do: on a continuum of equilibria the path has not yet chosen.
    """
    support = np.zeros(p.shape, dtype=np.bool_)
    for threshold in _SUPPORTS:
        q = np.zeros(p.shape)
        for i in range(len(n)):
            total = 0.0
            for k in range(n[i]):
                support[i, k] = p[i, k] > threshold
                if support[i, k]:
                    q[i, k] = np.rint(p[i, k] / _GRID) * _GRID + _LIFT
                    total += q[i, k]
            for k in range(n[i]):
                q[i, k] /= total
        ok, equilibrium = accepted(U, n, stride, newton(U, n, stride, support, q, 0), tolerance)
        if ok:
            return True, equilibrium
    return False, p


@compiled
def logit_limit(
    U: FloatArray, n: IntArray, stride: IntArray, tolerance: float, variant: int
) -> tuple[bool, FloatArray]:
    """Follow the path from the uniform (variant 0) or another fixed prior until Newton's method ends it.

    Each time ``lam`` has grown by half, the supports that the current point suggests are tried.

    Parameters
    ----------
    U : array [m, A]
        Payoffs scaled to size one.
    tolerance : float
        The gap up to which a point is accepted.

    Returns
    -------
    ok : bool
    p : array [m, max n]
        The equilibrium, or where the path was lost.
    """
    m, N = len(n), 0
    everything = np.zeros((m, n.max()), dtype=np.bool_)
    for i in range(m):
        N += n[i]
        for k in range(n[i]):
            everything[i, k] = True
    prior = start_on(everything, n, variant)
    path = Homotopy(U, n, stride, prior)
    y, t, guess, p = np.zeros(N + 1), np.zeros(N + 1), np.zeros(N + 1), prior.copy()
    position = 0
    for i in range(m):
        for k in range(n[i]):
            y[position] = np.log(prior[i, k])
            position += 1
    t[N] = 1.0
    length, checked = _FIRST_LENGTH, 1.0
    for _ in range(_STEPS):
        if not _turn(path, y, t):
            break
        while length > _SHORTEST:
            for k in range(N + 1):
                guess[k] = y[k] + length * t[k]
            near = _return_to_path(path, guess, t)
            for k in range(N + 1):
                near = near and abs(guess[k] - y[k]) <= 3.0 * length
            if near:
                break
            length *= 0.5
        if length <= _SHORTEST or guess[N] < -1.0 or guess[N] > _END:
            break
        for k in range(N + 1):
            y[k] = guess[k]
        # near lam = 0 the path bends where log p changes by 1; later it is straight over a share of lam
        length = min(_GROWTH * length, 0.3 + 0.2 * abs(y[N]))
        if y[N] > checked:
            checked = _GROWTH * y[N]
            _profile(n, y, p)
            ok, equilibrium = _polished(U, n, stride, p, tolerance)
            if ok:
                return True, equilibrium
    # A continuum of equilibria has no regular system to polish with; the end of the path is close enough.
    _profile(n, y, p)
    ok, equilibrium = accepted(U, n, stride, p, tolerance)
    return bool(ok), equilibrium
