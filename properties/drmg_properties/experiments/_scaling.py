"""Scaling: how the episodes that a certificate needs grow with the number of agents."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drmg_check.documents import Criterion, Panel, Series, StudyTable, or_none, study_fact
from drmg_check.learners import Recording, learn
from drmg_check.planner import practical
from drmg_check.vocabulary import FloatArray
from drmg_check.zoo import random_dirichlet
from drmg_properties.experiments._outcome import ExperimentOutcome, Progress, at_least, settings_for

AGENTS = (1, 2, 3, 4, 5)
WIDTH = 0.5
ENOUGH = 1000  # episodes actually run


def scaling(*, episodes: int, seeds: int, progress: Progress) -> ExperimentOutcome:
    """Count the episodes until the certificate of TV-MORNAVI says that the gap is at most 1/2.

    The games are random, with two actions for each of m agents. K stays the same for all m: the term
    1 / sqrt(K) of the bonus floors the width, so a K that grew with m would make the slope. The width is
    taken and not the gap itself, which is small by accident long before anybody knows it.
    """
    few = min(episodes, ENOUGH)
    width = np.empty((len(AGENTS), seeds, few))
    for j, m in enumerate(AGENTS):
        for seed in range(seeds):
            game = random_dirichlet(agents=m, actions=2, states=2, horizon=2, radius="1/10", seed=seed)
            optimism = replace(practical(game, episodes), c2=0.05)
            every = Recording(marks=range(1, few + 1))
            settings = settings_for(optimism, concept="cce", episodes=few)
            width[j, seed] = learn(game, settings, [0], recording=every).width[0]
        progress((j + 1) / len(AGENTS))
    certified = width <= WIDTH
    first = np.where(certified.any(axis=2), certified.argmax(axis=2) + 1.0, np.nan)
    growth = _Growth(first, np.median(first, axis=1))
    return ExperimentOutcome(
        setting=(
            study_fact("game", _="random-dirichlet", S=2, H=2, actions_of_an_agent=2, radius="1/10"),
            study_fact(
                "learner", _="TV-MORNAVI", equilibrium="cce", c1=1.0, c2=0.05, K=episodes, games=seeds
            ),
        ),
        tables=(_table(growth),),
        criteria=_criteria(growth),
        records=[
            {"agents": m, "seed": seed, "episodes": float(first[j, seed])}
            for j, m in enumerate(AGENTS)
            for seed in range(seeds)
        ],
        panels=(_episodes_panel(growth), _width_panel(width)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Growth:
    """After how many episodes a game is certified: for each number of agents and seed, and the median."""

    first: FloatArray
    median: FloatArray

    def exponent(self, x: FloatArray) -> float:
        """Return the slope of log2 of the median against ``x``, from two agents on."""
        return float(np.polyfit(x[1:], np.log2(self.median[1:]), 1)[0])


def _table(growth: _Growth) -> StudyTable:
    return StudyTable(
        (
            ("agents", "count"),
            ("prod A_i", "count"),
            ("sum A_i", "count"),
            (f"episodes to width {WIDTH:g}, median", "number"),
            ("least", "number"),
            ("largest", "number"),
        ),
        tuple(
            (m, 2**m, 2 * m, *map(or_none, (median, float(first.min()), float(first.max()))))
            for m, median, first in zip(AGENTS, growth.median.tolist(), growth.first, strict=True)
        ),
    )


def _criteria(growth: _Growth) -> tuple[Criterion, ...]:
    agents = np.array(AGENTS)
    per_agent = growth.exponent(agents)  # log2 of prod A_i is m
    in_sum = growth.exponent(np.log2(2 * agents))
    return (
        Criterion(
            statement="from two agents on it grows like prod A_i: log2 of the episodes per agent",
            value=or_none(per_agent),
            least=0.75,
            most=1.25,
        ),
        at_least("hence not like sum A_i: exponent of the sum", in_sum, 1.0),
    )


def _episodes_panel(growth: _Growth) -> Panel:
    """Draw the episodes against the number of agents, beside what grows like the product."""
    products = [2.0**m for m in AGENTS]
    reference = [float(growth.median[1]) * product / products[1] for product in products]
    return Panel(
        f"episodes until the width is {WIDTH:g}",
        "agents",
        [
            Series(
                "median and range over games",
                AGENTS,
                growth.median.tolist(),
                growth.first.min(axis=1).tolist(),
                growth.first.max(axis=1).tolist(),
            ),
            Series("growing like prod A_i", AGENTS, reference),
        ],
        log_y=True,
    )


def _width_panel(width: FloatArray) -> Panel:
    return Panel(
        "width of the bounds, median over games",
        "episodes",
        [
            Series(f"m = {m}", range(1, width.shape[2] + 1), np.median(width[j], axis=0).tolist())
            for j, m in enumerate(AGENTS)
        ],
        log_x=True,
        log_y=True,
        levels=(("certified", WIDTH),),
    )
