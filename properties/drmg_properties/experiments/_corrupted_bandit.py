"""Corrupted Bandit: the paper's Example 2, where bonuses matter and deviations are cheap to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan, sqrt

import numpy as np

from drmg_check.documents import Criterion, Panel, Series, StudyTable, study_fact
from drmg_check.kernels import worst_case_expectations
from drmg_check.learners import Learning, violation_rates
from drmg_check.models import RobustMarkovGame, row_set
from drmg_check.planner import practical
from drmg_check.zoo import corrupted_bandit
from drmg_properties.experiments._outcome import (
    ExperimentOutcome,
    Progress,
    at_least,
    at_most,
    learn_with,
)

CONSTANTS = (0.0, 0.0003, 0.001, 0.003, 0.01)
STUCK = 0.05  # a larger last gap is that of the worse arm
ALONE = 4000  # episodes with one agent
ACTIONS = (2, 4, 8, 16)
EPSILONS = ("1/20", "1/10", "1/5")
CAREFUL = 1 / 80  # 2 cf H / rho = 1: no unlucky start is final


@dataclass(frozen=True, slots=True)
class TeamRegret:
    """The mean regret of two agents with M actions each, under the epsilon that makes it largest.

    Attributes
    ----------
    joint : float
        Against the joint optimum.
    unilateral : float
        Of Definition 2: against what one agent alone could gain.
    scale : float
        sqrt(K sum A_i).
    """

    joint: float
    unilateral: float
    scale: float


def corrupted_bandit_experiment(*, episodes: int, seeds: int, progress: Progress) -> ExperimentOutcome:
    """Run KL-MORNAVI on bandits in the form of a robust game of two steps.

    One agent, win probabilities 1/2 and 7/10: without bonuses many runs never try the better arm again
    after an unlucky start. Two agents, one joint action better than the others: the regret against the
    joint optimum grows with prod A_i, but Definition 2 counts only what one agent alone could gain, and
    that grows with sum A_i. The instance does not show a curse of multi-agency for that regret.
    """
    alone = corrupted_bandit(agents=1, epsilon="1/5", radius="1/20")
    few, many = min(ALONE, episodes), 15 * seeds
    runs: dict[float, Learning] = {}
    for k, cf in enumerate(CONSTANTS):
        runs[cf] = learn_with(alone, replace(practical(alone, few), cf=cf), many)
        progress(0.2 * (k + 1) / len(CONSTANTS))
    teams: dict[int, TeamRegret] = {}
    for k, M in enumerate(ACTIONS):
        teams[M] = _team_regret(M, episodes, seeds)
        progress(0.2 + 0.8 * (k + 1) / len(ACTIONS))
    return ExperimentOutcome(
        setting=(
            study_fact("game", _="corrupted-bandit", rho="1/20"),
            study_fact("learner", _="KL-MORNAVI", equilibrium="nash"),
            study_fact("one agent", K=few, seeds=many),
            study_fact(
                "two agents", cf=CAREFUL, K=episodes, seeds=seeds, worst_of_epsilon=" ".join(EPSILONS)
            ),
        ),
        tables=(_table_alone(runs), _table_of_teams(teams)),
        criteria=(*_criteria_alone(runs), *_criteria_of_teams(teams)),
        records=_records(runs, teams),
        panels=(_panel_alone(runs), _panel_of_teams(teams)),
    )


def _table_alone(runs: Mapping[float, Learning]) -> StudyTable:
    return StudyTable(
        (
            ("one agent: cf", "number"),
            ("share stuck", "share"),
            ("mean regret", "number"),
            ("episodes of optimism violated", "share"),
        ),
        tuple(
            (cf, _share_stuck(run), float(run.regret[:, -1].mean()), violation_rates(run).optimism)
            for cf, run in runs.items()
        ),
    )


def _table_of_teams(teams: Mapping[int, TeamRegret]) -> StudyTable:
    return StudyTable(
        (
            ("two agents: M", "count"),
            ("joint regret", "number"),
            ("unilateral", "number"),
            ("sqrt(K sum A_i)", "number"),
        ),
        tuple((M, team.joint, team.unilateral, team.scale) for M, team in teams.items()),
    )


def _share_stuck(run: Learning) -> float:
    """Return the share of the seeds that end on the worse arm."""
    return float((run.gap[:, -1] > STUCK).mean())


def _criteria_alone(runs: Mapping[float, Learning]) -> tuple[Criterion, ...]:
    return (
        at_least("without bonus many runs are stuck, share", _share_stuck(runs[0.0]), 0.3),
        at_most("with cf = 0.01 hardly any is, share", _share_stuck(runs[0.01]), 0.05),
        at_most(
            "with cf = 0.01 optimism is hardly ever violated, share of episodes",
            violation_rates(runs[0.01]).optimism,
            0.05,
        ),
    )


def _criteria_of_teams(teams: Mapping[int, TeamRegret]) -> tuple[Criterion, ...]:
    return (
        at_most(
            "two agents: unilateral regret stays below sqrt(K sum A_i), largest ratio",
            max(team.unilateral / team.scale for team in teams.values()),
            1.0,
        ),
        at_least(
            "two agents: joint regret outgrows it, ratio of the two at M = 16 over that at M = 2",
            _growth(teams[2], teams[16]),
            2.0,
        ),
    )


def _records(runs: Mapping[float, Learning], teams: Mapping[int, TeamRegret]) -> list[dict[str, object]]:
    alone: list[dict[str, object]] = [
        {"agents": 1, "parameter": cf, "seed": seed, "regret": float(regret), "gap": float(gap)}
        for cf, run in runs.items()
        for seed, regret, gap in zip(run.seeds, run.regret[:, -1], run.gap[:, -1], strict=True)
    ]
    return alone + [
        {"agents": 2, "parameter": M, "seed": "worst epsilon, mean", "regret": regret, "gap": label}
        for M, team in teams.items()
        for label, regret in (("joint", team.joint), ("unilateral", team.unilateral))
    ]


def _panel_alone(runs: Mapping[float, Learning]) -> Panel:
    return Panel(
        "one agent: mean regret",
        "episodes",
        [
            Series(f"cf = {cf:g}", run.episodes.tolist(), run.regret.mean(axis=0).tolist())
            for cf, run in runs.items()
        ],
    )


def _panel_of_teams(teams: Mapping[int, TeamRegret]) -> Panel:
    return Panel(
        "two agents: regret after K episodes",
        "actions of each agent",
        [
            Series("joint", ACTIONS, [team.joint for team in teams.values()]),
            Series("unilateral, of Definition 2", ACTIONS, [team.unilateral for team in teams.values()]),
            Series("sqrt(K sum A_i)", ACTIONS, [team.scale for team in teams.values()]),
        ],
        log_x=True,
        log_y=True,
    )


def _growth(few: TeamRegret, many: TeamRegret) -> float:
    """Return by what joint over unilateral regret grows from few actions to many; NaN without regret."""
    over = many.unilateral * few.joint
    return many.joint * few.unilateral / over if over > 0.0 else nan


def _team_regret(M: int, episodes: int, seeds: int) -> TeamRegret:
    games = [corrupted_bandit(actions=M, epsilon=epsilon, radius="1/20") for epsilon in EPSILONS]
    joint, unilateral = zip(*(_regrets(game, episodes, seeds) for game in games), strict=True)
    return TeamRegret(max(joint), max(unilateral), sqrt(2 * M * episodes))


def _regrets(game: RobustMarkovGame, episodes: int, seeds: int) -> tuple[float, float]:
    """Return the mean regret against the joint optimum and against unilateral deviations.

    The first is the number of episodes without the secret joint action times what it is worth.
    """
    run = learn_with(game, replace(practical(game, episodes), cf=CAREFUL), seeds)
    plays = run.N[:, 0, 0].sum(axis=2)
    return float((episodes - plays[:, -1]).mean()) * _worth(game), float(run.regret[:, -1].mean())


def _worth(game: RobustMarkovGame) -> float:
    """Return by how much the secret's robust value exceeds that of the other joint actions."""
    rows = np.ascontiguousarray(game.P[0, 0, [-1, 0]])
    secret, other = worst_case_expectations(
        row_set(game.stages[0], 0), rows, game.rho[0, 0, 0, 0], np.array([0.0, 1.0, 0.0])
    )
    return float(secret - other)
