"""Games whose equilibria tell alternatives apart: what is an equilibrium of one is none of the other.

Stage games have three actions for an agent mostly, so that a pure joint action is an equilibrium by chance
once in nine games; the last have three equilibria each, and correlation helps. Of the games of a planner, the
first have a cycle of best answers at each state and step, so that both agents mix, with weights that depend
on every value; in the next, correlation helps; the last are of one agent, whose actions are nearly worth the
same. With two actions each, deviating always and deviating from a recommendation come to the same: games that
tell CCE from CE have three.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from random import Random

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.referee.asking import game_as_given
from drmg_check.referee.diagnosis._discriminating_games import Size, drawn_distribution, drawn_set
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import Array

_STAGES = ((3, 3), (3, 3), (3, 3), (2, 3), (3, 2))
_CYCLE = ((1, -1, -1, 1), (-1, 1, 1, -1))
_CHICKEN = ((6, 2, 7, 0), (6, 7, 2, 0))
_KINDS: dict[str, tuple[int, Size]] = {
    "cycle": (22, (3, 2, (2, 2))),
    "chicken": (18, (2, 2, (2, 2))),
    "alone": (24, (3, 3, (3,))),
}
"""How many, and H, S and the numbers of actions."""
_COARSE: tuple[int, Size] = (8, (2, 2, (3, 3)))


@cache
def discriminating_stages() -> tuple[RobustMarkovGame, ...]:
    """Return stage games of two agents."""
    chance = Random("diagnosis of stage games")  # noqa: S311 - the same games for everybody
    plain = [_stage(_STAGES[k % len(_STAGES)], chance) for k in range(56)]
    return (*plain, *(_stage((2, 2), chance) for _ in range(16)))


def _stage(actions: tuple[int, int], chance: Random) -> RobustMarkovGame:
    A = actions[0] * actions[1]
    if A == 4:
        u = _payoffs(chance, "chicken", 0, last=True)
    else:
        u = np.array([chance.sample(range(-48, 49), A) for _ in actions], dtype=object) * Fraction(1, 16)
    game = RobustMarkovGame(
        transition=np.full((1, 1, A, 1), Fraction(1), dtype=object),
        reward=u.reshape(2, 1, 1, A),
        radius=np.array(Fraction(0), dtype=object),
        uncertainty=(TotalVariation(),) * 2,
        actions=actions,
    )
    return game_as_given(game)


@lru_cache(maxsize=64)
def discriminating_plans(name: str) -> tuple[RobustMarkovGame, ...]:
    """Return games for a planner, about a set given by its short name."""
    chance = Random(f"diagnosis of plans with {name}")  # noqa: S311 - the same games for everybody
    return tuple(_plan(chance, name, kind, size) for kind, (n, size) in _KINDS.items() for _ in range(n))


@lru_cache(maxsize=64)
def coarse_plans(name: str) -> tuple[RobustMarkovGame, ...]:
    """Return games for a planner in which a CCE is mostly no CE, about a set given by its short name."""
    chance = Random(f"diagnosis of coarse plans with {name}")  # noqa: S311 - the same games for everybody
    return tuple(_plan(chance, name, "coarse", _COARSE[1]) for _ in range(_COARSE[0]))


def _plan(chance: Random, name: str, kind: str, size: Size) -> RobustMarkovGame:
    H, S, actions = size
    m, A, one = len(actions), prod(actions), drawn_set(chance, name, S)
    P = np.empty((H, S, A, S), dtype=object)
    for where in np.ndindex(H, S, A):
        P[where] = drawn_distribution(chance, S, some_zero=chance.randrange(3) == 0)
    r: Array = np.empty((m, H, S, A), dtype=object)
    for h, s in np.ndindex(H, S):
        r[:, h, s] = _payoffs(chance, kind, h, last=h == H - 1)
    top = one.max_radius or 1
    rho = [[Fraction(chance.randrange(8, 48), 64) * top for _ in range(H * S * A)] for _ in range(m)]
    game = RobustMarkovGame(
        transition=P,
        reward=r,
        radius=np.array(rho, dtype=object).reshape(m, H, S, A),
        uncertainty=(one,) * m,
        actions=actions,
    )
    return game_as_given(game)


def _payoffs(chance: Random, kind: str, h: int, *, last: bool) -> Array:
    """Draw the rewards ``[m, A]`` of a state; later states differ more, so that what comes next matters."""
    if kind == "alone":
        base = chance.randrange(96) if last else 0
        return np.array([[Fraction(base + x, 32) for x in chance.sample(range(16), 3)]], dtype=object)
    if kind == "coarse":
        drawn = [[Fraction(x, 16) for x in chance.sample(range(-48, 49), 9)] for _ in range(2)]
        return np.array(drawn, dtype=object)
    shape = _CYCLE if kind == "cycle" else _CHICKEN
    size = Fraction(2) if kind == "cycle" else Fraction(1, 2)
    level = [Fraction(chance.randrange(-32, 160) if h else 0, 32) for _ in shape]
    noise = [[Fraction(chance.randrange(-8, 9), 16) for _ in row] for row in shape]
    rows = [
        [size * x + base + e for x, e in zip(row, errors, strict=True)]
        for row, base, errors in zip(shape, level, noise, strict=True)
    ]
    return np.array(rows, dtype=object)
