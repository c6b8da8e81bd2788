"""Who learns, for how long, and with which constants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from drmg_check.equilibria import Concept
from drmg_check.models import FiniteHorizon, StagedGame
from drmg_check.planner import Optimism
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError

Algorithm: TypeAlias = Literal["mornavi", "nash-vi", "commit", "uniform"]

MOST_EPISODES = 2**53
"""Numbers of episodes are exact in float64, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One learner.

    Parameters
    ----------
    algorithm : {"mornavi", "nash-vi", "commit", "uniform"}
        * "mornavi": f-MORNAVI, Algorithm 1 of the MORNAVI paper, for the game's uncertainty set.
        * "nash-vi": optimistic Nash value iteration without robustness (Liu, Yu, Bai and Jin, 2021): the same
          planning with every radius 0 and the Bernstein bonus.
        * "commit": uniform play for K^(2/3) episodes, then for ever a robust plan without bonuses.
        * "uniform": every joint action alike, for ever.
    concept : "nash", "cce" or "ce"
        The equilibrium of the stage games, and the gap that makes up the regret.
    episodes : int
        K.
    optimism : Optimism
    replan_every : int
        Plan before each so-many-th episode; 1 is Algorithm 1.

    Raises
    ------
    InputError
        A word or number out of range.

    Examples
    --------
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> optimism = practical(load("shaky-bridge"), episodes=1000)
    >>> Settings(algorithm="commit", concept="cce", episodes=1000, optimism=optimism).replan_every
    1
    """

    algorithm: Algorithm
    concept: Concept
    episodes: int
    optimism: Optimism
    replan_every: int = 1

    def __post_init__(self) -> None:
        for name, words in (("algorithm", Algorithm), ("concept", Concept)):
            if getattr(self, name) not in get_args(words):
                raise InputError(f"{name}={getattr(self, name)!r}; expected one of {get_args(words)}")
        for name in ("episodes", "replan_every"):
            if not 1 <= getattr(self, name) <= MOST_EPISODES:
                raise InputError(f"{name}={getattr(self, name)!r}; expected 1 to 2^53")


class Schedule(NamedTuple):
    """The first episode before which a learner plans, and after how many it plans again."""

    first: int
    every: int


def schedule(settings: Settings) -> Schedule:
    """Return when a learner plans; the first episode is 0."""
    K = settings.episodes
    if settings.algorithm == "uniform":
        return Schedule(K, 1)
    if settings.algorithm == "commit":
        return Schedule(ceil(K ** (2 / 3)), K)
    return Schedule(0, settings.replan_every)


def believed(settings: Settings, game: FiniteHorizon) -> tuple[FiniteHorizon, Optimism]:
    """Return the game for which the learner plans, its kernel apart, and its constants."""
    if settings.algorithm == "commit":
        return game, replace(settings.optimism, c1=0.0, c2=0.0, c3=0.0, cf=0.0)
    if settings.algorithm == "nash-vi":
        nominal = (TotalVariation(),) * game.n_agents  # any set is a point at radius 0
        stages = [replace(stage, radius=np.zeros(()), uncertainty=nominal) for stage in game.stages]
        return StagedGame(stages=tuple(stages), name=game.name), settings.optimism
    return game, settings.optimism
