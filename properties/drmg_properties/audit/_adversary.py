"""What the adversary does on an instance: the picture beside the numbers of a counterexample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.runs import MovedRow
from drmg_check.sets import Row
from drmg_check.vocabulary import Array, DrmgError, normalise
from drmg_oracles import enclose, evaluate_exactly, worst_path

_Where: TypeAlias = tuple[int, int, int, int]  # agent, h, s, a

MOST_STATES = 24  # bars that a picture has room for
MOST_MOVES = 12  # lines that are read
MOST_ROWS = 2000
"""Rows (h, s, a) of a game up to which its worst kernel is computed for a picture."""


def worst_moves(instance: object) -> tuple[MovedRow, ...]:
    """Return where the worst case of an instance differs from its nominal kernel.

    Parameters
    ----------
    instance : object
        A :class:`Row`, something with a field that is one, or something with fields ``game`` and ``policy``.

    Returns
    -------
    tuple of MovedRow
        Of a row, the row. Of a game, at most 12 rows that the worst kernel moves where the policy plays, from
        any state on, against the first agent for whom it moves any. Empty when there is nothing to move,
        the instance is of another kind, too large to be drawn, or no oracle takes it.
    """
    try:
        if (row := _row_of(instance)) is not None:
            return _of_row(row)
        game, policy = getattr(instance, "game", None), getattr(instance, "policy", None)
        if isinstance(game, RobustMarkovGame) and isinstance(policy, JointPolicy):
            return _of_game(game, policy)
    except DrmgError:  # what cannot be drawn is still a counterexample
        pass
    return ()


def _row_of(instance: object) -> Row | None:
    if isinstance(instance, Row):
        return instance
    row = getattr(instance, "row", None)
    return row if isinstance(row, Row) else None


def _of_row(row: Row) -> tuple[MovedRow, ...]:
    if len(row.nominal) > MOST_STATES:
        return ()
    worst = enclose(row).worst_distribution
    return (MovedRow(where=None, nominal=_floats(normalise(row.nominal)), worst=_floats(worst)),)


def _of_game(game: RobustMarkovGame, policy: JointPolicy) -> tuple[MovedRow, ...]:
    if game.n_states > MOST_STATES or game.horizon * game.n_states * game.n_joint_actions > MOST_ROWS:
        return ()
    values = evaluate_exactly(game, policy).lo
    for i in range(game.n_agents):
        moves: dict[_Where, MovedRow] = {}
        for start in range(game.n_states):  # a claim speaks of every state, not only of the initial one
            moves |= _moves(replace(game, initial_state=start), policy, i, values[i])
        if moves:
            return tuple(moves[where] for where in sorted(moves))[:MOST_MOVES]
    return ()


def _moves(
    game: RobustMarkovGame, policy: JointPolicy, i: int, V: Array
) -> dict[tuple[int, int, int, int], MovedRow]:
    moves: dict[_Where, MovedRow] = {}
    states = range(game.n_states)
    for visit in worst_path(game, policy, i, V):
        for row in visit.rows:
            if row.moved:
                nominal, worst = (
                    _floats(one.probabilities.get(s, Fraction(0)) for s in states)
                    for one in (row.nominal, row.worst)
                )
                where = (i, row.h, row.s, row.a)
                moves[where] = MovedRow(where=where, nominal=nominal, worst=worst)
    return moves


def _floats(distribution: Iterable[Fraction]) -> tuple[float, ...]:
    return tuple(map(float, distribution))
