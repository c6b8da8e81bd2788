"""CCE and CE of largest welfare, and the most even of them, in rationals: slow, and never wrong.

The two steps of :mod:`drmg_check.equilibria._correlated` with exact pivots, so that every sign is certain.
The dual simplex takes the smallest index among candidates (Bland's rule), so it ends; the active-set
method raises a strictly convex objective at every full step, so it ends too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import flint
import numpy as np

from drmg_check.vocabulary import Array


def correlated_exactly(K: Array, actions: Sequence[int], *, swaps: bool) -> list[Fraction]:
    """Return the CCE (with ``swaps``, the CE) of largest welfare that has the least norm.

    Parameters
    ----------
    K : integers [m, A]
        Payoffs.
    """
    K = np.array([[int(value) for value in row] for row in K], dtype=object)
    welfare = K.sum(axis=0)
    G = _deviation_rows(K, actions, swaps=swaps)
    face, tight = _optimal_face(welfare, G)
    x = [Fraction(0)] * len(welfare)
    for a, weight in zip(face, _least_norm(G, face, tight), strict=True):
        x[a] = weight
    return x


def _deviation_rows(K: Array, actions: Sequence[int], *, swaps: bool) -> list[list[int]]:
    plays = np.array(np.unravel_index(np.arange(K.shape[1]), tuple(actions)))
    rows = []
    for i, n in enumerate(actions):
        stride = int(np.prod(actions[i + 1 :], dtype=int))
        for j in range(n):
            gain = K[i][np.arange(K.shape[1]) + (j - plays[i]) * stride] - K[i]
            parts = [np.where(plays[i] == k, gain, 0) for k in range(n) if k != j] if swaps else [gain]
            rows += [_primitive(part) for part in parts if any(part)]
    return rows


def _primitive(row: Array) -> list[int]:
    divisor = gcd(*row)
    return [value // divisor for value in row]


def _optimal_face(welfare: Array, G: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return the profiles that may be played in an optimum, and the rows that bind in all of them."""
    A, R = len(welfare), len(G)
    start = int(np.argmax(welfare))
    nonbasic = [a for a in range(A) if a != start]
    basic = [A + r for r in range(R)] + [start]
    T = np.zeros((R + 2, A), dtype=object)
    for r in range(R):
        T[r, :-1] = [G[r][a] - G[r][start] for a in nonbasic]
        T[r, -1] = -G[r][start]
    T[R, :] = 1
    T[R + 1, :-1] = [welfare[a] - welfare[start] for a in nonbasic]
    denominator = 1
    while True:
        negative = [r for r in range(R + 1) if T[r, -1] < 0]
        if not negative:
            break
        r = min(negative, key=lambda row: basic[row])
        c = min(
            (c for c in range(A - 1) if T[r, c] < 0),
            key=lambda c: (Fraction(T[R + 1, c], T[r, c]), nonbasic[c]),
        )
        pivot, row, column = T[r, c], T[r].copy(), T[:, c].copy()
        T = (T * pivot - np.outer(column, row)) // denominator
        T[r], T[:, c] = row, -column
        T[r, c], denominator = denominator, pivot
        if pivot < 0:
            T, denominator = -T, -denominator
        basic[r], nonbasic[c] = nonbasic[c], basic[r]
    forced = {nonbasic[c] for c in range(A - 1) if T[R + 1, c] < 0}
    return [a for a in range(A) if a not in forced], [r for r in range(R) if A + r in forced]


@dataclass(slots=True)
class _ActiveSet:
    """Constraints ``N z >= b`` of which some hold with equality, with their multipliers.

    Attributes
    ----------
    N : list of rows
        The equalities come first.
    b : list of rationals
    equalities : int
    z : column
        The point of least norm on which the active constraints hold with equality.
    active : list of int
    u : list of rationals
        A multiplier for each active constraint, >= 0 for inequalities.
    """

    N: list[flint.fmpq_mat]
    b: list[flint.fmpq]
    equalities: int
    z: flint.fmpq_mat
    active: list[int]
    u: list[flint.fmpq]

    def violated(self) -> int | None:
        """Return the first equality that is not active yet, else the first inequality violated."""
        for r in range(len(self.N)):
            if r not in self.active and (r < self.equalities or (self.N[r] * self.z)[0, 0] < self.b[r]):
                return r
        return None

    def blocking(self, r: list[flint.fmpq]) -> tuple[flint.fmpq, int] | None:
        """Return after how long, and of which active inequality, a multiplier vanishes along ``u - t r``."""
        steps = [
            (self.u[j] / r[j], j)
            for j, constraint in enumerate(self.active)
            if constraint >= self.equalities and r[j] > 0
        ]
        return min(steps, key=lambda pair: pair[0]) if steps else None

    def add(self, entering: int) -> None:
        """Make a violated constraint hold with equality, dropping others whose multipliers vanish first."""
        multiplier = flint.fmpq(0)
        while True:
            r, direction = _split(self.N, self.active, entering)
            norm = (direction.transpose() * direction)[0, 0]
            full = None if norm == 0 else (self.b[entering] - (self.N[entering] * self.z)[0, 0]) / norm
            blocking = self.blocking(r)
            partial = blocking is not None and (full is None or blocking[0] < full)
            step = blocking[0] if blocking is not None and partial else full
            assert step is not None, "the optimal face is not empty"
            self.u = [value - step * r[j] for j, value in enumerate(self.u)]
            multiplier += step
            if full is not None:
                self.z += direction * step
            if step == full:
                self.active.append(entering)
                self.u.append(multiplier)
                return
            assert blocking is not None
            del self.active[blocking[1]], self.u[blocking[1]]


def _least_norm(G: list[list[int]], face: list[int], tight: list[int]) -> list[Fraction]:
    """Goldfarb and Idnani's dual active-set method for ``min |z|^2, N z >= b`` in rationals.

    The equalities come first. They are independent, being part of the constraints that fix a vertex.
    """
    k = len(face)
    free = [[-row[a] for a in face] for r, row in enumerate(G) if r not in tight]
    equal = [[1] * k] + [[-G[r][a] for a in face] for r in tight]
    rows = equal + free + [[int(c == j) for c in range(k)] for j in range(k)]
    point = _ActiveSet(
        N=[flint.fmpq_mat(1, k, row) for row in rows],
        b=[flint.fmpq(int(r == 0)) for r in range(len(rows))],
        equalities=len(equal),
        z=flint.fmpq_mat(k, 1),
        active=[],
        u=[],
    )
    while (entering := point.violated()) is not None:
        point.add(entering)
    return [Fraction(int(point.z[c, 0].p), int(point.z[c, 0].q)) for c in range(k)]


def _split(
    N: list[flint.fmpq_mat], active: list[int], entering: int
) -> tuple[list[flint.fmpq], flint.fmpq_mat]:
    """Write row ``entering`` as a combination of the active rows plus what is orthogonal to them."""
    rest = N[entering].transpose()
    if not active:
        return [], rest
    matrix = flint.fmpq_mat([[N[j][0, c] for c in range(N[j].ncols())] for j in active])
    r = (matrix * matrix.transpose()).solve(matrix * rest)
    return [r[j, 0] for j in range(len(active))], rest - matrix.transpose() * r
