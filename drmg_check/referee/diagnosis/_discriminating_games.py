"""Small games that tell alternatives apart: plain dyadic numbers, and always the same ones for everybody.

One agent or two, two steps or three, product and correlated policies. Rewards lie in [0, 1], in [-2, 1] or
reach 4, so that clipping matters; two rows in three have a state outside the nominal support; radii are
small, medium, or beyond what reaches the minimum, one for each agent or one for each place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from math import prod
from random import Random
from typing import TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, product_policy
from drmg_check.referee.asking import game_as_given, policy_as_given, rounded
from drmg_check.sets import Row, UncertaintySet
from drmg_check.targets import set_family
from drmg_check.vocabulary import Array
from drmg_oracles import saturation_radius

_SIZES = ((3, 4, (2,)), (2, 3, (2, 2)))
"""H, S and the numbers of actions, quick ones first. Three states do not tell TV from intervals."""
_BACKUPS = ((1, 3, (2,)), (1, 4, (2,)))
_REWARDS = ((0, 33), (-64, 33), (-32, 97), (32, 129))
"""In 32nds, as the values of a backup."""
_PLAIN_SIZES, _PLAIN_BACKUPS = ((2, 2, (2,)), (2, 2, (2, 2))), ((1, 2, (2,)), (1, 2, (3,)))
_POSITIVE = ((1, 33), (32, 129))
"""Sizes and rewards for code that handles little: two states, and nothing negative."""
_LARGE_GAME, _LARGE_BACKUP = (2, 8, (2,)), (1, 8, (2,))
"""Where an optimiser that starts at random does not always end at the same point."""
_REGIMES = ("small", "small", "medium", "saturating", "saturating")
Size: TypeAlias = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class ExampleGame:
    """A game with a policy for it, and with next values as a backup needs them."""

    game: RobustMarkovGame
    policy: JointPolicy
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    size: Size
    rewards: tuple[int, int]
    regime: str
    one_radius: bool
    independent: bool
    plain: bool


def discriminating_games(name: str) -> tuple[ExampleGame, ...]:
    """Return games about a set, given by its short name, small ones first."""
    return _games(name, _SIZES, plain=False)


def discriminating_backups(name: str) -> tuple[ExampleGame, ...]:
    """Return games of one agent and one step about a set."""
    return _games(name, _BACKUPS, plain=False)


def plain_games(name: str) -> tuple[ExampleGame, ...]:
    """Return games about a set with two states, positive rewards and distances of indices."""
    return _games(name, _PLAIN_SIZES, plain=True)


def plain_backups(name: str) -> tuple[ExampleGame, ...]:
    """Return the same of one agent and one step."""
    return _games(name, _PLAIN_BACKUPS, plain=True)


def large_games(name: str) -> tuple[ExampleGame, ...]:
    """Return two games of many states about a set."""
    return _games(name, (_LARGE_GAME,), plain=False)[:2]


def large_backups(name: str) -> tuple[ExampleGame, ...]:
    """Return the same of one step."""
    return _games(name, (_LARGE_BACKUP,), plain=False)[:2]


@lru_cache(maxsize=64)
def _games(name: str, sizes: tuple[Size, ...], *, plain: bool) -> tuple[ExampleGame, ...]:
    what = "plain games" if plain else "games"
    chance = Random(f"diagnosis of {what} with {name}")  # noqa: S311 - the same games for everybody
    kinds = list(product(sizes, _POSITIVE if plain else _REWARDS, _REGIMES))
    one_radius, independent = (
        chance.sample([k % n == 0 for k in range(len(kinds))], len(kinds)) for n in (2, 4)
    )
    plans = [
        _Plan(*kind, one_radius=single, independent=alone, plain=plain)
        for kind, single, alone in zip(kinds, one_radius, independent, strict=True)
    ]
    return tuple(_example(chance, name, plan) for plan in plans)


def _example(chance: Random, name: str, plan: _Plan) -> ExampleGame:
    H, S, actions = plan.size
    A, m = prod(actions), len(actions)
    one = set_family(name).make(S) if plan.plain else drawn_set(chance, name, S)
    low, high = plan.rewards

    def array(shape: tuple[int, ...], draw: Callable[[], Fraction]) -> Array:
        flat = [draw() for _ in range(prod(shape))]
        result: Array = np.array(flat, dtype=object).reshape(shape)
        return result

    P = np.empty((H, S, A, S), dtype=object)
    for where in np.ndindex(H, S, A):
        P[where] = drawn_distribution(chance, S, some_zero=chance.randrange(3) > 0)
    rho = array((m, H, S, A), lambda: _radius(chance, plan.regime, one))
    if plan.regime == "saturating":
        limits: Array = np.empty((H, S, A), dtype=object)
        for where in np.ndindex(H, S, A):
            limits[where] = _enough(one, tuple(P[where]))
        rho = rho * limits
    if plan.one_radius:
        rho[:] = np.max(rho, axis=(1, 2, 3), keepdims=True)
    if one.max_radius is not None:
        rho[rho > one.max_radius] = one.max_radius
    r = _rewards(chance, low, high, (m, H, S, A))
    if m > 1:  # agent 1 likes to do as agent 2, which a correlated policy can offer
        for h, s in np.ndindex(H, S):
            r[0, h, s, [0, A - 1, *range(1, A - 1)]] = sorted(r[0, h, s], reverse=chance.randrange(4) > 0)
    game = RobustMarkovGame(
        transition=P,
        reward=r,
        radius=rho,
        uncertainty=(one,) * m,
        actions=actions,
    )
    values = tuple(Fraction(x, 32) for x in chance.sample(range(low, high), S))
    policy = policy_as_given(_policy(chance, plan, r))
    return ExampleGame(game_as_given(game), policy, tuple(rounded(v, "float64") for v in values))


def _rewards(chance: Random, low: int, high: int, shape: tuple[int, ...]) -> Array:
    """Draw rewards whose level depends on the state at the last step only: what comes next matters most."""
    m, H, S, A = shape
    r: Array = np.empty(shape, dtype=object)
    part = (high - low) // 4
    for i, h in np.ndindex(m, H):
        level = chance.randrange(low, high - part)
        for s in range(S):
            level = chance.randrange(low, high - part) if h == H - 1 else level
            r[i, h, s] = [Fraction(level + chance.randrange(part + 1), 32) for _ in range(A)]
    return r


def drawn_set(chance: Random, name: str, S: int) -> UncertaintySet:
    """Return the set for S states; a Wasserstein set gets the distances of places on a line."""
    one = set_family(name).make(S)
    if one.n_states is None:
        return one
    return one.placed([Fraction(x, 4) for x in chance.sample(range(16), S)])


def drawn_distribution(chance: Random, n: int, *, some_zero: bool = False) -> list[Fraction]:
    """Draw positive multiples of 1/32, but for one zero; few digits keep exact values short."""
    if some_zero and n > 1:
        row = drawn_distribution(chance, n - 1)
        row.insert(chance.randrange(n), Fraction(0))
        return row
    cuts = [0, *sorted(chance.sample(range(1, 32), n - 1)), 32]
    return [Fraction(right - left, 32) for left, right in pairwise(cuts)]


def _policy(chance: Random, plan: _Plan, r: Array) -> JointPolicy:
    """Draw a product, or a policy that plays two joint actions that pay and share no action."""
    H, S, actions = plan.size
    if plan.independent:
        each = [[[drawn_distribution(chance, n) for _ in range(S)] for _ in range(H)] for n in actions]
        return product_policy([np.array(one, dtype=object) for one in each])
    A = prod(actions)
    weights: Array = np.full((H, S, A), Fraction(0), dtype=object)
    for h, s in np.ndindex(H, S):
        if A > 2:
            paying = max(range(A // 2), key=lambda a: r[0, h, s, a] + r[0, h, s, A - 1 - a])
            weights[h, s, [paying, A - 1 - paying]] = drawn_distribution(chance, 2)
        else:
            weights[h, s] = drawn_distribution(chance, A)
    return JointPolicy(weights, actions)


def _radius(chance: Random, regime: str, one: UncertaintySet) -> Fraction:
    share = Fraction(chance.randrange(8, 64), 64)
    if regime == "saturating":
        return 1 + share
    return share * (one.max_radius or 1) / (4 if regime == "small" else 1)


def _enough(one: UncertaintySet, p: tuple[Fraction, ...]) -> Fraction:
    """Return a radius that reaches the minimum wherever it lies, or 4 if none does."""
    limits = []
    for lowest in range(len(p)):
        row = Row(one, p, tuple(Fraction(s != lowest) for s in range(len(p))), Fraction(0))
        limits.append(saturation_radius(row) or Fraction(0))
    return max(limits) or Fraction(4)
