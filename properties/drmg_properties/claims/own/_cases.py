"""Discounted games as instances of claims, small enough to be solved in fractions, and their backup."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    check_policy_fits,
    discounted,
    exact_reward,
    row_of,
)
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_check.vocabulary import InputError
from drmg_oracles import worst_case_exact
from drmg_properties.claim import Budget
from drmg_properties.formulas import vector
from drmg_properties.strategies import (
    EVERYTHING,
    EXACT_SETS,
    Variety,
    fractions,
    games,
    policies,
    value_vectors,
)

Vector: TypeAlias = tuple[Fraction, ...]
CLOSEST = Fraction(99, 100)
"""The largest discount drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A discounted game, given by a game of one step, a policy, and two guesses of agent 0's values.

    Attributes
    ----------
    game : RobustMarkovGame
        Of one step, which is played for ever.
    policy : JointPolicy
    discount : Fraction
    V, W : tuple of Fraction, length S
    """

    game: RobustMarkovGame
    policy: JointPolicy
    discount: Fraction
    V: Vector
    W: Vector

    def __post_init__(self) -> None:
        check_policy_fits(self.game, self.policy)
        if self.game.horizon != 1 or not len(self.V) == len(self.W) == self.game.n_states:
            raise InputError(
                f"horizon={self.game.horizon}, {len(self.V)} and {len(self.W)} values; expected one step and "
                f"a value for each of {self.game.n_states} states"
            )
        if not 0 <= self.discount < 1:
            raise InputError(f"discount={self.discount}; expected 0 <= discount < 1")

    @property
    def model(self) -> DiscountedGame:
        """The discounted game."""
        return discounted(self.game, self.discount)


@st.composite
def guesses(
    draw: DrawFn,
    /,
    budget: Budget,
    *,
    uncertainty: UncertaintySet | SearchStrategy[UncertaintySet] = EXACT_SETS,
    variety: Variety = EVERYTHING,
    **sizes: int,
) -> Guess:
    """Draw a game of one step with exact worst cases, a policy, a discount up to 99/100 and two guesses."""
    most = {"max_states": 1 + budget.size, "max_agents": 2, "max_horizon": 1, **sizes}
    game = draw(games(uncertainty=uncertainty, variety=variety, **most))
    vectors = value_vectors(game.n_states, 4, 2, -2)
    return Guess(
        game,
        draw(policies(game)),
        draw(fractions(0, CLOSEST, 12) | st.just(CLOSEST)),
        draw(vectors),
        draw(vectors),
    )


def signals(_: Budget) -> list[Guess]:
    """Return two agents who are told to do alike, where what the second does decides which state follows.

    State 1 pays one more than state 0. Obeying is worth more than any answer to the second agent alone, and
    a kernel that is averaged over what it does leaves the adversary a smaller worst case.
    """
    alike = [Fraction(1), Fraction(0), Fraction(0), Fraction(1)]
    first, second = [Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]
    game = RobustMarkovGame(
        transition=np.array([[first, second, first, second]] * 2, dtype=object),
        reward=np.array([[[[paid + s for paid in alike] for s in range(2)]]] * 2, dtype=object),
        radius=np.array(Fraction(1, 2), dtype=object),
        uncertainty=(TotalVariation(),) * 2,
        actions=(2, 2),
        horizon=1,
    )
    told = np.array([[[paid / 2 for paid in alike]] * 2], dtype=object)
    zero = (Fraction(0),) * 2
    return [Guess(game, JointPolicy(told, (2, 2)), Fraction(1, 2), zero, zero)]


def action_values(case: Guess, V: Vector, s: int, i: int = 0) -> Vector:
    """Return ``r(s, a) + inf E_q gamma V`` for each joint action."""
    stage = case.game.stages[0]
    following = [case.discount * v for v in V]
    return tuple(
        exact_reward(stage, i, s, a) + worst_case_exact(row_of(stage, i, s, a, following))
        for a in range(case.game.n_joint_actions)
    )


def obeyed(case: Guess, V: Vector) -> Vector:
    """Return ``T_pi V`` of agent 0."""
    return tuple(
        sum(
            (w * q for w, q in zip(_drawn(case, s), action_values(case, V, s), strict=True)),
            Fraction(0),
        )
        for s in range(case.game.n_states)
    )


def answered(case: Guess, V: Vector) -> Vector:
    """Return ``T V``: agent 0 answers best, the others play as the policy says."""
    return tuple(max(answers(case, V, s)) for s in range(case.game.n_states))


def answers(case: Guess, V: Vector, s: int) -> Vector:
    """Return what each action of agent 0 is worth against the others' marginal."""
    Q = action_values(case, V, s)
    stride, n = prod(case.game.actions[1:]), case.game.actions[0]
    others = [Fraction(0)] * stride
    for a, w in enumerate(_drawn(case, s)):
        others[a % stride] += w
    return tuple(
        sum((w * Q[k * stride + rest] for rest, w in enumerate(others)), Fraction(0)) for k in range(n)
    )


def distance(V: Vector, W: Vector) -> Fraction:
    """Return the largest difference."""
    return max(abs(v - w) for v, w in zip(V, W, strict=True))


def shifted(V: Vector, c: Fraction) -> Vector:
    """Return all values with c added."""
    return tuple(v + c for v in V)


def described(case: Guess, *vectors: tuple[str, Vector]) -> tuple[str, ...]:
    """Say what an instance is in lines, and some vectors besides."""
    game = case.game
    rows = tuple(
        f"P(s{s}, a{a}) = {vector(tuple(map(Fraction, game.transition[0, s, a])))}, "
        f"r = {', '.join(str(exact_reward(game.stages[0], i, s, a)) for i in range(game.n_agents))}"
        for s in range(game.n_states)
        for a in range(game.n_joint_actions)
    )
    shown = tuple(f"{name} = {vector(values)}" for name, values in vectors)
    radii = ", ".join(f"{ball} {float(game.rho[i].max()):g}" for i, ball in enumerate(game.uncertainty))
    return (f"discount {case.discount}; sets and largest radii: {radii}", *rows, *shown)


def _drawn(case: Guess, s: int) -> Vector:
    return action_distribution(case.policy, 0, s)
