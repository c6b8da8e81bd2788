"""Initial Shock: the paper's Example 1, as printed and with a secret that is one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from drmg_check.documents import Panel
from drmg_check.learners import Learning, lines, rounding, slope
from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.planner import gaps, practical
from drmg_check.zoo import initial_shock
from drmg_properties.experiments._outcome import (
    Outcome,
    Progress,
    at_least,
    at_most,
    run_learner,
    run_records,
    seed_band,
)

SECRETS = ((0, 0), (0, 1), (1, 0), (1, 1))
HORIZON, RHO = 6, "1/10"
UNIFORM = ((1, 64, 8), (2, 2, 8), (2, 8, 8), (2, 32, 8), (3, 4, 8), (3, 12, 8))  # N, M, H


def initial_shock_experiment(*, episodes: int, seeds: int, progress: Progress) -> Outcome:
    """Run TV-MORNAVI on Example 1 for every secret.

    As printed, the reward of the trap gives the secret away, and rewards are known: nothing is left to
    learn. With a secret that only the kernel knows and the radius at every step, regret is linear
    whenever the secret differs from the learner's choice in one agent's action: one agent alone could
    leave the trap. Against uniform play a single agent gains little, and ever less as actions are
    added, so this game does not make every algorithm pay rho K min{H, prod A_i}.
    """
    runs: dict[tuple[str, tuple[int, int]], Learning] = {}
    kinds = (("printed", False), ("hidden", True))
    for k, ((name, hidden), secret) in enumerate(product(kinds, SECRETS)):
        game = _game(hidden, secret)
        runs[name, secret] = run_learner(game, practical(game, episodes), seeds)
        progress((k + 1) / 10)
    last = {arm: float(run.gap[:, -1].mean()) for arm, run in runs.items()}
    worst = max(last, key=lambda arm: last[arm])
    play = runs[worst].pi[0][0, 1].argmax()  # in the trap
    differing = {arm: sum(np.array(arm[1]) != np.unravel_index(play, (2, 2))) for arm in runs}
    rounded = {hidden: rounding(_game(hidden, SECRETS[0])) for _, hidden in kinds}
    uniform = [_uniform(*sizes) for sizes in UNIFORM]
    progress(1.0)
    return Outcome(
        setting=f"initial-shock, N = M = 2, H = {HORIZON}, rho = {RHO}, TV-MORNAVI, NASH, practical "
        f"constants, K = {episodes:,}, seeds 0 to {seeds - 1}",
        header=("game", "secret", "regret at K/4", "K/2", "K", "slope", "last gap"),
        table=(
            *(
                (
                    arm[0],
                    f"{arm[1][0]}, {arm[1][1]}",
                    *(f"{line.regret:,.4g}" for line in lines(run)),
                    "-" if np.isnan(slope(run)) else f"{slope(run):.2f}",
                    f"{last[arm]:.4f}",
                )
                for arm, run in runs.items()
            ),
            ("uniform play, N", "M", "H", "", "", "", "gap / rho"),
            *(
                (f"{N}", f"{M}", f"{H}", "", "", "", f"{found:.2f}")
                for (N, M, H), (found, *_) in zip(UNIFORM, uniform, strict=True)
            ),
        ),
        criteria=(
            at_most(
                "printed: the reward gives the secret away, largest last gap",
                max(gap for arm, gap in last.items() if arm[0] == "printed"),
                rounded[False],
            ),
            at_least("hidden: the worst secret costs linear regret, slope", slope(runs[worst]), 0.95),
            at_least("hidden: and a gap that stays", last[worst], 0.3),
            at_most(
                "hidden: secrets that differ from the learner's play in no or both actions, largest gap",
                max(gap for arm, gap in last.items() if arm[0] == "hidden" and differing[arm] != 1),
                rounded[True],
            ),
            at_most(
                "uniform play: largest error of gap / rho against the formula, in units of its bound",
                max(abs(found - formula) / bound for found, formula, bound in uniform),
                1,
            ),
            at_most(
                "uniform play of two agents: the gap vanishes as actions are added, M = 32 against M = 8",
                uniform[3][0] / uniform[2][0],
                0.5,
            ),
        ),
        records=[
            record
            for (name, secret), run in runs.items()
            for record in run_records(run, game=name, secret=f"{secret[0]}{secret[1]}")
        ],
        panels=tuple(
            Panel(
                f"regret, secret {title}",
                "episodes",
                [seed_band(f"{arm[1]}", run, run.regret) for arm, run in runs.items() if arm[0] == name],
            )
            for name, title in (("printed", "in the reward, as printed"), ("hidden", "in the kernel only"))
        ),
    )


def _game(hidden: bool, secret: tuple[int, int]) -> RobustMarkovGame:
    return initial_shock(horizon=HORIZON, radius=RHO, secret=secret, hidden=hidden, everywhere=hidden)


def _uniform(N: int, M: int, H: int) -> tuple[float, float, float]:
    """Return gap / rho of uniform play, by dynamic programming and by formula; and what rounding may part.

    In the trap uniform play escapes with probability M^-N a step, one agent alone reaches M^-(N - 1): the
    gap is ``rho [g(M^-N) - g(M^-(N - 1))]`` with ``g(p) = (1 - p) / p (1 - (1 - p)^(H - 1))``, the expected
    number of steps lost.
    """
    game = initial_shock(agents=N, actions=M, horizon=H, radius=RHO)

    def lost(p: Fraction) -> Fraction:
        return (1 - p) / p * (1 - (1 - p) ** (H - 1))

    found = gaps(game, uniform_policy(game))
    rho = float(game.rho.max())
    formula = float(lost(Fraction(1, M**N)) - lost(Fraction(1, M ** (N - 1))))
    share = found.at_start("cce") / rho
    return share, formula, float(found.error.max()) / rho + 2.0**-52 * (abs(share) + formula)
