"""Numbers that sum up a run over its seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

import numpy as np

from drmg_check.learners._learn import Learning
from drmg_check.vocabulary import FloatArray


@dataclass(frozen=True, slots=True)
class Milestone:
    """Where the seeds of a run stand after some episodes: means, and the range of the regret.

    >>> point = Milestone(episodes=100, regret=9.0, least_regret=8.0, largest_regret=10.0, gap=0.1, width=0.5)
    >>> point.gap
    0.1
    """

    episodes: int
    regret: float
    least_regret: float
    largest_regret: float
    gap: float
    width: float


def milestones(run: Learning, quarters: tuple[int, ...] = (1, 2, 4)) -> tuple[Milestone, ...]:
    """Return where the run stood after K/4, K/2 and K episodes, each rounded up.

    >>> from drmg_check.learners import Settings, learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge?horizon=2")
    >>> how = Settings(algorithm="uniform", concept="cce", episodes=8, optimism=practical(game, episodes=8))
    >>> [point.episodes for point in milestones(learn(game, how, seeds=[0]))]
    [2, 4, 8]
    """
    K = run.settings.episodes
    result = []
    for k in quarters:
        episodes = -(-K * k // 4)
        column = int(np.searchsorted(run.episodes, episodes))
        regret = run.regret[:, column]
        result.append(
            Milestone(
                int(run.episodes[column]),
                float(regret.mean()),
                float(regret.min()),
                float(regret.max()),
                float(run.gap[:, column].mean()),
                float(run.width[:, column].mean()),
            )
        )
    return tuple(result)


def slope(run: Learning) -> float:
    """Return the exponent of the growth of the mean regret from K/4 to K.

    1 is linear, 1/2 that of sqrt(K); 0 where no regret was added. NaN where there is too little to say:
    fewer than 4 episodes, or no regret by K/4.

    >>> from drmg_check.learners import Settings, learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=2")
    >>> how = Settings(algorithm="uniform", concept="cce", episodes=8, optimism=practical(game, episodes=8))
    >>> slope(learn(game, how, seeds=[0]))  # uniform play never learns: linear regret
    1.0
    """
    first, *_, last = milestones(run)
    if run.settings.episodes < 4 or first.regret <= 0.0:
        return float("nan")
    return log2(last.regret / first.regret) / log2(last.episodes / first.episodes)


class ViolationRates(NamedTuple):
    """In which share of all episodes Vbar was too low (optimism violated), and Vlow too high.

    >>> ViolationRates(optimism=0.01, pessimism=0.0).optimism
    0.01
    """

    optimism: float
    pessimism: float


def violation_rates(run: Learning) -> ViolationRates:
    """Return how often the bounds of a run were violated, over all seeds and episodes.

    >>> from drmg_check.learners import Settings, learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("shaky-bridge?horizon=2")
    >>> how = Settings(algorithm="mornavi", concept="cce", episodes=8, optimism=practical(game, episodes=8))
    >>> violation_rates(learn(game, how, seeds=[0]))
    ViolationRates(optimism=0.0, pessimism=0.0)
    """
    K = run.settings.episodes
    return ViolationRates(float(run.too_low[:, -1].mean()) / K, float(run.too_high[:, -1].mean()) / K)


class Band(NamedTuple):
    """The mean, the least and the largest of curves over seeds.

    >>> Band(np.array([1.0]), np.array([0.0]), np.array([2.0])).largest.tolist()
    [2.0]
    """

    mean: FloatArray
    least: FloatArray
    largest: FloatArray


def band(curves: FloatArray) -> Band:
    """Return the mean and the range over seeds of ``curves[seed, :]``.

    >>> band(np.array([[0.0, 2.0], [1.0, 4.0]])).mean.tolist()
    [0.5, 3.0]
    """
    return Band(curves.mean(axis=0), curves.min(axis=0), curves.max(axis=0))


def curve_records(run: Learning) -> Iterator[dict[str, object]]:
    """Yield a record for each seed and recorded episode, for a table.

    >>> from drmg_check.learners import Recording, Settings, learn
    >>> from drmg_check.planner import practical
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock?horizon=2")
    >>> how = Settings(algorithm="uniform", concept="cce", episodes=8, optimism=practical(game, episodes=8))
    >>> run = learn(game, how, seeds=[0], recording=Recording(marks=[8]))
    >>> [(record["seed"], record["episodes"]) for record in curve_records(run)]
    [(0, 8)]
    """
    names = ("regret", "gap", "width", "too_low", "too_high", "stage_gain")
    for j, seed in enumerate(run.seeds):
        for k, episodes in enumerate(run.episodes):
            values = {name: float(getattr(run, name)[j, k]) for name in names}
            yield {"seed": seed, "episodes": int(episodes), **values}
