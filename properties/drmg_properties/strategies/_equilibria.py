"""Policies that are equilibria: what a random policy almost never is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.vocabulary import Array, NumericalError, exact
from drmg_check.words import CONCEPTS, Concept

SIMPLEST = 64
"""Denominators up to which the probabilities of an equilibrium of small integers are restored."""
WEIGHTS = (
    Fraction(1),
    Fraction(3),
    Fraction(1, 3),
    Fraction(10),
)  # a power of two would scale floats exactly


@st.composite
def equilibria(draw: DrawFn, game: RobustMarkovGame, concept: Concept | None = None) -> JointPolicy:
    """Draw a robust equilibrium of a game, by planning with the agents' rewards weighted in several ways.

    An agent's equilibria do not change when its rewards are multiplied; which one the planner takes does.

    Parameters
    ----------
    game : RobustMarkovGame
        Small, with sets of single rows.
    concept : {"nash", "cce", "ce"}, optional
        Drawn if it is not given.

    Returns
    -------
    JointPolicy
        Its probabilities are simple fractions where those are a distribution, else floats; then its gap is at
        most that of rounding (:func:`drmg_oracles.gap_exactly` says how much).

    Examples
    --------
    >>> from hypothesis import find
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=1")
    >>> find(equilibria(game, "cce"), lambda policy: True).weights.shape
    (1, 2, 4)
    """
    from drmg_check.planner import robust_value_iteration

    wanted: Concept = draw(st.sampled_from(CONCEPTS)) if concept is None else concept
    weights = [draw(st.sampled_from(WEIGHTS)) for _ in range(game.n_agents)]
    try:
        plan = robust_value_iteration(_weighted(game, weights), wanted)
    except NumericalError:  # a mixed equilibrium of three agents may not be found
        plan = robust_value_iteration(_weighted(game, weights), "cce")
    return _restored(plan.policy)


def _weighted(game: RobustMarkovGame, weights: list[Fraction]) -> RobustMarkovGame:
    reward: Array = np.array(
        [[[[exact(x) for x in row] for row in h] for h in i] for i in game.reward], object
    )
    for i, weight in enumerate(weights):
        reward[i] *= weight
    return RobustMarkovGame(
        transition=game.transition,
        reward=reward,
        radius=game.radius,
        uncertainty=game.uncertainty,
        actions=game.actions,
    )


def _restored(policy: JointPolicy) -> JointPolicy:
    """Return the policy with the simplest fractions near its floats, if every row sums to 1."""
    weights = np.empty(policy.weights.shape, dtype=object)
    for where in np.ndindex(weights.shape):
        weights[where] = exact(policy.weights[where]).limit_denominator(SIMPLEST)
    return JointPolicy(weights, policy.actions) if (weights.sum(axis=2) == 1).all() else policy
