"""The worst kernel of one agent along the path of a policy: what its adversary does where play can come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    Stage,
    action_distribution,
    check_policy_fits,
    exact_radius,
    next_values,
)
from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.vocabulary import Array
from drmg_oracles.games._bellman import exact_row, for_rows, worst_rows
from drmg_oracles.games._fictitious import averaged_game, own_policy
from drmg_oracles.games._iterate import forwards
from drmg_oracles.games._s_rectangular import worst_state_rows
from drmg_oracles.games._visit import Visit, WorstRow
from drmg_oracles.rows import IntegerRow


def worst_path(game: Model, policy: JointPolicy, i: int, V: Array) -> Iterator[Visit]:
    """Walk forwards from the initial state under a policy and agent i's worst kernel against it.

    Parameters
    ----------
    game, policy
    i : int
    V : object array [H + 1, S]
        Lower bounds on agent i's values, as of :func:`evaluate_exactly`. Against exact values the
        kernel attains the robust value; against bounds, up to their distance and that of each row's
        enclosure, added along h.

    Yields
    ------
    Visit
        By step, then state. Who can be reached is decided exactly, probabilities are floats.

    Raises
    ------
    InputError
        The policy belongs to another game.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly
    >>> visits = worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0])
    >>> [(visit.h, visit.s, visit.reach) for visit in visits][:3]
    [(0, 0, 1.0), (1, 0, 0.9), (1, 1, 0.1)]
    """
    check_policy_fits(game, policy)
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        yield from worst_path(averaged_game(game, policy, i, obeying=True), own_policy(policy, i), 0, V)
        return

    gamma = game.discounts[i] if isinstance(game, DiscountedGame) else Fraction(1)

    @lru_cache(maxsize=1)
    def adversary(stage: Stage) -> tuple[Adversary, Callable[[int, int], list[float]]]:
        following = [gamma * v for v in V[stage.step + 1].tolist()]
        plain = [float(x) for x in following]

        def values(s: int, a: int) -> list[float]:
            if stage.arrival is None:
                return plain
            return [float(x) for x in next_values(stage, i, s, a, following)]

        return _adversary(stage, i, following), values

    def look(stage: Stage, s: int, chance: float, following: dict[int, float]) -> Visit:
        h, (worst, values) = stage.step, adversary(stage)
        rows, joint = [], action_distribution(policy, h, s)
        moved_rows = worst(s, joint)
        for a, weight in enumerate(joint):
            if weight:
                nominal, moved = exact_row(stage.rows, s, a), moved_rows(a)
                mass = chance * float(weight)
                for t, p in zip(moved.states, moved.weights, strict=True):
                    following[t] = following.get(t, 0.0) + mass * (p / moved.total)
                z = values(s, a)
                fall = _expectation(nominal, z) - _expectation(moved, z)
                rows.append(WorstRow(h, s, a, nominal, moved, mass * fall))
        return Visit(h, s, chance, tuple(rows))

    yield from forwards(game, i, look)


Adversary: TypeAlias = Callable[[int, tuple[Fraction, ...]], Callable[[int], IntegerRow]]
"""A state and what is drawn there to the worst row of each joint action."""


def _adversary(stage: Stage, i: int, following: list[Fraction]) -> Adversary:
    if isinstance(stage.uncertainty[i], SRectangular):
        return lambda s, joint: worst_state_rows(stage, i, s, following, joint).__getitem__
    worst = for_rows(stage, i, following, worst_rows)
    return lambda s, _: lambda a: worst(s, a)(exact_row(stage.rows, s, a), exact_radius(stage, i, s, a))


def _expectation(row: IntegerRow, values: list[float]) -> float:
    return sum(w / row.total * values[s] for s, w in zip(row.states, row.weights, strict=True))
