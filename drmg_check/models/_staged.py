"""What all kinds of games have in common: sizes that their stages say, and names."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from drmg_check.models._stage import Stage
from drmg_check.sets import GameSet
from drmg_check.vocabulary import InputError, check_type


class Staged(ABC):
    """A game that is given by stages; how often each of them is played is said by its kind.

    Attributes
    ----------
    stages : tuple of Stage
    actions : tuple of int, length m
    uncertainty : tuple of sets, length m
    initial_state : int
    name, agent_names, state_names, action_names : labels
    """

    __slots__ = ()
    stages: tuple[Stage, ...]
    actions: tuple[int, ...]
    uncertainty: tuple[GameSet, ...]
    initial_state: int
    name: str
    agent_names: tuple[str, ...]
    state_names: tuple[str, ...]
    action_names: tuple[tuple[str, ...], ...]

    @property
    def n_agents(self) -> int:
        """Number m of agents."""
        return len(self.actions)

    @property
    def n_states(self) -> int:
        """Number S of states."""
        return self.stages[0].n_states

    @property
    def n_joint_actions(self) -> int:
        """Number A of joint actions, the product over agents."""
        return prod(self.actions)

    @property
    def is_stationary(self) -> bool:
        """Whether all stages have the same rows, stored once."""
        return all(stage.rows is self.stages[0].rows for stage in self.stages)


def labels_of(game: Staged) -> dict[str, Any]:
    """Return where play starts and all names, as keywords of another game with the same ones."""
    return {
        "initial_state": game.initial_state,
        "name": game.name,
        "agent_names": game.agent_names,
        "state_names": game.state_names,
        "action_names": game.action_names,
    }


def labels_alone(game: Staged, i: int) -> dict[str, Any]:
    """Return the same for a game of agent i alone."""
    own = {"agent_names": (game.agent_names[i],), "action_names": (game.action_names[i],)}
    return labels_of(game) | own


def checked_labels(game: Staged) -> dict[str, Any]:
    """Return the names of a game, made by a pattern where none are given.

    Raises
    ------
    InputError
        An initial state that is none, or names that do not fit.
    """
    S, m, s = game.n_states, game.n_agents, game.initial_state
    check_type(s, (int, np.integer), "initial_state", f"0 <= s < {S}")
    if isinstance(s, bool) or not 0 <= s < S:
        raise InputError(f"initial_state={s!r}; expected 0 <= s < {S}")
    action_names = game.action_names or ((),) * m
    if len(action_names) != m:
        raise InputError(f"action_names has {len(action_names)} entries; expected one per agent ({m})")
    each = enumerate(zip(action_names, game.actions, strict=True))
    return {
        "agent_names": _names(game.agent_names, m, "agent_names", "agent {}"),
        "state_names": _names(game.state_names, S, "state_names", "s{}"),
        "action_names": tuple(_names(names, n, f"action_names[{i}]", "{}") for i, (names, n) in each),
    }


def _names(names: Sequence[str], n: int, what: str, pattern: str) -> tuple[str, ...]:
    check_type(names, Sequence, what, f"{n} strings")
    if not names:
        return tuple(pattern.format(k) for k in range(n))
    if isinstance(names, str) or len(names) != n or not all(isinstance(name, str) for name in names):
        raise InputError(f"{what}={names!r}; expected {n} strings")
    if len(set(names)) != n:
        raise InputError(f"{what}={names!r} repeats a name; expected {n} different ones")
    return tuple(names)
