"""Honest learners: they learn nothing, promise what is certain, and add up the gaps of what they play.

The gaps come from honest code for rows, exact or not: whoever declares an accuracy declares it of each worst
case. Play is drawn from the seed, products for CCE.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from benchmarks.fairness._approximate import off_by
from benchmarks.fairness._exact import SETS, Way, kernel, rounded_anyhow
from benchmarks.fairness._honest import ACCURACIES, RIGHT, Honest, in_digits
from benchmarks.fairness._searches import bisected
from benchmarks.fairness._values import Actions, Sets, Textbook, gap
from drmg_check.referee.asking import game_as_given, with_rewards
from drmg_check.referee.levels._of_solver import SolverQuestion
from drmg_check.referee.levels._played import LearnerQuestion
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray, exact

EPISODES = 4


def player(way: Way) -> Textbook:
    """Return a learner whose gaps are those of a way to solve rows."""
    gained = gap(way)

    def learn(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        actions: Actions,
        episodes: int,
        delta: float,
        seed: int,
        uncertainty: Sets,
    ) -> dict[str, FloatArray]:
        chance = np.random.default_rng(seed)
        m, H, S, _ = r.shape
        pi = np.ones((episodes, H, S, 1))
        for n in actions:
            own = chance.dirichlet(np.ones(n), size=(episodes, H, S))
            pi = (pi[..., :, None] * own[..., None, :]).reshape(episodes, H, S, -1)
        gaps = [gained(P, r, rho, played, actions, uncertainty)[:, 0].max() for played in pi]
        bounds = np.ones((episodes, m))
        return {"pi": pi, "lower": 0 * bounds, "upper": H * bounds, "regret": np.cumsum(gaps)}

    return learn


def run_on(question: SolverQuestion, seed: int) -> LearnerQuestion:
    """Return a run on the game of a question, its rewards brought to [0, 1]."""
    rewards = [exact(x) for x in question.game.r.ravel().tolist()]
    low, span = min(rewards), max(rewards) - min(rewards)
    unit = (
        Fraction(1, 1 << max(0, (span.numerator // span.denominator).bit_length())) if span else Fraction(0)
    )
    game = game_as_given(with_rewards(question.game, unit, -low * unit))
    return LearnerQuestion(game, question.concept, EPISODES, seed)


def _learners() -> Iterator[Honest]:
    def honest(
        name: str,
        kind: str,
        function: Textbook,
        accuracy: Fraction = Fraction(0),
        sets: tuple[str, ...] = SETS,
    ) -> Honest:
        told = Implementation(level="learner", concept="cce", sets=sets, accuracy=accuracy)
        return Honest(name=f"learner {name}", kind=kind, function=function, declared=told)

    for way in (kernel, rounded_anyhow):
        yield honest(f"by {way.__name__}", RIGHT, player(way))
    for share in ACCURACIES:
        kind = f"declares {in_digits(share)}, off by all of it"
        yield honest(f"off by {in_digits(share)}", kind, player(partial(off_by, share)), share)
        searched = player(partial(bisected, share))
        yield honest(
            f"by bisection, {in_digits(share)}", "a stopping rule", searched, share, sets=("tv", "chi2", "kl")
        )


LEARNERS = tuple(_learners())
"""What is judged on runs of learners."""
