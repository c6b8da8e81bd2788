"""Games that several levels ask about: by hand, by Hypothesis, in transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import RobustMarkovGame
from drmg_check.referee.asking import on_states
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_check.vocabulary import Array, FloatArray
from drmg_properties.strategies import resized_sets

Actions = tuple[int, ...]
_QUARTER, _HALF = Fraction(1, 4), Fraction(1, 2)
_TV = TotalVariation()


def smoke_games(uncertainty: UncertaintySet, *, horizon: int) -> dict[str, RobustMarkovGame]:
    """Return games of one agent that a reader can check: radius 1/4, one state, or two with even odds."""

    def game(P: Sequence[object], r: Sequence[object], steps: int) -> RobustMarkovGame:
        return RobustMarkovGame(
            transition=np.array(P, dtype=object),
            reward=np.array(r, dtype=object).reshape(1, 1, len(r), 1),
            radius=np.array(_QUARTER, dtype=object).reshape(1, 1, 1, 1),
            uncertainty=(on_states(uncertainty, len(r)),),
            actions=(1,),
            horizon=steps,
        )

    fair = [[[_HALF, _HALF]]] * 2
    return {
        "one-state": game([[[Fraction(1)]]], [Fraction(3)], 1),
        "two-states": game(fair, [Fraction(0), Fraction(1)], horizon),
    }


def set_drawn(
    draw: DrawFn, uncertainty: UncertaintySet
) -> tuple[UncertaintySet | SearchStrategy[UncertaintySet], int, int]:
    """Return the sets for games, and the least and most states: a ground metric fixes their number."""
    if uncertainty.n_states is None:
        return uncertainty, 1, 3
    states = draw(st.integers(1, 3))
    return resized_sets(uncertainty, states), states, states


def game_of(
    P: Array, r: Array, uncertainty: UncertaintySet, actions: Actions, radius: Fraction | int
) -> RobustMarkovGame:
    """Return a game with one radius and the same kind of set for all agents."""
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=np.array(Fraction(radius), dtype=object),
        uncertainty=(on_states(uncertainty, P.shape[-1]),) * len(actions),
        actions=actions,
    )


def example_game() -> RobustMarkovGame:
    """Return a game of two agents, steps and states; the agents' radii are 1/4 and 1/2."""
    P = [[[2, 2], [4, 0], [3, 1], [1, 3]], [[4, 0], [2, 2], [2, 2], [0, 4]]]
    r = [[[2, 0, 4, 1], [1, 3, 2, 4]], [[2, 4, 0, 1], [3, 1, 4, 2]]]
    return RobustMarkovGame(
        transition=np.array([P, P], dtype=object) * _QUARTER,
        reward=np.array([[of_agent, of_agent] for of_agent in r], dtype=object) * _QUARTER,
        radius=np.array([_QUARTER, _HALF], dtype=object).reshape(2, 1, 1, 1),
        uncertainty=(_TV, _TV),
        actions=(2, 2),
    )


def received_game(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> RobustMarkovGame:
    """Return the game that a worked example of total variation is asked about."""
    sets = (_TV,) * len(actions)
    return RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=sets, actions=actions)


def in_floats(values: Array) -> FloatArray:
    """Return the nearest float64 of each number."""
    floats: FloatArray = values.astype(np.float64)
    return floats
