"""Backward recursions with an operator of one's choice, as the paper writes them; exact, for tiny games."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, action_distribution, exact_reward, row_of
from drmg_check.sets import Row
from drmg_check.vocabulary import Array

Operator: TypeAlias = Callable[[Row], Fraction]


def action_values(game: RobustMarkovGame, i: int, h: int, following: Array, sigma: Operator) -> Array:
    """Return ``Q[s, a] = r + sigma(V_{h+1})`` of agent i, for the next values [S]."""
    Q = np.empty((game.n_states, game.n_joint_actions), dtype=object)
    for s, a in np.ndindex(*Q.shape):
        Q[s, a] = exact_reward(game.stages[h], i, s, a) + sigma(
            row_of(game.stages[h], i, s, a, tuple(following))
        )
    return Q


def values_by(game: RobustMarkovGame, policy: JointPolicy, i: int, sigma: Operator) -> Array:
    """Return agent i's values [H + 1, S] by ``V_h(s) = E_{a ~ pi}[r + sigma(V_{h+1})]``, eq. (12)-(13)."""
    V = np.full((game.horizon + 1, game.n_states), Fraction(0), dtype=object)
    for h in reversed(range(game.horizon)):
        Q = action_values(game, i, h, V[h + 1], sigma)
        for s in range(game.n_states):
            V[h, s] = sum(
                (weight * q for weight, q in zip(action_distribution(policy, h, s), Q[s], strict=True)),
                Fraction(0),
            )
    return V
