"""Before eq. (31): which way the values move with the radius (A11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import JointPolicy, RobustMarkovGame, check_policy_fits
from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, both
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


def _with_radius(game: RobustMarkovGame, rho: Fraction) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=np.array(rho, dtype=object),
        uncertainty=game.uncertainty,
        actions=game.actions,
    )


def _values(case: TwoRadii) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yield the places, the value there at the smaller radius and at the larger one."""
    smaller, larger = (
        evaluate_exactly(_with_radius(case.game, rho), case.policy).lo for rho in (case.smaller, case.larger)
    )
    for i, h, s in product(range(case.game.n_agents), range(case.game.horizon), range(case.game.n_states)):
        yield f"step {h + 1}, s{s}", smaller[i, h, s], larger[i, h, s]


def _ordered(larger_first: bool, strict: bool = False) -> Callable[[TwoRadii], Derivation]:
    """Derive that the value at the larger radius is at most that at the smaller, or the other way."""

    def derive(case: TwoRadii) -> Derivation:
        every = tuple(_values(case))

        def lines() -> tuple[str, ...]:
            shown = (f"{place}: V = {x} at {case.smaller}, {y} at {case.larger}" for place, x, y in every)
            return (*describe_play(Play(case.game, case.policy)), *shown)

        sides = ((y, x) if larger_first else (x, y) for _, x, y in every)
        return both(*(at_most(left, right, lines, strict=strict) for left, right in sides))

    return derive


A11 = Claim(
    id="A11",
    place="Before eq. (31)",
    title="Conservative as the radius decreases",
    statement="Values become more conservative as the radius decreases: V at rho_min <= V at rho_i.",
    latex=r"V^{\pi,\rho_{min}}_{i,h}(s) \le V^{\pi,\rho_i}_{i,h}(s)",
    formalisation="The sentence, not (31), at every step and state.",
    assumptions=("total variation",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="A11.corrected",
    instance_type=TwoRadii,
    search=Generated(_radii),
    derive=_ordered(larger_first=False),
)
A11_CORRECTED = replace(
    A11,
    id="A11.corrected",
    place="Eq. (31)",
    title="Conservative as the radius increases",
    statement="V at rho_i <= V at rho_min, as displayed in (31).",
    latex=r"V^{\pi,\rho_i}_{i,h}(s) \le V^{\pi,\rho_{min}}_{i,h}(s)",
    formalisation="At every step and state.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    derive=_ordered(larger_first=True),
    neighbours=(Neighbour("strictly", _ordered(larger_first=True, strict=True)),),
)

CLAIMS: tuple[Claim[Any], ...] = (A11, A11_CORRECTED)
