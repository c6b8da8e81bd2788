"""Section 6: contamination sets, and the game without an adversary that they are said to equal (G8)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis.strategies import SearchStrategy

from drmg_check.sets import Contamination, Row
from drmg_check.vocabulary import Array, Slack, Verdict
from drmg_oracles import worst_case_exact
from drmg_properties.claim import Budget, Claim, Generated, twins
from drmg_properties.claims.steps import action_values, mean, values_by
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games


def _plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(uncertainty=Contamination(), max_horizon=1 + budget.size))


def _discounted(row: Row) -> Fraction:
    """Return ``(1 - rho) E V`` under the nominal row."""
    return (1 - row.radius) * mean(row.probabilities, row.values)


def _offsets(play: Play) -> Iterator[tuple[str, Array]]:
    """Yield agent and step, and the robust minus the discounted action values [S, A]."""
    game, policy = play.game, play.policy
    for i in range(game.n_agents):
        robust, plain = (values_by(game, policy, i, sigma) for sigma in (worst_case_exact, _discounted))
        for h in range(game.horizon):
            Q = action_values(game, i, h, robust[h + 1], worst_case_exact)
            yield f"agent {i}, step {h + 1}", Q - action_values(game, i, h, plain[h + 1], _discounted)


def _slack(play: Play) -> Slack:
    return Slack.of(-max(max(d.flat) - min(d.flat) for _, d in _offsets(play)))


def _explain(play: Play) -> tuple[str, ...]:
    return (
        *describe_play(play),
        *(
            f"{place}: robust minus discounted Q over (s, a) = {vector(d.flatten().tolist())}"
            for place, d in _offsets(play)
        ),
        f"slack = -(largest spread of these) = {_slack(play).low}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="G8",
        place="Section 6",
        title="Contamination is a discount",
        statement=(
            "A game with contamination sets is equivalent to the one without adversary whose values are "
            "discounted by 1 - rho: action values differ by a number that does not depend on (s, a)."
        ),
        latex=(
            r"Q^{\pi,\rho_i}_{i,h}(s,a) - Q^{\pi, 1 - \rho_i}_{i,h}(s,a) = "
            r"\sum_{t=h+1}^{H} (1 - \rho_i)^{t-h-1} \rho_i \min_{s'} V^{\pi,\rho_i}_{i,t}(s')"
        ),
        formalisation=(
            "A finding beyond the table of claims; the paper quotes it of Wang et al. (2023a). Exact "
            "recursions; slack = -max over agents and steps of the spread of the difference. Equal "
            "advantages mean equal best responses, but not equal gaps: the difference depends on the policy."
        ),
        assumptions=("contamination of any state", "one radius per agent"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_plays),
        derive=twins(_slack, _explain),
    ),
)
