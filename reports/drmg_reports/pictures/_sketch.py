"""A small game, read from its JSON document as far as a picture shows it.

Reports know the records and nothing of what reads games; so this takes the document as data, and only of
games that are small enough to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import TypeAlias

import msgspec

from drmg_check.vocabulary import InputError, exact, normalise

MAX_STATES, MAX_ACTIONS = 4, 3
"""Beyond, the arrows of a state graph hide each other."""
Distribution: TypeAlias = tuple[Fraction, ...]


class _Kernels(msgspec.Struct, frozen=True):
    kernels: list[list[tuple[int, int, list[tuple[int, str]]]]]


class _Array(msgspec.Struct, frozen=True):
    shape: list[int]  # [m, H, S, A]; axes of length 1 stand for all
    values: list[str]


class _Game(msgspec.Struct, frozen=True):
    format: str
    horizon: int
    states: int
    actions: list[int]
    transition: _Kernels
    reward: _Array
    agent_names: list[str] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GameSketch:
    """What a state graph shows: one kernel for all steps, and rewards that belong to a state.

    Attributes
    ----------
    rows : sequence [s][a] of distributions over the states
    rewards : tuple of Fraction or None
        Of each state, None where it depends on agent, step or action.
    agent_names : tuple of str
    horizon : int
    """

    rows: tuple[tuple[Distribution, ...], ...]
    rewards: tuple[Fraction | None, ...]
    agent_names: tuple[str, ...]
    horizon: int

    @property
    def n_states(self) -> int:
        """S."""
        return len(self.rows)

    @property
    def n_actions(self) -> int:
        """The number of joint actions."""
        return len(self.rows[0])


def sketch_game(data: object) -> GameSketch:
    """Return the sketch of a game given as the data of its document.

    Raises
    ------
    InputError
        No game, one with a kernel for each step, or more than 4 states or 3 joint actions.
    """
    try:
        game = msgspec.convert(data, _Game)
    except msgspec.ValidationError as error:
        raise InputError(f"this is no game: {error}") from error
    S, A, kernels = game.states, prod(game.actions), game.transition.kernels
    small = 1 <= S <= MAX_STATES and 1 <= A <= MAX_ACTIONS
    if game.format != "drmg-game" or len(kernels) != 1 or not small:
        raise InputError(f"{S} states, {A} joint actions, {len(kernels)} kernels; expected a small game")
    return GameSketch(
        rows=_rows(kernels[0], S, A),
        rewards=_rewards(game.reward, len(game.actions), S),
        agent_names=tuple(game.agent_names) or tuple(f"agent {i}" for i in range(len(game.actions))),
        horizon=game.horizon,
    )


def _rows(
    kernel: Sequence[tuple[int, int, list[tuple[int, str]]]], S: int, A: int
) -> tuple[tuple[Distribution, ...], ...]:
    weights = {place: [Fraction(0)] * S for place in product(range(S), range(A))}
    for s, a, successors in kernel:
        for t, text in successors:
            if (s, a) not in weights or not 0 <= t < S:
                raise InputError(f"row [{s}, {a}] leads to {t}; expected {S} states and {A} joint actions")
            weights[s, a][t] = exact(text)
    return tuple(tuple(normalise(tuple(weights[s, a])) for a in range(A)) for s in range(S))


def _rewards(reward: _Array, agents: int, S: int) -> tuple[Fraction | None, ...]:
    if len(reward.shape) != 4 or prod(reward.shape) != len(reward.values) or reward.shape[2] not in (1, S):
        raise InputError(f"reward.shape={reward.shape}; expected [m, H, S, A] and as many values")
    m, H, states, A = reward.shape
    values = [exact(text) for text in reward.values]
    places = list(product(range(m), range(H), range(states), range(A)))
    kept: list[Fraction | None] = []
    for s in range(S):
        here = {value for (_, _, t, _), value in zip(places, values, strict=True) if t == s % states}
        kept.append(here.pop() if len(here) == 1 else None)
    return tuple(kept)
