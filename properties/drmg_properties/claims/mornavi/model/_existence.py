"""Section 2.1: robust equilibria exist (A8)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import JointPolicy, RobustMarkovGame, product_policy
from drmg_check.vocabulary import Array, Slack, UnsupportedError, Verdict
from drmg_oracles import ce_gap_exactly, gap_exactly, worst_case_exact
from drmg_properties.claim import Budget, Claim, Generated, twins
from drmg_properties.claims.steps import action_values
from drmg_properties.instances import Play, describe_game, describe_policy
from drmg_properties.strategies import games


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


def equilibrium(game: RobustMarkovGame) -> JointPolicy:
    """Return a robust Nash equilibrium by backward induction: at each (h, s) one of the stage game Q_i(s, .).

    Raises
    ------
    UnsupportedError
        More than two agents or actions.
    """
    if game.n_agents > 2 or max(game.actions) > 2:
        raise UnsupportedError(f"actions {game.actions}; expected at most two agents with two actions each")
    H, S, m = game.horizon, game.n_states, game.n_agents
    marginals: list[Array] = [np.empty((H, S, n), dtype=object) for n in game.actions]
    V = np.full((m, S), Fraction(0), dtype=object)
    shape = game.actions if m == 2 else (*game.actions, 1)
    for h in reversed(range(H)):
        Q = np.stack([action_values(game, i, h, V[i], worst_case_exact) for i in range(m)])
        for s in range(S):
            payoffs = [Q[i, s].reshape(shape) for i in range(m)]
            x, y = stage_equilibrium(payoffs[0], payoffs[-1] if m == 2 else payoffs[0] * 0)
            for marginal, played in zip(marginals, (x, y), strict=False):
                marginal[h, s] = played
            V[:, s] = [np.array(x, dtype=object) @ payoff @ np.array(y, dtype=object) for payoff in payoffs]
    return product_policy(marginals)


def _gaps(game: RobustMarkovGame) -> tuple[Fraction, Fraction]:
    """Return the NE gap, which is the CCE gap of a product policy, and the CE gap; over all states."""
    policy = equilibrium(game)
    nash, correlated = gap_exactly(game, policy), ce_gap_exactly(game, policy)
    return max(nash.hi.flat), max(correlated.hi.flat)


def _games(budget: Budget) -> SearchStrategy[RobustMarkovGame]:
    return games(max_states=1 + budget.size, max_horizon=1 + budget.size)


def _slack(game: RobustMarkovGame) -> Slack:
    return Slack.of(-max(_gaps(game)))


def _explain(game: RobustMarkovGame) -> tuple[str, ...]:
    nash, correlated = _gaps(game)
    return (
        *describe_game(game),
        *describe_policy(Play(game, equilibrium(game))),
        f"its NE and CCE gap is {nash}, its CE gap {correlated}, over all states",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
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
            "and a CCE. slack = -(largest gap over agents and states)."
        ),
        assumptions=("total variation", "at most two agents with two actions each, so that all is rational"),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=RobustMarkovGame,
        search=Generated(_games),
        derive=twins(_slack, _explain),
    ),
)
