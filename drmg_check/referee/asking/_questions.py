"""Questions about a game: what they have in common, and when two are the same."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.readers import KnownGame
from drmg_check.vocabulary import Array, exact


@dataclass(frozen=True, eq=False)
class GameQuestion:
    """A question about a game; the levels add what else they ask for.

    Two questions of a type with the same numbers are equal, and hash alike: what is known of one need not be
    worked out again for the other.

    Parameters
    ----------
    game : RobustMarkovGame
    """

    game: RobustMarkovGame

    @property
    def model(self) -> KnownGame:
        """What is asked about, as a record holds it."""
        return self.game

    @cached_property
    def content(self) -> bytes:
        """A digest of every number that is asked about."""
        digest = blake2b(type(self).__name__.encode(), digest_size=16)
        for member in fields(self):
            digest.update(_text(getattr(self, member.name)).encode())
        return digest.digest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GameQuestion):
            return NotImplemented
        return type(self) is type(other) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)


def _text(member: object) -> str:
    if isinstance(member, RobustMarkovGame):
        arrays = member.transition.tolist(), member.reward.tolist(), member.radius.tolist()
        return repr((arrays, member.uncertainty, member.actions, member.initial_state))
    if isinstance(member, JointPolicy):
        return repr((member.weights.tolist(), member.actions))
    return repr(member)


def with_rewards(game: RobustMarkovGame, factor: Fraction, shift: Fraction) -> RobustMarkovGame:
    """Return the game with rewards ``factor * r + shift``, exactly."""
    return _changed(game, reward=_exactly(game.reward) * factor + shift)


def with_radius(game: RobustMarkovGame, factor: Fraction) -> RobustMarkovGame:
    """Return the game with every radius multiplied, exactly."""
    return _changed(game, radius=_exactly(game.radius) * factor)


def _changed(
    game: RobustMarkovGame, *, reward: Array | None = None, radius: Array | None = None
) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=game.transition,
        reward=game.reward if reward is None else reward,
        radius=game.radius if radius is None else radius,
        uncertainty=game.uncertainty,
        actions=game.actions,
        initial_state=game.initial_state,
    )


def _exactly(array: Array) -> Array:
    result: Array = np.empty(array.shape, dtype=object)
    for where in np.ndindex(array.shape):
        result[where] = exact(array[where])
    return result
