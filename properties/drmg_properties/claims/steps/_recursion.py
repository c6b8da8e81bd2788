"""Backward recursions with an operator of one's choice, as the paper writes them; exact, for tiny games."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from drmg_check.models import (
    JointPolicy,
    Model,
    Stage,
    action_distribution,
    backwards,
    exact_reward,
    row_of,
)
from drmg_check.sets import Row
from drmg_check.vocabulary import Array

Expectation: TypeAlias = Callable[[Row], Fraction]
"""Any sigma: the expectation of a row's values under some kernel that the row stands for."""


def action_values(game: Model, i: int, h: int, following: Array, sigma: Expectation) -> Array:
    """Return ``Q[s, a] = r + sigma(V_{h+1})`` of agent i, for the next values [S]."""
    stage, V = game.stages[h], tuple(following)
    Q = np.empty((stage.n_states, stage.n_joint_actions), dtype=object)
    for s, a in np.ndindex(*Q.shape):
        Q[s, a] = exact_reward(stage, i, s, a) + sigma(row_of(stage, i, s, a, V))
    return Q


def values_by(game: Model, policy: JointPolicy, i: int, sigma: Expectation) -> Array:
    """Return agent i's values [H + 1, S] by ``V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})]``, eq. (12)-(13)."""

    def average(h: int, s: int, Q: Array) -> Fraction:
        weights = action_distribution(policy, h, s)
        return sum((weight * q for weight, q in zip(weights, Q, strict=True)), Fraction(0))

    return values_settled(game, i, sigma, average)


def values_settled(
    game: Model, i: int, sigma: Expectation, settle: Callable[[int, int, Array], Fraction]
) -> Array:
    """Return agent i's values [H + 1, S] by ``V_h(s) = settle(h, s, r + sigma(V_{h+1}))``, from 0 at the end.

    >>> from drmg_check.zoo import load
    >>> from drmg_oracles import worst_case_exact
    >>> values_settled(load("initial-shock"), 0, worst_case_exact, lambda h, s, Q: max(Q))[0].tolist()
    [Fraction(4, 1), Fraction(4, 1)]
    """

    def back_up(stage: Stage, following: Array) -> Array:
        Q = action_values(game, i, stage.step, following, sigma)
        return np.array([settle(stage.step, s, Q[s]) for s in range(stage.n_states)], dtype=object)

    nothing: Array = np.full(game.n_states, Fraction(0), dtype=object)
    values = backwards(game.stages, back_up, nothing)
    return np.stack(values)
