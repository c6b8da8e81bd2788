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
    """Where the seeds of a run stand after some episodes: means, and the range of the regret."""

    episodes: int
    regret: float
    least_regret: float
    largest_regret: float
    gap: float
    width: float


def milestones(run: Learning, quarters: tuple[int, ...] = (1, 2, 4)) -> tuple[Milestone, ...]:
    """Return where the run stood after K/4, K/2 and K episodes, each rounded up."""
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
    """
    first, *_, last = milestones(run)
    if run.settings.episodes < 4 or first.regret <= 0.0:
        return float("nan")
    return log2(last.regret / first.regret) / log2(last.episodes / first.episodes)


class ViolationRates(NamedTuple):
    """In which share of all episodes Vbar was too low (optimism violated), and Vlow too high."""

    optimism: float
    pessimism: float


def violation_rates(run: Learning) -> ViolationRates:
    """Return how often the bounds of a run were violated, over all seeds and episodes."""
    K = run.settings.episodes
    return ViolationRates(float(run.too_low[:, -1].mean()) / K, float(run.too_high[:, -1].mean()) / K)


class Band(NamedTuple):
    """The mean, the least and the largest of curves over seeds."""

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
    """Yield a record for each seed and recorded episode, for a table."""
    names = ("regret", "gap", "width", "too_low", "too_high", "stage_gain")
    for j, seed in enumerate(run.seeds):
        for k, episodes in enumerate(run.episodes):
            values = {name: float(getattr(run, name)[j, k]) for name in names}
            yield {"seed": seed, "episodes": int(episodes), **values}
