"""Support shift: what no data can show costs regret for ever, unless it does not matter or leaks."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from drmg_check.documents import Criterion, Panel, StudyTable, or_none, study_fact
from drmg_check.learners import Learning, milestones, slope, violation_rates
from drmg_check.models import JointPolicy, Model, RobustMarkovGame
from drmg_check.planner import practical
from drmg_check.zoo import failure_gridworld
from drmg_oracles import gap_exactly
from drmg_properties.experiments._outcome import (
    ExperimentOutcome,
    Progress,
    at_least,
    at_most,
    learn_with,
    run_records,
    seed_band,
)

SECRETS = ((0, 0), (0, 1), (1, 0), (1, 1))
PIT = 4


class Arm(NamedTuple):
    """Which gridworld is learned: what its pit is, and the joint action that leads out."""

    pit: Literal["fail", "code", "leak"]
    secret: tuple[int, int]


def support_shift(*, episodes: int, seeds: int, progress: Progress) -> ExperimentOutcome:
    """Run TV-MORNAVI beside a pit that only the adversary uses.

    In arm "fail" the pit is a failure state; in "code" only the kernel knows the joint action that leads
    out; in "leak" it does too, but the pit is visited now and then. The worst case of total variation
    falls into the pit, so the policy there matters; in "code" the learner never sees it, keeps the one
    that its tie-break chose, and pays whenever one agent alone could do better. An equilibrium does
    not see a failure of two agents at once: a secret that differs from the choice of both costs nothing.
    """
    arms = [Arm("fail", (1, 0)), *(Arm("code", a) for a in SECRETS), *(Arm("leak", a) for a in SECRETS)]
    runs: dict[Arm, tuple[RobustMarkovGame, Learning]] = {}
    for k, arm in enumerate(arms):
        game = failure_gridworld(pit=arm.pit, secret=arm.secret)
        runs[arm] = game, learn_with(game, practical(game, episodes), seeds)
        progress((k + 1) / len(arms))
    code = {arm: run for arm, (_, run) in runs.items() if arm.pit == "code"}
    leaking = [run for arm, (_, run) in runs.items() if arm.pit == "leak"]
    worst = max(code, key=lambda arm: float(code[arm].regret[:, -1].mean()))
    game, run = runs[worst]
    return ExperimentOutcome(
        setting=(
            study_fact("game", _="failure-gridworld"),
            study_fact("learner", _="TV-MORNAVI", equilibrium="nash", constants="practical", K=episodes),
            study_fact("seeds", _=f"0 to {seeds - 1}"),
        ),
        tables=(_table({arm: run for arm, (_, run) in runs.items()}),),
        criteria=(
            at_most("fail: a failure state costs nothing for long, slope", slope(runs[arms[0]][1]), 0.2),
            at_least("code: the worst secret costs linear regret, slope", slope(run), 0.95),
            at_least("code: and a gap that stays", float(run.gap[:, -1].mean()), 0.3),
            _predicted(game, run),
            at_most(
                "leak: what can be seen is learned, whatever the secret, largest slope",
                max(slope(leaky) for leaky in leaking),
                0.6,
            ),
            at_most(
                "leak: largest median over seeds of the last gap",
                max(float(np.median(leaky.gap[:, -1])) for leaky in leaking),
                0.005,
            ),
            at_most(
                "fail, code: visits to the pit",
                max(_visits(tight) for arm, (_, tight) in runs.items() if arm.pit != "leak"),
                0,
            ),
        ),
        records=[
            record
            for (pit, secret), (_, learned) in runs.items()
            for record in run_records(learned, arm=pit, secret=f"{secret[0]}{secret[1]}")
        ],
        panels=tuple(
            Panel(
                title,
                "episodes",
                [
                    seed_band(_name(arm), learned, learned.regret)
                    for arm, (_, learned) in runs.items()
                    if arm.pit in shown
                ],
            )
            for title, shown in (("regret: fail and leak", ("fail", "leak")), ("regret: code", ("code",)))
        ),
    )


def _predicted(game: Model, run: Learning) -> Criterion:
    """Compare what the last half of the episodes cost with the exact gap of the last policy."""
    half = int(np.searchsorted(run.episodes, -(-run.settings.episodes // 2)))
    spent = run.regret[:, -1] - run.regret[:, half]
    measured = float(spent.mean()) / float(run.episodes[-1] - run.episodes[half])
    exact = [gap_exactly(game, JointPolicy(pi, game.actions)).at_initial[0] for pi in run.pi]
    predicted = float(sum(exact, Fraction(0))) / len(exact)
    return at_most(
        f"code: an episode costs {measured:.4f}, the last policy's exact gap is {predicted:.4f}; off by",
        100.0 * abs(measured - predicted) / predicted,
        2.0,
        " %",
    )


def _visits(run: Learning) -> int:
    return int(run.N[:, :, PIT].sum())


def _name(arm: Arm) -> str:
    return arm.pit if arm.pit == "fail" else f"{arm.pit} {arm.secret}"


def _table(runs: Mapping[Arm, Learning]) -> StudyTable:
    return StudyTable(
        (
            ("arm", "text"),
            ("secret", "text"),
            ("regret at K/4", "number"),
            ("K/2", "number"),
            ("K", "number"),
            ("slope", "number"),
            ("last gap", "number"),
            ("visits", "count"),
            ("violated", "share"),
        ),
        tuple(
            (
                arm.pit,
                None if arm.pit == "fail" else f"{arm.secret[0]}, {arm.secret[1]}",
                *(milestone.regret for milestone in milestones(run)),
                or_none(slope(run)),
                float(np.median(run.gap[:, -1])),
                _visits(run),
                violation_rates(run).optimism,
            )
            for arm, run in runs.items()
        ),
    )
