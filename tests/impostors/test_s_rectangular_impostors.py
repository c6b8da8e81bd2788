"""Solvers of states whose actions share a budget: wrong worths and wrong policies are caught and named."""

from collections.abc import Callable

import numpy as np
import pytest

from drmg_check.kernels import worst_case_states
from drmg_check.referee import check_implementation
from drmg_check.sets import L1, SRectangular, UncertaintySet
from drmg_check.words import FailureKind

Solved = tuple[float, np.ndarray]
State = tuple[np.ndarray, np.ndarray, np.ndarray, float, np.ndarray, float]


def solved(state: State, uncertainty: UncertaintySet) -> Solved:
    P, r, V, kappa, w, gamma = state
    worth, policy = worst_case_states(
        SRectangular(uncertainty, w.tolist()), P[None], r[None], np.array([kappa]), gamma * V
    )
    return worth[0], policy[0]


def right(*state: object, uncertainty: UncertaintySet) -> Solved:
    return solved(state, uncertainty)


def policy_of_the_unweighted_problem(*state: object, uncertainty: UncertaintySet) -> Solved:
    """Right worths, wrong policies: as in craam2 of 2021, which uses the weights in the budget only."""
    P, r, V, kappa, w, gamma = state
    return solved(state, uncertainty)[0], solved((P, r, V, kappa, np.ones_like(w), gamma), uncertainty)[1]


def weights_ignored(*state: object, uncertainty: UncertaintySet) -> Solved:
    P, r, V, kappa, w, gamma = state
    return solved((P, r, V, kappa, np.ones_like(w), gamma), uncertainty)


def best_single_action(*state: object, uncertainty: UncertaintySet) -> Solved:
    P, r, V, kappa, w, gamma = state
    each = [
        solved((P[a : a + 1], r[a : a + 1], V, kappa, w[a : a + 1], gamma), uncertainty)[0]
        for a in range(len(r))
    ]
    return max(each), np.eye(len(r))[int(np.argmax(each))]


def single_action_as_policy(*state: object, uncertainty: UncertaintySet) -> Solved:
    return solved(state, uncertainty)[0], best_single_action(*state, uncertainty=uncertainty)[1]


def equal_parts_of_the_budget(*state: object, uncertainty: UncertaintySet) -> Solved:
    P, r, V, kappa, w, gamma = state
    return best_single_action(P, r, V, kappa / len(r), w, gamma, uncertainty=uncertainty)


def without_the_discount(*state: object, uncertainty: UncertaintySet) -> Solved:
    return solved((*state[:5], 1.0), uncertainty)


def worst_action(*state: object, uncertainty: UncertaintySet) -> Solved:
    P, r, V, kappa, w, gamma = state
    worth, policy = solved((P[::-1], r, V, kappa, w, gamma), uncertainty)
    return worth, policy


def no_distribution(*state: object, uncertainty: UncertaintySet) -> Solved:
    worth, policy = solved(state, uncertainty)
    return worth, 2.0 * policy


def judged(function: Callable[..., Solved], sets: str, **options: object) -> dict[str, object]:
    def solve(
        P: np.ndarray,
        r: np.ndarray,
        V: np.ndarray,
        kappa: float,
        w: np.ndarray,
        gamma: float,
        uncertainty: UncertaintySet,
    ) -> Solved:
        return function(P, r, V, kappa, w, gamma, uncertainty=uncertainty)

    checks = check_implementation(solve, level="s-rectangular", sets=sets, on_fail=None, **options)
    return {check.case.partition("/")[2]: check.failure for check in checks if check.failure is not None}


@pytest.mark.parametrize("sets", ["l1", "l1:nominal", "tv", "interval", "kl", "chi2"])
def test_a_right_solver_is_not_blamed(sets: str):
    assert judged(right, sets) == {}


def test_a_solver_of_costs_is_asked_about_costs():
    def costly(*state: object, uncertainty: UncertaintySet) -> Solved:
        P, r, V, *rest = state
        worth, policy = right(P, -r, -V, *rest, uncertainty=uncertainty)
        return -worth, policy

    assert judged(costly, "l1", quantity="cost", checks=["*/smoke/*", "*/oracle/telling", "*/policy/*"]) == {}


NAMED = {
    policy_of_the_unweighted_problem: "the right worth, with the policy of the unweighted problem",
    weights_ignored: "with the weights of the actions ignored",
    best_single_action: "the best single action, where a mixture is better",
    single_action_as_policy: "the right worth, with the best single action as policy",
    equal_parts_of_the_budget: "with an equal part of the budget for each action",
    without_the_discount: "without the discount",
}
TELLING = ["*/oracle/telling", "*/policy/secures"]


@pytest.mark.parametrize("sets", ["l1", "kl"])
@pytest.mark.parametrize("impostor", NAMED, ids=lambda impostor: impostor.__name__)
def test_an_impostor_is_caught_and_named(impostor: Callable[..., Solved], sets: str):
    failures = judged(impostor, sets, checks=TELLING)
    assert failures
    for failure in failures.values():
        assert NAMED[impostor] in failure.diagnosis


def test_right_worths_do_not_hide_a_wrong_policy():
    failures = judged(policy_of_the_unweighted_problem, "l1", checks=TELLING)
    assert list(failures) == ["policy/secures"]
    failure = failures["policy/secures"]
    assert failure.kind == FailureKind.NO_EQUILIBRIUM
    assert "secures" in failure.lines[-1]
    assert "assert policy @ worth >= low" in failure.snippet


def test_what_is_no_distribution_is_no_policy():
    failures = judged(no_distribution, "l1", checks=TELLING)
    assert {failure.kind for failure in failures.values()} == {FailureKind.ILLEGAL_POLICY}


def test_an_unknown_mistake_is_caught_and_not_named():
    failures = judged(worst_action, "l1", checks=["*/oracle/telling"])
    assert {failure.diagnosis for failure in failures.values()} == {""}


def test_a_ball_that_cannot_be_shared_is_refused():
    with pytest.raises(Exception, match="ball=hellinger has no s-rectangular set"):
        judged(right, "hellinger")


def test_the_budget_is_sent_in_the_convention_that_is_declared():
    def of_l1(*state: object, uncertainty: UncertaintySet) -> Solved:
        return solved(state, L1())

    options = {"radius_factor": 2, "checks": ["*/smoke/*", "*/oracle/telling"]}
    assert judged(of_l1, "tv", **options) == {}
