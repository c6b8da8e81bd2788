"""The exact law of Algorithm 1 over a few episodes: how often small constants make its estimates wrong (B12).

What is played depends on the counts alone. So the law of the counts after k + 1 episodes follows from that
after k: plan at each table of counts that can occur, and add each history of an episode with its exact
probability. Data and plan depend on each other here as they do in a run, and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, action_distribution, nominal_row
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, IntArray, UnsupportedError, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Existence, Neighbour, at_least
from drmg_properties.claims.mornavi.sandwich._runs import start_room
from drmg_properties.claims.steps import estimates_at

if TYPE_CHECKING:
    from drmg_check.planner import Optimism

DELTA = Fraction(1, 20)
MAX_TABLES = 5000
Visit: TypeAlias = tuple[int, int, int, int]
"""h, s, a and the next state."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Two actions, which lead to the state that pays with probabilities of their own; radius; K episodes."""

    first: Fraction
    second: Fraction
    radius: Fraction
    K: int

    def __post_init__(self) -> None:
        if not (0 <= self.first <= 1 and 0 <= self.second <= 1 and 0 <= self.radius <= 1):
            raise InputError(f"{self}; expected probabilities and a radius in [0, 1]")
        if not 1 <= self.K <= 50:
            raise InputError(f"K={self.K}; expected 1 <= K <= 50")


def choice_game(case: Choice) -> RobustMarkovGame:
    """Return the game: state 0 at the start, from where an action leads to 0, which then pays 1, or to 1."""
    P = np.zeros((2, 2, 2, 2), dtype=object)
    P[:, [0, 1], :, [0, 1]] = 1
    for a, chance in enumerate((case.first, case.second)):
        P[0, 0, a] = chance, 1 - chance
    reward = np.zeros((1, 2, 2, 2), dtype=object)
    reward[0, 1, 0] = 1
    return RobustMarkovGame(
        transition=P,
        reward=reward,
        radius=np.array(case.radius, dtype=object),
        uncertainty=(TotalVariation(),),
        actions=(2,),
    )


class Wrong(NamedTuple):
    """The probability of a wrong estimate at the start in some episode, and how many tables can occur."""

    chance: Fraction
    tables: int


def law_of_violations(game: RobustMarkovGame, K: int, optimism: Optimism) -> Wrong:
    """Return the probability that Vbar or Vlow at the start is on its wrong side in any of K episodes.

    Raises
    ------
    UnsupportedError
        More than ``MAX_TABLES`` tables of counts.
    """
    shape = (game.horizon, game.n_states, game.n_joint_actions, game.n_states)
    law = {np.zeros(shape, dtype=np.int64).tobytes(): Fraction(1)}
    wrong, tables = Fraction(0), 0
    for _ in range(K):
        following: dict[bytes, Fraction] = {}
        tables += len(law)
        if tables > MAX_TABLES:
            raise UnsupportedError(f"K={K}; expected at most {MAX_TABLES} tables of counts: fewer episodes")
        for table, chance in law.items():
            N: IntArray = np.frombuffer(table, dtype=np.int64).reshape(shape)
            plan = estimates_at(game, N, optimism, "nash")
            policy = JointPolicy(plan.pi, game.actions)
            if start_room(game, plan, policy).violated:
                wrong += chance
                continue
            for history, weight in _episode(game, policy, 0, game.initial_state):
                after = N.copy()
                for visit in history:
                    after[visit] += 1
                key = after.tobytes()
                following[key] = following.get(key, Fraction(0)) + chance * weight
        law = following
    return Wrong(wrong, tables)


def _episode(
    game: RobustMarkovGame, policy: JointPolicy, h: int, s: int
) -> Iterator[tuple[tuple[Visit, ...], Fraction]]:
    """Yield the visits of an episode from (h, s) on, with their probabilities under the true kernel."""
    if h == game.horizon:
        yield (), Fraction(1)
        return
    for a, played in enumerate(action_distribution(policy, h, s)):
        for t, moved in enumerate(nominal_row(game.stages[h], s, a)):
            if played * moved:
                for rest, chance in _episode(game, policy, h + 1, t):
                    yield ((h, s, a, t), *rest), played * moved * chance


def practical_law(case: Choice, level: Fraction = DELTA) -> Derivation:
    """Derive that an estimate at the start is wrong in some episode with probability at least the level."""
    from drmg_check.planner import practical

    game = choice_game(case)
    wrong = law_of_violations(game, case.K, practical(game, case.K))
    return at_least(
        wrong.chance,
        level,
        lambda: (
            f"from s0, action 0 leads to pay 1 with probability {case.first}, action 1 with {case.second}",
            f"S = 2, H = 2, rho = {case.radius}, K = {case.K}; c1 = iota = 1, c2 = 1/100, c3 = 0",
            f"{wrong.tables} tables of counts can occur before an estimate at the start is wrong",
            f"left: P(one is wrong in some episode); right: {level}",
        ),
    )


def _choices(budget: Budget) -> Iterator[Choice]:
    chances = tuple(Fraction(x) for x in ("1/4", "3/4", "9/10"))[: budget.size]
    for K, chance in product((1, 2, 4, 12), chances):
        yield Choice(chance, chance, Fraction(1, 10), K)


B12_PRACTICAL = Claim(
    id="B12.practical",
    place="Theorem 1, how small c1 and c2 may be",
    title="Constants with which learning shows are too small",
    statement=(
        "With c1 = iota = 1, c2 = 1/100 and c3 = 0, which are this project's, there is a game in which an "
        "estimate at the start is wrong in few episodes with more than delta."
    ),
    latex=(
        r"P\left( \exists k \le K: \underline{V}^k_1(s_1) > V^{\pi^k}_1(s_1) \text{ or } V^\dagger_1(s_1) > "
        r"\overline{V}^k_1(s_1) \right) \ge \delta"
    ),
    formalisation=(
        "A finding of our own on constants that show learning early; the paper says only that there are "
        "some. One agent with two actions, H = 2; the exact law of all tables of counts, episode by episode."
    ),
    assumptions=("delta = 1/20", "the bonus with / N"),
    reading="corrected",
    expected=Verdict.PROVED,
    instance_type=Choice,
    search=Existence(_choices),
    derive=practical_law,
    neighbours=(Neighbour("with probability 1/2", lambda case: practical_law(case, Fraction(1, 2))),),
)

CLAIMS: tuple[Claim[Any], ...] = (B12_PRACTICAL,)
