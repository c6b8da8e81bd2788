"""A table of one agent's transitions, as readers of tables make it: written out, or compressed if large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from drmg_check.files import check_memory
from drmg_check.models import RobustMarkovGame, Stage, StagedGame, repeated
from drmg_check.readers._compressed import rows_of_table
from drmg_check.readers._limits import check_nonzeros, check_size, fits_an_array
from drmg_check.readers._rows import kernel_array, place_array
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import Array

OF_A_TABLE = 400  # bytes of an entry: a pair in a dictionary, and its share of those of the places


@dataclass(frozen=True, slots=True)
class Names:
    """What a game without names, its states and its actions are called.

    >>> Names("frozen-lake", actions=("left", "down", "right", "up")).states
    ()
    """

    game: str
    states: Sequence[str] = ()
    actions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table of transitions says, every number exactly.

    Attributes
    ----------
    rows : mapping (s, a) -> mapping s' -> probability
        The distribution of each place; probabilities are positive.
    rewards : mapping (s, a) -> reward
    radius : array that broadcasts to [S, A]
    uncertainty : UncertaintySet
    horizon : int
    size : (S, A)
    names : Names
    initial_state : int
    """

    rows: Mapping[tuple[int, int], Mapping[int, Fraction]]
    rewards: Mapping[tuple[int, int], Fraction]
    radius: Array
    uncertainty: UncertaintySet
    horizon: int
    size: tuple[int, int]
    names: Names
    initial_state: int


def check_table(entries: int, states: int, actions: int, horizon: int) -> None:
    """Refuse a table that is too large even for its rows alone, from what is announced.

    Raises
    ------
    InputError
        More entries than memory holds.
    """
    if not fits_an_array(states=states, actions=(actions,), horizon=horizon):
        entries = max(entries, states * actions)
        check_nonzeros(nonzeros=entries, states=states, actions=(actions,), horizon=horizon)
        check_memory(OF_A_TABLE * entries, f"a table of {entries:,} entries")


def written_table(table: Table) -> RobustMarkovGame:
    """Return the game of a table by its arrays, with all pairs of states.

    Raises
    ------
    InputError
        A table that is too large for that.
    """
    S, A = table.size
    check_size(states=S, actions=(A,), horizon=table.horizon)
    return RobustMarkovGame(
        transition=kernel_array(table.rows, S, A),
        reward=place_array(table.rewards, S, A),
        radius=table.radius,
        uncertainty=(table.uncertainty,),
        actions=(A,),
        horizon=table.horizon,
        **_labels(table),
    )


def compressed_table(table: Table) -> StagedGame:
    """Return the game of a table by its rows, of which only what is positive is kept.

    Raises
    ------
    InputError
        More entries than memory holds.
    """
    S, A = table.size
    nonzeros = sum(map(len, table.rows.values()))
    check_nonzeros(nonzeros=nonzeros, states=S, actions=(A,), horizon=table.horizon)
    stage = Stage(
        rows=rows_of_table(table.rows, S, A),
        reward=place_array(table.rewards, S, A)[None],
        radius=table.radius,
        uncertainty=(table.uncertainty,),
        actions=(A,),
        name=table.names.game,
    )
    return StagedGame(stages=repeated(stage, table.horizon), **_labels(table))


def game_of_table(table: Table) -> RobustMarkovGame | StagedGame:
    """Return the game by its arrays if they are small enough, else by its rows."""
    S, A = table.size
    small = fits_an_array(states=S, actions=(A,), horizon=table.horizon)
    return written_table(table) if small or table.horizon < 1 else compressed_table(table)


def _labels(table: Table) -> dict[str, Any]:
    return {
        "initial_state": table.initial_state,
        "name": table.names.game,
        "state_names": tuple(table.names.states),
        "action_names": (tuple(table.names.actions),),
    }
