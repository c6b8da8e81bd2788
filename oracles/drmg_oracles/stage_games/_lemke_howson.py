r"""Lemke and Howson's path in rationals: an exact Nash equilibrium of any game of two agents.

Agent 0 has the actions ``0 .. m - 1``, agent 1 the actions ``m .. m + n - 1``; these are the labels. With
positive payoffs the two systems

    B^T x + r = 1,   A y + s = 1,   x, y, r, s >= 0

have one variable for each label: an action's weight in one, its slack (how far it is from a best response) in
the other. Complementary solutions, in which every label has a variable that is 0 in one or the other system,
are equilibria up to scaling, except for ``x = y = 0``. Dropping a label there and restoring it by pivots, in
one system and the other by turns, leads to an equilibrium (Lemke and Howson, 1964). Ties are broken
lexicographically, that is by adding ``eps^(k + 1)`` to the k-th right-hand side for an infinitely small eps,
so that no basis occurs twice, however degenerate the game is (von Stengel, 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from drmg_check.vocabulary import InputError
from drmg_oracles.stage_games._stage_games import exact_payoffs

Mixed: TypeAlias = tuple[Fraction, ...]
_Tableau: TypeAlias = list[list[Fraction]]  # one column for each label, then the right-hand side


def lemke_howson(
    payoffs: Iterable[Iterable[object]], actions: Sequence[int], label: int = 0
) -> tuple[Mixed, Mixed]:
    """Return the Nash equilibrium at the end of the path that starts by dropping ``label``.

    Parameters
    ----------
    payoffs : array [2, m n]
        Of any numbers that :func:`drmg_check.vocabulary.exact` reads, joint actions in C order.
    actions : (m, n)
    label : int
        ``0 .. m + n - 1``. Different labels may lead to different equilibria.

    Raises
    ------
    InputError
        Not two agents, or no such label.

    Examples
    --------
    >>> pennies = [[1, -1, -1, 1], [-1, 1, 1, -1]]
    >>> lemke_howson(pennies, (2, 2))
    ((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2)))
    """
    if len(actions) != 2 or not 0 <= label < sum(actions):
        raise InputError(
            f"actions={tuple(actions)!r}, label={label!r}; expected two agents and one of their actions"
        )
    m, n = actions
    U = exact_payoffs(payoffs, actions)
    A, B = ([u - min(row) + 1 for u in row] for row in U)
    unit = Fraction(1)
    responses = [[*B[j::n], *_unit(n, j), unit] for j in range(n)]  # of agent 1 to x
    answers = [[*_unit(m, i), *A[i * n : (i + 1) * n], unit] for i in range(m)]  # of agent 0 to y
    systems, bases = (responses, answers), (list(range(m, m + n)), list(range(m)))
    slacks = (range(m, m + n), range(m))
    side, entering = (0, label) if label < m else (1, label)
    while True:
        entering = _pivot(systems[side], bases[side], entering, slacks[side])
        side = 1 - side
        if entering == label:
            break
    return _play(responses, bases[0], range(m)), _play(answers, bases[1], range(m, m + n))


def _unit(n: int, k: int) -> list[Fraction]:
    return [Fraction(int(j == k)) for j in range(n)]


def _pivot(T: _Tableau, basis: list[int], entering: int, slacks: range) -> int:
    """Bring a label into the basis and return the one that leaves."""
    r = min(
        (r for r, row in enumerate(T) if row[entering] > 0),
        key=lambda r: [T[r][c] / T[r][entering] for c in (-1, *slacks)],
    )
    T[r] = [entry / T[r][entering] for entry in T[r]]
    for other, row in enumerate(T):
        if other != r and row[entering]:
            factor = row[entering]
            T[other] = [e - factor * p for e, p in zip(row, T[r], strict=True)]
    leaving = basis[r]
    basis[r] = entering
    return leaving


def _play(T: _Tableau, basis: list[int], labels: range) -> Mixed:
    weights = dict(zip(basis, (row[-1] for row in T), strict=True))
    total = sum((weights.get(k, Fraction(0)) for k in labels), Fraction(0))
    return tuple(weights.get(k, Fraction(0)) / total for k in labels)
