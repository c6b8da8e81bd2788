"""Robust Markov games small enough to enumerate and to read, and joint policies for them."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame, product_policy
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_properties.laws import Relabelling
from drmg_properties.strategies._numbers import fractions
from drmg_properties.strategies._rows import nominal_rows


@st.composite
def games(
    draw: DrawFn,
    *,
    uncertainty: UncertaintySet | SearchStrategy[UncertaintySet] = TotalVariation(),  # noqa: B008 - frozen
    max_agents: int = 2,
    min_states: int = 1,
    max_states: int = 3,
    min_horizon: int = 1,
    max_horizon: int = 3,
    max_actions: int = 2,
    max_radius: Fraction | int = 1,
    min_radius: Fraction | int = 0,
    failure_states: int = 0,
) -> RobustMarkovGame:
    """Draw a stationary game with exact numbers: rewards in [0, 1], one radius per agent.

    Parameters
    ----------
    failure_states : int
        Append so many states that pay nothing and lead to each other in turn (Assumption 1 of the paper).
    """
    m = draw(st.integers(1, max_agents))
    S = draw(st.integers(min_states, max_states))
    H = draw(st.integers(min_horizon, max_horizon))
    actions = tuple(draw(st.lists(st.integers(1, max_actions), min_size=max_agents, max_size=max_agents))[:m])
    A, total = prod(actions), S + failure_states
    transition = np.full((total, A, total), Fraction(0), dtype=object)
    reward = np.full((m, 1, total, A), Fraction(0), dtype=object)
    capacity = max_states + failure_states
    # Everything is drawn for the largest game and cut down, so that a smaller game is one draw away.
    for s, a in np.ndindex(max_states, max_actions**max_agents):
        row = draw(nominal_rows(total, max_weight=3, drawn=capacity))
        paid = [draw(fractions(0, 1, 2)) for _ in range(max_agents)]
        if s < S and a < A:
            transition[s, a] = row
            reward[:, 0, s, a] = paid[:m]
    for k in range(failure_states):
        transition[S + k, :, S + (k + 1) % failure_states] = Fraction(1)
    sets = tuple(
        draw(uncertainty) if isinstance(uncertainty, SearchStrategy) else uncertainty for _ in range(m)
    )
    radius = np.empty((m, 1, 1, 1), dtype=object)
    for i, one in enumerate(sets):
        high = max_radius if one.max_radius is None else min(Fraction(max_radius), one.max_radius)
        radius[i] = draw(fractions(min_radius, high, 4))
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        radius=radius,
        uncertainty=sets,
        actions=actions,
        horizon=H,
    )


def relabellings(game: RobustMarkovGame) -> SearchStrategy[Relabelling]:
    """Draw other names for the agents, the states and each agent's actions; shrinks to the old ones."""

    def order(n: int) -> SearchStrategy[tuple[int, ...]]:
        return st.permutations(range(n)).map(tuple)

    actions = st.tuples(*(order(n) for n in game.actions))
    return st.builds(Relabelling, order(game.n_agents), order(game.n_states), actions)


def correlated_policies(game: RobustMarkovGame) -> SearchStrategy[JointPolicy]:
    """Draw a Markov joint policy, correlated in general; shrinks to a deterministic one."""
    shape = (game.horizon, game.n_states)

    def build(rows: list[tuple[Fraction, ...]]) -> JointPolicy:
        weights = np.empty((*shape, game.n_joint_actions), dtype=object)
        for where, row in zip(np.ndindex(*shape), rows, strict=True):
            weights[where] = row
        return JointPolicy(weights, game.actions)

    count = prod(shape)
    row = nominal_rows(game.n_joint_actions, max_weight=2)
    return st.lists(row, min_size=count, max_size=count).map(build)


def product_policies(game: RobustMarkovGame) -> SearchStrategy[JointPolicy]:
    """Draw a policy in which the agents act independently."""
    shape = (game.horizon, game.n_states)
    count = prod(shape)

    def marginals(n: int) -> SearchStrategy[list[tuple[Fraction, ...]]]:
        return st.lists(nominal_rows(n, max_weight=2), min_size=count, max_size=count)

    def build(drawn: tuple[list[tuple[Fraction, ...]], ...]) -> JointPolicy:
        arrays = []
        for n, rows in zip(game.actions, drawn, strict=True):
            array = np.empty((*shape, n), dtype=object)
            for where, row in zip(np.ndindex(*shape), rows, strict=True):
                array[where] = row
            arrays.append(array)
        return product_policy(arrays)

    return st.tuples(*(marginals(n) for n in game.actions)).map(build)


def policies(game: RobustMarkovGame) -> SearchStrategy[JointPolicy]:
    """Draw a product policy or a correlated one."""
    return product_policies(game) | correlated_policies(game)
