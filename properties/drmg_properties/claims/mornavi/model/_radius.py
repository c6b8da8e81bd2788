"""Before eq. (31): which way the values move with the radius (A11)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import JointPolicy, RobustMarkovGame, check_policy_fits
from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Check, Claim, Generated, twins
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games, simple_fractions


@dataclass(frozen=True, slots=True, eq=False)
class TwoRadii:
    """A play that is valued at two radii; the radius of the game itself plays no part."""

    game: RobustMarkovGame
    policy: JointPolicy
    smaller: Fraction
    larger: Fraction

    def __post_init__(self) -> None:
        check_policy_fits(self.game, self.policy)
        if not 0 <= self.smaller <= self.larger <= 1:
            raise InputError(f"radii {self.smaller}, {self.larger}; expected 0 <= smaller <= larger <= 1")


@st.composite
def _radii(draw: DrawFn, budget: Budget) -> TwoRadii:
    pairs = [(x, y) for y in simple_fractions(0, 1, 4) for x in simple_fractions(0, 1, 4) if x < y]
    low, high = draw(st.sampled_from(pairs))
    drawn = games(
        max_agents=1, min_states=2, max_states=2, min_horizon=2, max_horizon=1 + budget.size, max_radius=0
    )
    play = draw(plays(drawn))
    return TwoRadii(play.game, play.policy, low, high)


def _two_radii(case: TwoRadii) -> tuple[Slack, list[str]]:
    """Return the least of ``V at the smaller radius - V at the larger`` over all places, and the values."""
    smaller, larger = (
        evaluate_exactly(_with_radius(case.game, rho), case.policy) for rho in (case.smaller, case.larger)
    )
    lines, differences = [], []
    for i, h, s in product(range(case.game.n_agents), range(case.game.horizon), range(case.game.n_states)):
        one, two = smaller.lo[i, h, s], larger.lo[i, h, s]
        differences.append(one - two)
        lines.append(f"step {h + 1}, s{s}: V = {one} at radius {case.smaller}, {two} at radius {case.larger}")
    return Slack(min(differences), max(differences)), lines


def _with_radius(game: RobustMarkovGame, rho: Fraction) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=np.array(rho, dtype=object),
        uncertainty=game.uncertainty,
        actions=game.actions,
    )


def _monotone(decreasing: bool) -> Check[TwoRadii]:
    """Check that V falls when the radius grows, or (as the sentence has it) when it shrinks."""

    def slack(case: TwoRadii) -> Slack:
        differences, _ = _two_radii(case)
        return Slack.of(differences.low if decreasing else -differences.high)

    def explain(case: TwoRadii) -> tuple[str, ...]:
        lines = describe_play(Play(case.game, case.policy))
        return (*lines, *_two_radii(case)[1], f"slack = {slack(case).low}")

    return Check(slack, explain)


_SHRINKING, _GROWING = _monotone(decreasing=False), _monotone(decreasing=True)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A11",
        place="Before eq. (31)",
        title="Conservative as the radius decreases",
        statement="Values become more conservative as the radius decreases: V at rho_min <= V at rho_i.",
        latex=r"V^{\pi,\rho_{min}}_{i,h}(s) \le V^{\pi,\rho_i}_{i,h}(s)",
        formalisation="The sentence, not (31); slack = min (V at the larger radius - V at the smaller).",
        assumptions=("total variation",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="A11.corrected",
        instance_type=TwoRadii,
        search=Generated(_radii),
        derive=twins(_SHRINKING.slack, _SHRINKING.explain),
    ),
    Claim(
        id="A11.corrected",
        place="Eq. (31)",
        title="Conservative as the radius increases",
        statement="V at rho_i <= V at rho_min, as displayed in (31).",
        latex=r"V^{\pi,\rho_i}_{i,h}(s) \le V^{\pi,\rho_{min}}_{i,h}(s)",
        formalisation="slack = min (V at the smaller radius - V at the larger), over steps and states.",
        assumptions=("total variation",),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=TwoRadii,
        search=Generated(_radii),
        derive=twins(_GROWING.slack, _GROWING.explain),
    ),
)
