"""Section 2.1: robust equilibria exist (A8)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame, backwards, product_policy
from drmg_check.vocabulary import Array, Bounds, UnsupportedError
from drmg_oracles import ce_gap_exactly, evaluate_exactly, gap_exactly, worst_case_exact
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour
from drmg_properties.claims.mornavi.model._bellman import POLYHEDRAL
from drmg_properties.claims.steps import action_values
from drmg_properties.instances import Play, describe_game, describe_policy
from drmg_properties.strategies import EXACT_SETS, games

Stage: TypeAlias = Callable[[Array, Array], tuple[list[Fraction], list[Fraction]]]
"""Of two payoff matrices: what both agents play."""


def stage_equilibrium(one: Array, two: Array) -> tuple[list[Fraction], list[Fraction]]:
    """Return a Nash equilibrium of a bimatrix game of at most two actions each, exactly.

    A 2 x 2 game without a pure equilibrium has best responses that go round in a circle, hence one in
    which each agent makes the other indifferent.
    """
    n, k = one.shape
    for a, b in np.ndindex(n, k):
        if one[a, b] == one[:, b].max() and two[a, b] == two[a].max():
            return [Fraction(j == a) for j in range(n)], [Fraction(j == b) for j in range(k)]
    x = (two[1, 1] - two[1, 0]) / (two[0, 0] - two[0, 1] - two[1, 0] + two[1, 1])
    y = (one[1, 1] - one[0, 1]) / (one[0, 0] - one[0, 1] - one[1, 0] + one[1, 1])
    return [x, 1 - x], [y, 1 - y]


def pure_profile(one: Array, two: Array) -> tuple[list[Fraction], list[Fraction]]:
    """Return the actions that the equilibrium plays most, for sure: none is mixed."""
    x, y = stage_equilibrium(one, two)
    return [Fraction(j == x.index(max(x))) for j in range(len(x))], [
        Fraction(j == y.index(max(y))) for j in range(len(y))
    ]


def equilibrium(game: RobustMarkovGame, stage: Stage = stage_equilibrium) -> JointPolicy:
    """Return a policy by backward induction: at each (h, s) what ``stage`` plays in the game Q_i(s, .).

    Raises
    ------
    UnsupportedError
        More than two agents or actions.
    """
    if game.n_agents > 2 or max(game.actions) > 2:
        raise UnsupportedError(f"actions {game.actions}; expected at most two agents with two actions each")
    H, S, m = game.horizon, game.n_states, game.n_agents
    marginals: list[Array] = [np.empty((H, S, n), dtype=object) for n in game.actions]
    shape = game.actions if m == 2 else (*game.actions, 1)

    def play(h: int, following: Array) -> Array:
        Q = np.stack([action_values(game, i, h, following[i], worst_case_exact) for i in range(m)])
        V = np.empty((m, S), dtype=object)
        for s in range(S):
            payoffs = [Q[i, s].reshape(shape) for i in range(m)]
            x, y = stage(payoffs[0], payoffs[-1] if m == 2 else payoffs[0] * 0)
            for marginal, played in zip(marginals, (x, y), strict=False):
                marginal[h, s] = played
            V[:, s] = [np.array(x, dtype=object) @ payoff @ np.array(y, dtype=object) for payoff in payoffs]
        return V

    nothing: Array = np.full((m, S), Fraction(0), dtype=object)
    backwards(range(H), play, nothing)
    return product_policy(marginals)


def _no_gap(stage: Stage) -> Callable[[RobustMarkovGame], Derivation]:
    """Derive that the policy found with such stage profiles has no gap, as an NE, CCE or CE, at any state."""

    def derive(game: RobustMarkovGame) -> Derivation:
        policy = equilibrium(game, stage)
        gaps = [max(find(game, policy).hi.flat) for find in (gap_exactly, ce_gap_exactly)]
        values = evaluate_exactly(game, policy).lo
        return Derivation(
            Bounds.of(max(gaps)),
            Bounds.of(0),
            lambda: (
                *describe_game(game),
                *describe_policy(Play(game, policy)),
                f"its NE and CCE gap is {gaps[0]}, its CE gap {gaps[1]}, over all states",
            ),
            silent="" if game.n_joint_actions > 1 else "there is one joint action",
            scale=max(abs(v) for v in values.flat),
            names=("largest gap", "0"),
        )

    return derive


def _games(budget: Budget) -> SearchStrategy[RobustMarkovGame]:
    # Two agents with two actions: fewer have a pure equilibrium in every stage game.
    size = 1 + budget.size
    two_by_two = games(uncertainty=EXACT_SETS, min_agents=2, min_actions=2, max_states=size, max_horizon=size)
    return two_by_two.map(_opposed) | games(uncertainty=EXACT_SETS, max_states=size, max_horizon=size)


def _opposed(game: RobustMarkovGame) -> RobustMarkovGame:
    """Let the second agent want what the first does not: few such games have a pure equilibrium."""
    first = game.reward[0]
    return RobustMarkovGame(
        transition=game.transition,
        reward=np.stack([first, 1 - first]),
        radius=game.radius,
        uncertainty=game.uncertainty,
        actions=game.actions,
        horizon=game.horizon,
    )


A8 = Claim(
    id="A8",
    place="Section 2.1",
    title="Robust NE, CCE and CE exist",
    statement="Every robust Markov game with agent-wise rectangular sets has a robust NE, CCE and CE.",
    latex=(
        r"\exists \pi \; \forall i, s: \quad "
        r"V^{\dagger, \pi_{-i}, \rho_i}_{i,1}(s) = V^{\pi, \rho_i}_{i,1}(s)"
    ),
    formalisation=(
        "Backward induction with an exact equilibrium of each stage game gives a policy; its gaps come "
        "from best responses and modifications over all Markov policies, by other code. An NE is a CE "
        "and a CCE. Weaker than the sentence: it speaks of every game, tried are those in which all is "
        "rational."
    ),
    assumptions=(POLYHEDRAL, "at most two agents with two actions each, so that all is rational"),
    instance_type=RobustMarkovGame,
    search=Generated(_games),
    derive=_no_gap(stage_equilibrium),
    neighbours=(Neighbour("in pure policies", _no_gap(pure_profile)),),
)

CLAIMS: tuple[Claim[Any], ...] = (A8,)
