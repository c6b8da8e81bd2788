"""Corrupted Bandit: the paper's Example 2, where bonuses matter and deviations are cheap to know."""

from __future__ import annotations

from dataclasses import replace
from math import nan, sqrt

import numpy as np

from drmg_check.documents import Panel, Series
from drmg_check.kernels import worst_case_expectations
from drmg_check.learners import Learning, violation_rates
from drmg_check.models import RobustMarkovGame, row_set
from drmg_check.planner import practical
from drmg_check.zoo import corrupted_bandit
from drmg_properties.experiments._outcome import Outcome, Progress, at_least, at_most, run_learner

CONSTANTS = (0.0, 0.0003, 0.001, 0.003, 0.01)
STUCK = 0.05
ALONE = 4000  # episodes with one agent
ACTIONS = (2, 4, 8, 16)
EPSILONS = ("1/20", "1/10", "1/5")
CAREFUL = 1 / 80  # 2 cf H / rho = 1: no unlucky start is final


def corrupted_bandit_experiment(*, episodes: int, seeds: int, progress: Progress) -> Outcome:
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
        runs[cf] = run_learner(alone, replace(practical(alone, few), cf=cf), many)
        progress(0.2 * (k + 1) / len(CONSTANTS))
    stuck = {cf: float((run.gap[:, -1] > STUCK).mean()) for cf, run in runs.items()}
    joint, unilateral = {}, {}
    for k, M in enumerate(ACTIONS):
        games = [corrupted_bandit(actions=M, epsilon=epsilon, radius="1/20") for epsilon in EPSILONS]
        worst = [_regrets(game, episodes, seeds) for game in games]
        joint[M] = max(one[0] for one in worst)
        unilateral[M] = max(one[1] for one in worst)
        progress(0.2 + 0.8 * (k + 1) / len(ACTIONS))
    scale = {M: sqrt(2 * M * episodes) for M in ACTIONS}
    return Outcome(
        setting=f"corrupted-bandit, rho = 1/20, KL-MORNAVI, NASH; one agent: K = {few:,}, {many} seeds; "
        f"two agents: cf = {CAREFUL}, K = {episodes:,}, {seeds} seeds, worst of "
        f"epsilon {', '.join(EPSILONS)}",
        header=("one agent: cf", "share stuck", "mean regret", "optimism violated"),
        table=(
            *(
                (
                    f"{cf:g}",
                    f"{stuck[cf]:.0%}",
                    f"{run.regret[:, -1].mean():.0f}",
                    f"{violation_rates(run)[0]:.1%} of episodes",
                )
                for cf, run in runs.items()
            ),
            ("two agents: M", "joint regret", "unilateral", "sqrt(K sum A_i)"),
            *((f"{M}", f"{joint[M]:.0f}", f"{unilateral[M]:.0f}", f"{scale[M]:.0f}") for M in ACTIONS),
        ),
        criteria=(
            at_least("without bonus many runs are stuck, share", stuck[0.0], 0.3),
            at_most("with cf = 0.01 hardly any is, share", stuck[0.01], 0.05),
            at_most(
                "with cf = 0.01 optimism is hardly ever violated, share of episodes",
                violation_rates(runs[0.01])[0],
                0.05,
            ),
            at_most(
                "two agents: unilateral regret stays below sqrt(K sum A_i), largest ratio",
                max(unilateral[M] / scale[M] for M in ACTIONS),
                1.0,
            ),
            at_least(
                "two agents: joint regret outgrows it, ratio of the two at M = 16 over that at M = 2",
                _growth(joint, unilateral),
                2.0,
            ),
        ),
        records=[
            {"agents": 1, "parameter": cf, "seed": seed, "regret": float(regret), "gap": float(gap)}
            for cf, run in runs.items()
            for seed, regret, gap in zip(run.seeds, run.regret[:, -1], run.gap[:, -1], strict=True)
        ]
        + [
            {"agents": 2, "parameter": M, "seed": "worst epsilon, mean", "regret": regret, "gap": label}
            for M in ACTIONS
            for label, regret in (("joint", joint[M]), ("unilateral", unilateral[M]))
        ],
        panels=(
            Panel(
                "one agent: mean regret",
                "episodes",
                [
                    Series(f"cf = {cf:g}", run.episodes.tolist(), run.regret.mean(axis=0).tolist())
                    for cf, run in runs.items()
                ],
            ),
            Panel(
                "two agents: regret after K episodes",
                "actions of each agent",
                [
                    Series("joint", ACTIONS, [joint[M] for M in ACTIONS]),
                    Series("unilateral, of Definition 2", ACTIONS, [unilateral[M] for M in ACTIONS]),
                    Series("sqrt(K sum A_i)", ACTIONS, [scale[M] for M in ACTIONS]),
                ],
                log_x=True,
                log_y=True,
            ),
        ),
    )


def _growth(joint: dict[int, float], unilateral: dict[int, float]) -> float:
    """Return by what joint over unilateral regret grows from M = 2 to M = 16; NaN without regret."""
    over = unilateral[16] * joint[2]
    return joint[16] * unilateral[2] / over if over > 0.0 else nan


def _regrets(game: RobustMarkovGame, episodes: int, seeds: int) -> tuple[float, float]:
    """Return the mean regret against the joint optimum and against unilateral deviations.

    The first is the number of episodes without the secret joint action times what it is worth.
    """
    run = run_learner(game, replace(practical(game, episodes), cf=CAREFUL), seeds)
    plays = run.N[:, 0, 0].sum(axis=2)
    return float((episodes - plays[:, -1]).mean()) * _worth(game), float(run.regret[:, -1].mean())


def _worth(game: RobustMarkovGame) -> float:
    """Return by how much the secret's robust value exceeds that of the other joint actions."""
    rows = np.ascontiguousarray(game.P[0, 0, [-1, 0]])
    secret, other = worst_case_expectations(
        row_set(game.stages[0], 0), rows, game.rho[0, 0, 0, 0], np.array([0.0, 1.0, 0.0])
    )
    return float(secret - other)
