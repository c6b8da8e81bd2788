r"""What a returned policy may be an equilibrium of, in place of the game that was asked about.

An alternative is a recursion as for values; a policy follows it if nobody gains by deviating in it, at any
step and state. Readings of the policy say how it was written. Of a stage game the payoffs, the joint actions
and the concept can be mistaken; a planner may follow every convention of single rows, and the recursions of
a whole game whose equilibria are others.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from drmg_check.referee.diagnosis._altered_values import clipping
from drmg_check.referee.diagnosis._alternatives import conventions
from drmg_check.referee.diagnosis._game_alternatives import (
    COSTS,
    adversaries_of_some_steps,
    agents_exchanged,
    lifted_rows,
    myopia,
    parts_of_other_steps,
    stale_values,
)
from drmg_check.referee.diagnosis._mistakes import DISCOUNTS
from drmg_check.referee.diagnosis._readings import (
    all_steps,
    backwards,
    first_for_all,
    game_steps,
    of_own_actions,
    of_rewards,
    policy_steps,
    reordered_game,
    reordered_policy,
    unpaid_last,
)
from drmg_check.referee.diagnosis._recursion import GameAlternative, Recursion
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import Array
from drmg_check.words import Concept

CORRELATED = "correlation"
COARSE = "coarse correlation"
"""Allowed by every policy that is an equilibrium with :data:`CORRELATED`."""
_HIDDEN = "an interval around each probability"
"""Differs from total variation if there are four states or more."""
_IGNORED = ("the nominal mean", "the smallest value of the support")
"""The smallest value of all is the same after every action: no policy tells it from no future."""


def other_concepts(asked: Concept) -> Iterator[GameAlternative]:
    """Yield equilibria of other concepts than the one asked for, that a policy may be one of."""
    if asked == "nash":
        words = "a correlated equilibrium, not a product"
        yield GameAlternative(CORRELATED, words, Recursion(concept="ce"), "declare concept='ce'")
    if asked != "cce":
        words = "a coarse correlated equilibrium"
        yield GameAlternative(COARSE, words, Recursion(concept="cce"), "declare concept='cce'")


def other_payoffs() -> Iterator[GameAlternative]:
    """Yield games with other rewards."""
    how = Recursion(read=of_rewards(np.negative))
    yield GameAlternative("rewards taken for costs", "min in place of max", how, COSTS)
    for one in agents_exchanged():
        if "rewards" in one.name:
            yield one
    how = Recursion(read=of_rewards(lambda r: np.stack([r.sum(axis=0)] * len(r))))
    yield GameAlternative("the sum of the rewards for all", "the agents are a team", how)
    for i, j in ((0, 1), (1, 0)):
        words = "a zero-sum game"
        how = Recursion(read=of_rewards(partial(_opposed, i)))
        yield GameAlternative(f"minus agent {i + 1}'s rewards for agent {j + 1}", words, how)


def other_beliefs() -> Iterator[GameAlternative]:
    """Yield stage games against others who do not answer."""
    how = Recursion(read=of_own_actions(np.mean))
    yield GameAlternative("others who play uniformly", "nobody expects an answer", how)
    how = Recursion(read=of_own_actions(np.min))
    yield GameAlternative("others who mean harm", "each maximises the least that an action earns", how)


def _opposed(i: int, r: Array) -> Array:
    """Give the agents other than i what agent i loses."""
    m = len(r)
    return np.stack([r[i % m] if j == i % m else -r[i % m] for j in range(m)])


def other_orders() -> Iterator[GameAlternative]:
    """Yield joint actions in another order."""
    words = "read and written in column-major order"
    how = Recursion(read=lambda t: reordered_policy(reordered_game(t)))
    yield GameAlternative("joint actions with agent 1's fastest", words, how)
    how = Recursion(read=reordered_game)
    yield GameAlternative("a game with agent 1's action fastest", "read in column-major order", how)
    how = Recursion(read=reordered_policy)
    yield GameAlternative("a policy with agent 1's action fastest", "written in column-major order", how)


def rows_of_a_plan(uncertainty: UncertaintySet) -> Iterator[GameAlternative]:
    """Yield the alternatives to single rows that policies can tell apart."""
    named = {one.name for one in conventions(uncertainty)} | {*_IGNORED}
    named |= {f"a discount of {float(Fraction(x)):g}" for x in DISCOUNTS[:-1]}  # the last costs too little
    for one in lifted_rows(uncertainty):
        if one.name.removesuffix(" in each row") in named - {_HIDDEN}:
            yield one


def clipping_of_a_plan() -> Iterator[GameAlternative]:
    """Yield clipping that leaves a choice."""
    for one in clipping(steps=True):
        if "[0, 1]" not in one.name:  # which leaves no choice where more is to be had
            yield one


def radii_exchanged() -> Iterator[GameAlternative]:
    """Yield radii of other agents."""
    for one in agents_exchanged():
        if "radii" in one.name:
            yield one


def other_steps() -> Iterator[GameAlternative]:
    """Yield steps, and adversaries of some steps, taken for others."""
    yield myopia()
    yield from adversaries_of_some_steps()
    words = "the policy of step H - h + 1 for h"
    yield GameAlternative("a policy in reversed order", words, Recursion(read=policy_steps(backwards)))
    words = "everything of step H - h + 1"
    yield GameAlternative("a game in reversed order", words, Recursion(read=game_steps(backwards)))
    words = "read and written with step H - h + 1 for h"
    yield GameAlternative("the steps in reversed order", words, Recursion(read=all_steps(backwards)))
    words = "as if the game were stationary"
    yield GameAlternative("the first step for all", words, Recursion(read=game_steps(first_for_all)))
    yield from parts_of_other_steps()
    yield stale_values()
    yield GameAlternative("no last reward", "V_H = 0 in place of V_{H+1} = 0", Recursion(read=unpaid_last))
