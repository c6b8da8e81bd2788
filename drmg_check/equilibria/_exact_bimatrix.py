"""Lexicographic Lemke-Howson in integers: it always ends in an exact equilibrium, however close the ties."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from drmg_check.vocabulary import Array


def lemke_howson_exactly(
    A: Sequence[Sequence[int]], B: Sequence[Sequence[int]], label: int = 0
) -> tuple[list[Fraction], list[Fraction]]:
    """Return the equilibrium at the end of the path that starts by dropping ``label``.

    Parameters
    ----------
    A, B : integers [rows, columns]
        Payoffs of the two agents.

    Returns
    -------
    x, y : lists of Fraction
        An exact Nash equilibrium.

    Notes
    -----
    The tableaux hold integers over a common denominator, the last pivot (Edmonds, 1967), so divisions
    are exact. The lexicographic rule perturbs the game symbolically; the perturbed game is
    nondegenerate, hence no basis comes twice and the path ends (von Stengel, 2002, section 2).
    """
    rows, columns = len(A), len(A[0])
    first = _tableau(np.array(B, dtype=object).T, rows)
    second = _tableau(np.array(A, dtype=object), 0)
    bases = [list(range(rows, rows + columns)), list(range(rows))]
    tableaux, denominators, slacks = [first, second], [1, 1], [rows, 0]
    entering, side = label, 0 if label < rows else 1
    while True:
        T, basis = tableaux[side], bases[side]
        r = _leaving_row(T, entering, slacks[side])
        pivot = T[r, entering]
        others = np.arange(len(T)) != r
        T[others] = (T[others] * pivot - T[others, entering][:, None] * T[r]) // denominators[side]
        denominators[side] = pivot
        basis[r], entering = entering, basis[r]
        side = 1 - side
        if entering == label:
            break
    x = _play(first, bases[0], range(rows))
    y = _play(second, bases[1], range(rows, rows + columns))
    return x, y


def _tableau(payoffs: Array, first_slack: int) -> Array:
    """Return ``[positive payoffs, identity | 1]``, the identity starting at column ``first_slack``."""
    n = len(payoffs)
    positive = payoffs - payoffs.min() + 1
    identity = np.eye(n, dtype=int).astype(object)
    blocks = [identity, positive] if first_slack == 0 else [positive, identity]
    return np.hstack([*blocks, np.full((n, 1), 1, dtype=object)])


def _leaving_row(T: Array, column: int, first_slack: int) -> int:
    n = len(T)
    order = [T.shape[1] - 1, *range(first_slack, first_slack + n)]
    rows = [r for r in range(n) if T[r, column] > 0]
    return min(rows, key=lambda r: [Fraction(T[r, c], T[r, column]) for c in order])


def _play(T: Array, basis: list[int], labels: range) -> list[Fraction]:
    weights = {label: T[r, -1] for r, label in enumerate(basis)}
    total = sum(weights.get(label, 0) for label in labels)
    return [Fraction(weights.get(label, 0), total) for label in labels]
