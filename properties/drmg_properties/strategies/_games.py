"""Robust Markov games small enough to enumerate and to read, and joint policies for them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import FiniteHorizon, JointPolicy, RobustMarkovGame, product_policy
from drmg_check.sets import L1, Contamination, Interval, TotalVariation, UncertaintySet
from drmg_check.vocabulary import Array
from drmg_properties.laws import Relabelling
from drmg_properties.strategies._numbers import fractions
from drmg_properties.strategies._rows import nominal_rows


@dataclass(frozen=True, slots=True)
class Variety:
    """In what drawn games vary beyond their rows, rewards in [0, 1] and one radius for each agent.

    Each kind is drawn or left out game by game, so that a game shrinks to one without it.

    Parameters
    ----------
    steps : bool
        Kernel, rewards and radii may each depend on the step.
    places : bool
        Radii may depend on the state and on the joint action.
    signs : bool
        Rewards may be negative.

    Examples
    --------
    >>> Variety(steps=True).signs
    False
    """

    steps: bool = False
    places: bool = False
    signs: bool = False


EXACT_SETS = st.sampled_from((TotalVariation(), L1(), Contamination(), Interval()))
"""Sets whose worst cases are rational; total variation is the simplest."""
EVERYTHING = Variety(steps=True, places=True, signs=True)
"""All that the arrays of a game may depend on."""


@dataclass(frozen=True, slots=True)
class LargestSizes:
    """The sizes that drawn games have at most, and at least."""

    min_agents: int = 1
    max_agents: int = 2
    min_states: int = 1
    max_states: int = 3
    min_horizon: int = 1
    max_horizon: int = 3
    min_actions: int = 1
    max_actions: int = 2


@st.composite
def games(
    draw: DrawFn,
    /,
    *,
    uncertainty: UncertaintySet | SearchStrategy[UncertaintySet] = TotalVariation(),  # noqa: B008 - frozen
    max_radius: Fraction | int = 1,
    min_radius: Fraction | int = 0,
    failure_states: int = 0,
    variety: Variety = Variety(),
    **sizes: int,
) -> RobustMarkovGame:
    """Draw a game with exact numbers; its actions differ in number between agents.

    Parameters
    ----------
    uncertainty : UncertaintySet or a strategy of such
        One is drawn for each agent.
    max_radius, min_radius : Fraction or int
        Of every radius; at most what the set admits.
    failure_states : int
        Append so many states that pay nothing and lead to each other in turn (Assumption 1 of the paper).
    variety : Variety
        What may depend on the step and on the place; by default the game is stationary, with one radius for
        each agent and rewards in [0, 1].
    **sizes : int
        As in :class:`LargestSizes`: ``max_agents``, ``max_states``, ``max_horizon``, ``max_actions``, ...

    Examples
    --------
    >>> from hypothesis import find
    >>> game = find(games(max_states=2), lambda game: game.n_agents == 2)
    >>> game.n_states, game.horizon, game.actions
    (1, 1, (1, 1))
    """
    most = LargestSizes(**sizes)
    m = draw(st.integers(most.min_agents, most.max_agents))
    S = draw(st.integers(most.min_states, most.max_states))
    H = draw(st.integers(most.min_horizon, most.max_horizon))
    drawn_actions = st.lists(
        st.integers(most.min_actions, most.max_actions), min_size=most.max_agents, max_size=most.max_agents
    )
    actions = tuple(draw(drawn_actions)[:m])
    kept = _Kept(m, S, prod(actions), failure_states)
    by_step = {part: variety.steps and draw(st.booleans()) for part in ("P", "r", "rho")}
    signs = variety.signs and draw(st.booleans())
    places = variety.places and draw(st.booleans())
    between = Fraction(min_radius), Fraction(max_radius)
    tables = [_table(draw, most, kept, signs) for _ in range(H if by_step["P"] or by_step["r"] else 1)]
    kernels = [kernel for kernel, _ in tables[: None if by_step["P"] else 1]]
    rewards = [reward for _, reward in tables[: None if by_step["r"] else 1]]
    sets = tuple(
        draw(uncertainty) if isinstance(uncertainty, SearchStrategy) else uncertainty for _ in range(m)
    )
    radii = [_radii(draw, sets, between, kept if places else None) for _ in range(H if by_step["rho"] else 1)]
    return RobustMarkovGame(
        transition=np.stack(kernels) if by_step["P"] else kernels[0],
        reward=np.concatenate(rewards, axis=1),
        radius=np.concatenate(radii, axis=1),
        uncertainty=sets,
        actions=actions,
        horizon=H,
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """What of the largest game is kept: m agents, S states, A joint actions, and its failure states."""

    m: int
    S: int
    A: int
    failure_states: int


def _table(draw: DrawFn, most: LargestSizes, kept: _Kept, signs: bool) -> tuple[Array, Array]:
    """Draw one step: the kernel [S, A, S] and the rewards [m, 1, S, A]."""
    total, capacity = kept.S + kept.failure_states, most.max_states + kept.failure_states
    paid = fractions(-2, 2, 2) if signs else fractions(0, 1, 2)
    transition = np.full((total, kept.A, total), Fraction(0), dtype=object)
    reward = np.full((kept.m, 1, total, kept.A), Fraction(0), dtype=object)
    # Everything is drawn for the largest game and cut down, so that a smaller game is one draw away.
    for s, a in np.ndindex(most.max_states, most.max_actions**most.max_agents):
        row = draw(nominal_rows(total, max_weight=3, drawn=capacity))
        drawn = [draw(paid) for _ in range(most.max_agents)]
        if s < kept.S and a < kept.A:
            transition[s, a] = row
            reward[:, 0, s, a] = drawn[: kept.m]
    for k in range(kept.failure_states):
        transition[kept.S + k, :, kept.S + (k + 1) % kept.failure_states] = Fraction(1)
    return transition, reward


def _radii(
    draw: DrawFn, sets: tuple[UncertaintySet, ...], between: tuple[Fraction, Fraction], at: _Kept | None
) -> Array:
    """Draw one step of the radii: [m, 1, 1, 1], or [m, 1, S, A] where they depend on the place."""
    low, high = between
    shape = (1, 1) if at is None else (at.S + at.failure_states, at.A)
    radius = np.empty((len(sets), 1, *shape), dtype=object)
    for i, uncertainty in enumerate(sets):
        top = high if uncertainty.max_radius is None else min(high, uncertainty.max_radius)
        for where in np.ndindex(*shape):
            radius[(i, 0, *where)] = draw(fractions(low, top, 4))
    return radius


def relabellings(game: FiniteHorizon) -> SearchStrategy[Relabelling]:
    """Draw other names for the agents, the states and each agent's actions; shrinks to the old ones.

    >>> from hypothesis import find
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=1")
    >>> find(relabellings(game), lambda how: how.states != (0, 1))
    Relabelling(agents=(0, 1), states=(1, 0), actions=((0, 1), (0, 1)))
    """

    def order(n: int) -> SearchStrategy[tuple[int, ...]]:
        return st.permutations(range(n)).map(tuple)

    actions = st.tuples(*(order(n) for n in game.actions))
    return st.builds(Relabelling, order(game.n_agents), order(game.n_states), actions)


def correlated_policies(game: FiniteHorizon) -> SearchStrategy[JointPolicy]:
    """Draw a Markov joint policy, correlated in general; shrinks to a deterministic one.

    Its rows are seldom point masses, of which the product is no correlation.

    >>> from hypothesis import find
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=1")
    >>> find(correlated_policies(game), lambda policy: policy.weights[0, 0, 0] < 1).weights[0, 0].tolist()
    [Fraction(0, 1), Fraction(0, 1), Fraction(0, 1), Fraction(1, 1)]
    """
    shape = (game.horizon, game.n_states)

    def build(rows: list[tuple[Fraction, ...]]) -> JointPolicy:
        weights = np.empty((*shape, game.n_joint_actions), dtype=object)
        for where, row in zip(np.ndindex(*shape), rows, strict=True):
            weights[where] = row
        return JointPolicy(weights, game.actions)

    count = prod(shape)
    row = nominal_rows(game.n_joint_actions, max_weight=2, pointed=False)
    return st.lists(row, min_size=count, max_size=count).map(build)


def product_policies(game: FiniteHorizon) -> SearchStrategy[JointPolicy]:
    """Draw a policy in which the agents act independently.

    >>> from hypothesis import find
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=1")
    >>> find(product_policies(game), lambda policy: policy.weights[0, 0, 0] < 1).weights[0, 0].tolist()
    [Fraction(0, 1), Fraction(1, 1), Fraction(0, 1), Fraction(0, 1)]
    """
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


def policies(game: FiniteHorizon) -> SearchStrategy[JointPolicy]:
    """Draw a product policy or a correlated one.

    >>> from hypothesis import find
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=1")
    >>> find(policies(game), lambda policy: True).actions
    (2, 2)
    """
    return product_policies(game) | correlated_policies(game)
