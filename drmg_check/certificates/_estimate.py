"""How long a certificate will take on an idle core: the rows that it needs, times what a few of them take."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import thread_time

import numpy as np

from drmg_check.vocabulary import (
    FictitiousTotalVariation,
    JointPolicy,
    RobustMarkovGame,
    TotalVariation,
    UncertaintySet,
    action_distribution,
    exact_radius,
    is_product,
    nominal_row,
)
from drmg_oracles import integer_row, worst_cases

SAMPLED, REPEATED = 6, 3
GOLDEN = 0x9E3779B97F4A7C15F39CC0605CEDC835  # 2^128 / golden ratio: its multiples look like values


def estimate_seconds(game: RobustMarkovGame, policy: JointPolicy) -> float:
    """Return about how long :func:`certify` takes, from a few rows of each agent, timed.

    Each row is needed once for the value and once on its path, and each row that a deviation can meet as
    well; a correlated policy has two deviations. Averages and gains around a row cost about as much as
    a total-variation row. Besides, the policy is read everywhere twice for the value and five times for a
    deviation. Equal rows, which are enclosed once, make it faster than estimated.
    """
    played = policy.pi.reshape(policy.horizon, policy.n_states, *policy.actions) > 0.0
    deviations = 1 if game.n_agents == 1 or is_product(policy) else 2
    total = 0.0
    for i, one in enumerate(game.uncertainty):
        others = int(played.any(axis=2 + i).sum())
        rows = 2 * int(played.sum()) + deviations * others * (game.actions[i] + 1)
        if isinstance(one, FictitiousTotalVariation):
            nominal = _mean_seconds(game, lambda: lambda h, s, a: nominal_row(game, h, s, a))
            places = game.horizon * game.n_states * game.n_joint_actions
            total += (2 + 2 * deviations) * places * 2 * nominal
        else:
            total += rows * (_row_seconds(game, i, one) + _row_seconds(game, i, TotalVariation()))
    reading = _mean_seconds(game, lambda: lambda h, s, a: action_distribution(policy, h, s))
    return total + game.n_agents * (2 + 5 * deviations) * game.horizon * game.n_states * reading


def _row_seconds(game: RobustMarkovGame, i: int, uncertainty: UncertaintySet) -> float:
    """Return the time of one row of agent i, averaged over a few that are spread over the game."""
    scale = Fraction(game.horizon * float(np.abs(game.r[i]).max()))
    V = [scale * Fraction(GOLDEN * (s + 1) % 2**128, 2**128) for s in range(game.n_states)]
    top = uncertainty.max_radius

    def fresh() -> Callable[[int, int, int], object]:
        worst = worst_cases(uncertainty, V, 128)  # remembers rows

        def row(h: int, s: int, a: int) -> object:
            radius = exact_radius(game, i, h, s, a)
            return worst(integer_row(game.transition[h, s, a]), radius if top is None else min(radius, top))

        return row

    return _mean_seconds(game, fresh)


def _mean_seconds(game: RobustMarkovGame, fresh: Callable[[], Callable[[int, int, int], object]]) -> float:
    """Average over a few places the least CPU time of some calls: imports and a busy machine do not count."""
    rows, places = [fresh() for _ in range(REPEATED)], _places(game)
    return sum(min(_seconds(row, place) for row in rows) for place in places) / len(places)


def _seconds(row: Callable[[int, int, int], object], place: tuple[int, int, int]) -> float:
    began = thread_time()
    row(*place)
    return thread_time() - began


def _places(game: RobustMarkovGame) -> list[tuple[int, int, int]]:
    shape = (game.horizon, game.n_states, game.n_joint_actions)
    count = int(np.prod(shape))
    chosen = sorted({k * count // SAMPLED for k in range(SAMPLED)})
    return [(int(h), int(s), int(a)) for h, s, a in zip(*np.unravel_index(chosen, shape), strict=True)]
