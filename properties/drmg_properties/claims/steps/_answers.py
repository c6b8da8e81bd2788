"""What one agent can do about what it is told: its answers at one step, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from drmg_check.models import action_distribution, marginal
from drmg_check.vocabulary import Array
from drmg_oracles import worst_case_exact
from drmg_properties.claims.steps._recursion import action_values
from drmg_properties.instances import Play


def replies(told: tuple[Fraction, ...]) -> list[tuple[int, ...]]:
    """Return the maps of actions to actions; a recommendation that never comes is left alone.

    >>> replies((Fraction(1), Fraction(0)))
    [(0, 1), (1, 1)]
    """
    n = len(told)
    return list(product(*(range(n) if weight else (b,) for b, weight in enumerate(told))))


def _answers(play: Play, i: int, h: int, s: int, Q: Array) -> set[Fraction]:
    """Return what the agent's answers to the recommendations at (h, s) are worth, for Q(s, .)."""
    actions = play.game.actions
    told = list(zip(np.ndindex(*actions), action_distribution(play.policy, h, s), strict=True))

    def value(reply: tuple[int, ...]) -> Fraction:
        total = Fraction(0)
        for a, weight in told:
            done = (*a[:i], reply[a[i]], *a[i + 1 :])
            total += weight * Q[np.ravel_multi_index(done, actions)]
        return total

    return {value(reply) for reply in replies(marginal(play.policy, i, h, s))}


def answered_values(play: Play, i: int, h: int, following: Array) -> Iterator[Array]:
    """Yield the values ``V_h`` [S] of agent i for all its answers at step h, given ``V_{h+1}``.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import good_bad_chain
    >>> game = good_bad_chain()
    >>> play = Play(game, uniform_policy(game))
    >>> [[int(v) for v in V] for V in answered_values(play, 0, 0, np.array([0, 0], dtype=object))]
    [[1, 0]]
    """
    Q = action_values(play.game, i, h, following, worst_case_exact)
    each_state = (sorted(_answers(play, i, h, s, Q[s])) for s in range(play.game.n_states))
    for chosen in product(*each_state):
        yield np.array(chosen, dtype=object)
