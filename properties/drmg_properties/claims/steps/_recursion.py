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

Operator: TypeAlias = Callable[[Row], Fraction]


def action_values(game: Model, i: int, h: int, following: Array, sigma: Operator) -> Array:
    """Return ``Q[s, a] = r + sigma(V_{h+1})`` of agent i, for the next values [S]."""
    stage, V = game.stages[h], tuple(following)
    Q = np.empty((stage.n_states, stage.n_joint_actions), dtype=object)
    for s, a in np.ndindex(*Q.shape):
        Q[s, a] = exact_reward(stage, i, s, a) + sigma(row_of(stage, i, s, a, V))
    return Q


def values_by(game: Model, policy: JointPolicy, i: int, sigma: Operator) -> Array:
    """Return agent i's values [H + 1, S] by ``V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})]``, eq. (12)-(13)."""

    def average(stage: Stage, following: Array) -> Array:
        Q = action_values(game, i, stage.step, following, sigma)
        V = np.empty(stage.n_states, dtype=object)
        for s in range(stage.n_states):
            weights = action_distribution(policy, stage.step, s)
            V[s] = sum((weight * q for weight, q in zip(weights, Q[s], strict=True)), Fraction(0))
        return V

    nothing: Array = np.full(game.n_states, Fraction(0), dtype=object)
    values = backwards(game.stages, average, nothing)
    return np.stack(values)
