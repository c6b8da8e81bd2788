"""Wasserstein sets in whole games: the textbook dual is accepted, five misreadings of it are caught.

With the costs ``C[s, t]`` and the budget ``b`` of the transport, the worst case of V is

    max over lam >= 0 of  -lam b + sum_s p_s min_t (V_t + lam C[s, t]),

a concave function with kinks where two targets t, u of a state s tie, ``lam = (V_t - V_u) / (C_su - C_st)``.
"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, settings

from drmg_check.referee import check_implementation
from drmg_check.referee.asking import GameQuestion, InProcess
from drmg_check.referee.evidence import GameFault, Tally
from drmg_check.referee.levels import level_of, session_for
from drmg_check.referee.levels._backup import backup_questions
from drmg_check.referee.levels._of_policy import policy_questions
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import FloatArray
from drmg_check.words import LevelName

Actions = tuple[int, ...]
Reading = Callable[[FloatArray, int, float], tuple[FloatArray, float]]
"""Ground metric, order and radius to costs and budget."""


def textbook(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Cost ``d^k``, budget ``rho^k``: honest."""
    return ground**order, rho**order


def only_downwards(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Let mass move to lower indices only."""
    return np.where(np.tri(len(ground), dtype=bool), ground**order, np.inf), rho**order


def only_upwards(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Let mass move to higher indices only."""
    return np.where(np.tri(len(ground), dtype=bool).T, ground**order, np.inf), rho**order


def other_order(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Confuse orders 1 and 2."""
    return ground ** (3 - order), rho ** (3 - order)


def distance_of_indices(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Ignore the ground metric."""
    s = np.arange(float(len(ground)))
    return np.abs(s[:, None] - s) ** order, rho**order


def cost_within_radius(ground: FloatArray, order: int, rho: float) -> tuple[FloatArray, float]:
    """Compare the cost with rho instead of ``rho^k``."""
    return ground**order, rho


MISREADINGS = (only_downwards, only_upwards, other_order, distance_of_indices)


def worst_case(p: FloatArray, V: FloatArray, C: FloatArray, budget: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        kinks = (V[:, None] - V) / (C[:, None, :] - C[:, :, None])
    multipliers = np.unique(kinks[np.isfinite(kinks) & (kinks > 0)])
    reached = [
        (p @ np.where(np.isinf(C), np.inf, V + lam * np.where(np.isinf(C), 0, C)).min(axis=1), lam)
        for lam in (0.0, *multipliers)
    ]
    return max(float(mean - lam * budget) for mean, lam in reached)


def backup(reading: Reading) -> Callable[..., FloatArray]:
    def function(
        P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray, ground: FloatArray, order: int
    ) -> FloatArray:
        Q = r.copy()
        for s, a in np.ndindex(*r.shape):
            Q[s, a] += worst_case(P[s, a], V, *reading(ground, order, float(rho[s, a])))
        return Q

    return function


def evaluation(reading: Reading) -> Callable[..., FloatArray]:
    one_step = backup(reading)

    def function(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        pi: FloatArray,
        actions: Actions,
        ground: FloatArray,
        order: int,
    ) -> FloatArray:
        m, H, S, _ = r.shape
        values = np.zeros((m, S))
        for i in range(m):
            for h in reversed(range(H)):
                Q = one_step(P[h], r[i, h], rho[i, h], values[i], ground[i], order)
                values[i] = (pi[h] * Q).sum(axis=1)
        return values

    return function


LEVELS = {"backup": backup, "evaluation": evaluation}
SEARCH = settings(
    max_examples=200,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def judged(
    reading: Reading, level: LevelName, name: str
) -> Callable[[GameQuestion], GameFault[GameQuestion] | None]:
    session = session_for(InProcess(LEVELS[level](reading)), Implementation(level=level, sets=(name,)))
    return lambda question: level_of(level).verdict(session, question, Tally())


@pytest.mark.parametrize(("level", "name"), [("backup", "wasserstein:3"), ("evaluation", "wasserstein:2")])
def test_the_textbook_is_not_accused(level: LevelName, name: str):
    results = check_implementation(
        LEVELS[level](textbook),
        name,
        level=level,
        profile="quick",
        on_fail=None,
        checks=["*/smoke/*", "*/oracle/*"],
    )
    assert [check.reason for check in results if check.outcome != "passed"] == []


@pytest.mark.parametrize("impostor", [*MISREADINGS, cost_within_radius])
@pytest.mark.parametrize(("level", "name"), [("backup", "wasserstein:2"), ("evaluation", "wasserstein:2")])
def test_misreadings_are_caught(level: LevelName, impostor: Reading, name: str):
    accuse = judged(impostor, level, name)
    drawn = {"backup": backup_questions, "evaluation": policy_questions}[level](set_family(name).make(1))
    question = find(drawn, lambda one: accuse(one) is not None, settings=SEARCH)
    assert accuse(question).kind == "wrong value"


def test_a_failure_shows_the_distances_and_a_program_that_needs_them():
    """With two states, compare the cost with rho: what a reader and NumPy need to see it is there."""
    results = check_implementation(
        evaluation(cost_within_radius),
        "wasserstein:2",
        level="evaluation",
        on_fail=None,
        checks=["*/smoke/*"],
    )
    failure = next(check.failure for check in results if check.failure is not None)
    assert "distances of agent 0: ((0, 1), (1, 0)), order 2" in failure.lines
    assert "ground = np.array([[[0.0, 1.0], [1.0, 0.0]]])" in failure.snippet
    assert "pi, actions, order=2, ground=ground)" in failure.snippet
    lines = [line for line in failure.snippet.splitlines() if "<locals>" not in line]
    with pytest.raises(AssertionError):
        exec("\n".join(lines), {"function": evaluation(cost_within_radius)})  # noqa: S102 - under test
    exec("\n".join(lines), {"function": evaluation(textbook)})  # noqa: S102
