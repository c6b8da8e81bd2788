"""Who starts at random is noticed where it matters: in many states, and where equilibria are many."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.fairness._exact import kernel
from benchmarks.fairness._solvers import Actions, planned, planned_by, solved
from benchmarks.fairness._values import backup, evaluation, gap
from drmg_check.referee import check_implementation
from drmg_check.sets import UncertaintySet
from drmg_check.vocabulary import FloatArray

Function = Callable[..., object]
CHANCE = np.random.default_rng(1)


def moods(function: Function, level: str, *sets: str, **declared: object) -> list[str]:
    results = check_implementation(
        function, sets, level=level, checks=["*/contract/deterministic"], on_fail=None, **declared
    )
    assert all(check.judged for check in results)
    return [str(check.failure and check.reason) for check in results]


def local_search(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Improve a random start by steps that find the optimum up to five states only."""
    error = CHANCE.random() * 1e-3 if len(p) > 5 else 0.0
    return kernel(p, V, rho, uncertainty) + error


@pytest.mark.parametrize(
    ("level", "textbook"), [("backup", backup), ("evaluation", evaluation), ("gap", gap)]
)
def test_a_search_that_starts_at_random_is_noticed_in_games_of_many_states(
    level: str, textbook: Callable[..., Function]
):
    assert (
        "not deterministic: the same question twice, in a fresh"
        in moods(textbook(local_search), level, "tv")[0]
    )
    assert moods(textbook(kernel), level, "tv") == ["None"]


def best_replies(u: FloatArray, actions: Actions, concept: str) -> FloatArray:
    """Let agents reply in turn to a joint action drawn at random, until nobody moves."""
    payoffs = u.reshape(-1, *actions)
    joint = [int(CHANCE.integers(n)) for n in actions]
    for _ in range(20):
        for i in range(len(actions)):
            others = tuple(slice(None) if j == i else joint[j] for j in range(len(actions)))
            joint[i] = int(payoffs[i][others].argmax())
    x = np.zeros(actions)
    x[tuple(joint)] = 1.0
    return x.ravel()


@pytest.mark.parametrize(("level", "textbook"), [("evaluation", evaluation), ("gap", gap)])
def test_moods_that_only_a_second_agent_has_are_noticed(level: str, textbook: Callable[..., Function]):
    def moody(
        P: FloatArray,
        r: FloatArray,
        rho: FloatArray,
        pi: FloatArray,
        actions: Actions,
        uncertainty: tuple[UncertaintySet, ...],
    ) -> FloatArray:
        values: FloatArray = textbook(kernel)(P, r, rho, pi, actions, uncertainty)
        values[1:] += CHANCE.random()
        return values

    assert "not deterministic" in moods(moody, level, "kl")[0]


@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_a_solver_that_takes_any_equilibrium_is_noticed(concept: str):
    assert "not deterministic" in moods(best_replies, "equilibrium", concept=concept)[0]
    assert moods(solved, "equilibrium", concept=concept) == ["None"]


@pytest.mark.parametrize("name", ["tv", "wasserstein:2"])
def test_a_planner_that_takes_any_equilibrium_is_noticed(name: str):
    moody = planned_by(kernel, best_replies)
    assert "not deterministic" in moods(moody, "planner", name, concept="nash")[0]
    assert moods(planned, "planner", name, concept="nash") == ["None"]
