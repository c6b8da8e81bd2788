"""Eq. (40): the law of total variance for robust values along nominal play (B26)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import action_distribution, exact_radius, nominal_row
from drmg_check.vocabulary import Slack, Verdict
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Check, Claim, Generated, twins
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


def _total_variance_check(factor: int) -> Check[Play]:
    def sides(play: Play, i: int) -> tuple[Fraction, Fraction]:
        H = play.game.horizon
        return total_variance(play, i), factor * H * span_bound(exact_radius(play.game.stages[0], i, 0, 0), H)

    def slack(play: Play) -> Slack:
        found = [sides(play, i) for i in range(play.game.n_agents)]
        return Slack.of(min(allowed - total for total, allowed in found))

    def explain(play: Play) -> tuple[str, ...]:
        lines = []
        for i in range(play.game.n_agents):
            total, allowed = sides(play, i)
            lines.append(f"agent {i}: sum of variances {total}, allowed {factor} min(1/rho, H) H = {allowed}")
        return (*describe_play(play), *lines, f"slack = {slack(play).low}")

    return Check(slack, explain)


def _any_plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(max_states=1 + budget.size, max_horizon=2 + budget.size))


_FAILING, _ANY = _total_variance_check(2), _total_variance_check(4)
_TOTAL = r"\sum_{h=1}^H E_{P^*,\pi} Var_{P^*_h}\left(V^{\pi,\rho_i}_{i,h+1}\right)"

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B26",
        place="Eq. (40)",
        title="Law of total variance, with a failure state",
        statement="The expected sum of the variances of V_{h+1} in an episode is at most 2 min{1/rho, H} H.",
        latex=_TOTAL + r" \le 2 H \min\left\{\frac{1}{\rho_i}, H\right\}",
        formalisation="Nominal play from the initial state, exactly; slack = the least of right - left.",
        assumptions=("Assumption 1", "rewards in [0, 1]", "total variation", "rho of the agent itself"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=FailingPlay,
        search=Generated(lambda budget: failing_plays(1 + budget.size, 2 + budget.size)),
        derive=twins(_FAILING.slack, _FAILING.explain),
    ),
    Claim(
        id="B26.general",
        place="Eq. (40)",
        title="Law of total variance, any game",
        statement="Without a failure state the sum is at most 4 min{1/rho, H} H.",
        latex=_TOTAL + r" \le 4 H \min\left\{\frac{1}{\rho_i}, H\right\}",
        formalisation="Nominal play from the initial state, exactly; slack = the least of right - left.",
        assumptions=("rewards in [0, 1]", "total variation", "rho of the agent itself"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_any_plays),
        derive=twins(_ANY.slack, _ANY.explain),
    ),
)
