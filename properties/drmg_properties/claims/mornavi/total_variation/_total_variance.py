"""Eq. (40): the law of total variance for robust values along nominal play (B26)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import (
    RobustMarkovGame,
    action_distribution,
    exact_radius,
    nominal_row,
    uniform_policy,
)
from drmg_check.sets import TotalVariation
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, both
from drmg_properties.claims.steps import span_bound, variance
from drmg_properties.instances import FailingPlay, Play, describe_play, failing_plays, plays
from drmg_properties.strategies import games


def summed_along_play(play: Play, spread: Callable[[int, tuple[Fraction, ...]], Fraction]) -> Fraction:
    """Return ``sum_h E spread(h, P_h(. | s, a))`` along the nominal play from the initial state."""
    game, policy = play.game, play.policy
    here = [Fraction(s == game.initial_state) for s in range(game.n_states)]
    total = Fraction(0)
    for h in range(game.horizon):
        following = [Fraction(0)] * game.n_states
        for s, a in np.ndindex(game.n_states, game.n_joint_actions):
            weight = here[s] * action_distribution(policy, h, s)[a]
            if weight:
                row = nominal_row(game.stages[h], s, a)
                total += weight * spread(h, row)
                following = [x + weight * y for x, y in zip(following, row, strict=True)]
        here = following
    return total


def total_variance(play: Play, i: int) -> Fraction:
    """Return ``sum_h E Var_{P_h}(V_{i,h+1})``."""
    V = evaluate_exactly(play.game, play.policy).lo[i]
    return summed_along_play(play, lambda h, row: variance(row, V[h + 1].tolist()))


def _total(factor: Fraction) -> Callable[[Play], Derivation]:
    """State that the sum of variances of every agent is at most ``factor H min{1/rho, H}``."""

    def derive(play: Play) -> Derivation:
        game = play.game

        def lines(i: int) -> tuple[str, ...]:
            radius = exact_radius(game.stages[0], i, 0, 0)
            return (
                *describe_play(play),
                f"left: agent {i}'s sum of E Var(V_(h+1)) along nominal play",
                f"right: {factor} min(1/rho, H) H at rho = {radius}, H = {game.horizon}",
            )

        parts = []
        for i in range(game.n_agents):
            span = span_bound(exact_radius(game.stages[0], i, 0, 0), game.horizon)
            parts.append(at_most(total_variance(play, i), factor * game.horizon * span, partial(lines, i)))
        return both(*parts)

    return derive


def coins(budget: Budget) -> Iterator[FailingPlay]:
    """Yield games in which one toss decides between a reward at every further step and none.

    Their sum of variances is ``(H - 1)^2 / 4``, an eighth of the bound for long horizons; radius 0.
    """
    for H in (2, 4, 10):
        P = np.array([[0, Fraction(1, 2), Fraction(1, 2)], [0, 1, 0], [0, 0, 1]], dtype=object)
        game = RobustMarkovGame(
            transition=P[:, np.newaxis],
            reward=np.array([[0], [1], [0]]),
            radius=np.array(Fraction(0), dtype=object),
            uncertainty=(TotalVariation(),),
            actions=(1,),
            horizon=H,
        )
        yield FailingPlay(game, uniform_policy(game))


def _any_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=1 + budget.size, max_horizon=2 + budget.size))


_LESS = Fraction(1, 5)
"""In the place of 2 and 4: 1/4 is needed as H grows, and no more is known to be."""
_TOTAL = r"\sum_{h=1}^H E_{P^*,\pi} Var_{P^*_h}\left(V^{\pi,\rho_i}_{i,h+1}\right)"


B26: Claim[FailingPlay] = Claim(
    id="B26",
    place="Eq. (40)",
    title="Law of total variance, with a failure state",
    statement="The expected sum of the variances of V_{h+1} in an episode is at most 2 min{1/rho, H} H.",
    latex=_TOTAL + r" \le 2 H \min\left\{\frac{1}{\rho_i}, H\right\}",
    formalisation="Nominal play from the initial state, exactly.",
    assumptions=("Assumption 1", "rewards in [0, 1]", "total variation", "rho of the agent itself"),
    reading="intended",
    instance_type=FailingPlay,
    search=Generated(lambda budget: failing_plays(1 + budget.size, 2 + budget.size), coins),
    derive=_total(Fraction(2)),
    neighbours=(Neighbour("1/5 for 2", _total(_LESS)),),
)
B26_GENERAL = Claim(
    id="B26.general",
    place="Eq. (40)",
    title="Law of total variance, any game",
    statement="Without a failure state the sum is at most 4 min{1/rho, H} H.",
    latex=_TOTAL + r" \le 4 H \min\left\{\frac{1}{\rho_i}, H\right\}",
    formalisation="Nominal play from the initial state, exactly.",
    assumptions=("rewards in [0, 1]", "total variation", "rho of the agent itself"),
    reading="intended",
    instance_type=Play,
    search=Generated(_any_plays, coins),
    derive=_total(Fraction(4)),
    neighbours=(Neighbour("1/5 for 4", _total(_LESS)),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B26,
    B26_GENERAL,
)
