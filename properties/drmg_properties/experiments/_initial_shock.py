"""Initial Shock: the paper's Example 1, as printed and with a secret that is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from drmg_check.documents import Criterion, Panel, StudyTable, or_none, study_fact
from drmg_check.learners import Learning, milestones, rounding, slope
from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.planner import gaps, practical
from drmg_check.zoo import initial_shock
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
HORIZON, RHO = 6, "1/10"
UNIFORM = ((1, 64, 8), (2, 2, 8), (2, 8, 8), (2, 32, 8), (3, 4, 8), (3, 12, 8))  # N, M, H


class Arm(NamedTuple):
    """Which game is learned: the rewards "printed" or "hidden", and the secret joint action."""

    kind: str
    secret: tuple[int, int]

    @property
    def game(self) -> RobustMarkovGame:
        """The game of this arm; where the secret is hidden the radius is the same everywhere."""
        hidden = self.kind == "hidden"
        return initial_shock(
            horizon=HORIZON, radius=RHO, secret=self.secret, hidden=hidden, everywhere=hidden
        )


def initial_shock_experiment(*, episodes: int, seeds: int, progress: Progress) -> ExperimentOutcome:
    """Run TV-MORNAVI on Example 1 for every secret.

    As printed, the reward of the trap gives the secret away, and rewards are known: nothing is left to
    learn. With a secret that only the kernel knows and the radius at every step, regret is linear
    whenever the secret differs from the learner's choice in one agent's action: one agent alone could
    leave the trap. Against uniform play a single agent gains little, and ever less as actions are
    added, so this game does not make every algorithm pay rho K min{H, prod A_i}.
    """
    runs: dict[Arm, Learning] = {}
    for k, arm in enumerate(Arm(*pair) for pair in product(("printed", "hidden"), SECRETS)):
        runs[arm] = learn_with(arm.game, practical(arm.game, episodes), seeds)
        progress((k + 1) / 10)
    uniform = {sizes: uniform_gap(*sizes) for sizes in UNIFORM}
    progress(1.0)
    last_gaps = {arm: float(run.gap[:, -1].mean()) for arm, run in runs.items()}
    return ExperimentOutcome(
        setting=(
            study_fact("game", _="initial-shock", N=2, M=2, H=HORIZON, rho=RHO),
            study_fact("learner", _="TV-MORNAVI", equilibrium="nash", constants="practical", K=episodes),
            study_fact("seeds", _=f"0 to {seeds - 1}"),
        ),
        tables=(_learned_table(runs, last_gaps), _uniform_table(uniform)),
        criteria=(*_criteria(runs, last_gaps), *_uniform_criteria(uniform)),
        records=[
            record
            for arm, run in runs.items()
            for record in run_records(run, game=arm.kind, secret=f"{arm.secret[0]}{arm.secret[1]}")
        ],
        panels=tuple(
            Panel(
                f"regret, secret {title}",
                "episodes",
                [
                    seed_band(f"{arm.secret}", run, run.regret)
                    for arm, run in runs.items()
                    if arm.kind == kind
                ],
            )
            for kind, title in (("printed", "in the reward, as printed"), ("hidden", "in the kernel only"))
        ),
    )


def _learned_table(runs: Mapping[Arm, Learning], last_gaps: Mapping[Arm, float]) -> StudyTable:
    return StudyTable(
        (
            ("game", "text"),
            ("secret", "text"),
            ("regret at K/4", "number"),
            ("K/2", "number"),
            ("K", "number"),
            ("slope", "number"),
            ("last gap", "number"),
        ),
        tuple(
            (
                arm.kind,
                f"{arm.secret[0]}, {arm.secret[1]}",
                *(milestone.regret for milestone in milestones(run)),
                or_none(slope(run)),
                last_gaps[arm],
            )
            for arm, run in runs.items()
        ),
    )


def _uniform_table(uniform: Mapping[tuple[int, int, int], UniformGap]) -> StudyTable:
    return StudyTable(
        (("uniform play, N", "count"), ("M", "count"), ("H", "count"), ("gap / rho", "number")),
        tuple((*sizes, gap.share) for sizes, gap in uniform.items()),
    )


def _criteria(runs: Mapping[Arm, Learning], last_gaps: Mapping[Arm, float]) -> tuple[Criterion, ...]:
    """Judge what was learned; a hidden secret costs where it differs from the play in one agent's action."""
    worst = max(last_gaps, key=lambda arm: last_gaps[arm])
    play = np.unravel_index(runs[worst].pi[0][0, 1].argmax(), (2, 2))  # in the trap
    differing = {arm: sum(np.array(arm.secret) != play) for arm in runs}
    largest_printed = max(gap for arm, gap in last_gaps.items() if arm.kind == "printed")
    largest_free = max(gap for arm, gap in last_gaps.items() if arm.kind == "hidden" and differing[arm] != 1)
    return (
        at_most(
            "printed: the reward gives the secret away, largest last gap",
            largest_printed,
            rounding(Arm("printed", SECRETS[0]).game),
        ),
        at_least("hidden: the worst secret costs linear regret, slope", slope(runs[worst]), 0.95),
        at_least("hidden: and a gap that stays", last_gaps[worst], 0.3),
        at_most(
            "hidden: secrets that differ from the learner's play in no or both actions, largest gap",
            largest_free,
            rounding(Arm("hidden", SECRETS[0]).game),
        ),
    )


@dataclass(frozen=True, slots=True)
class UniformGap:
    """The gap of uniform play over rho: by dynamic programming, by formula, and what rounding may part."""

    share: float
    formula: float
    rounding: float


def _uniform_criteria(uniform: Mapping[tuple[int, int, int], UniformGap]) -> tuple[Criterion, ...]:
    return (
        at_most(
            "uniform play: largest error of gap / rho against the formula, in units of its bound",
            max(abs(gap.share - gap.formula) / gap.rounding for gap in uniform.values()),
            1,
        ),
        at_most(
            "uniform play of two agents: the gap vanishes as actions are added, M = 32 against M = 8",
            uniform[2, 32, 8].share / uniform[2, 8, 8].share,
            0.5,
        ),
    )


def uniform_gap(N: int, M: int, H: int) -> UniformGap:
    """Return the gap of uniform play over rho, twice.

    In the trap uniform play escapes with probability M^-N a step, one agent alone reaches M^-(N - 1): the
    gap is ``rho [g(M^-N) - g(M^-(N - 1))]`` with ``g(p) = (1 - p) / p (1 - (1 - p)^(H - 1))``, the expected
    number of steps lost.
    """
    game = initial_shock(agents=N, actions=M, horizon=H, radius=RHO)

    def lost(p: Fraction) -> Fraction:
        return (1 - p) / p * (1 - (1 - p) ** (H - 1))

    gap = gaps(game, uniform_policy(game))
    rho = float(game.rho.max())
    formula = float(lost(Fraction(1, M**N)) - lost(Fraction(1, M ** (N - 1))))
    share = gap.at_start("cce") / rho
    # the planner's own bound, one rounding of the quotient and one of the formula
    return UniformGap(share, formula, float(gap.error.max()) / rho + 2.0**-52 * (abs(share) + formula))
