"""The program that shows what is wrong with a policy fails on it, and passes with every right one."""

import sys
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.referee import check_implementation
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import FloatArray

Actions = tuple[int, ...]
Function = Callable[..., FloatArray]


def last_action(u: FloatArray, actions: Actions) -> FloatArray:
    """Play the first action of the first agent and the last of the others."""
    return np.eye(u.shape[1])[actions[1] - 1]


def unnormalised(u: FloatArray, actions: Actions) -> FloatArray:
    """Forget to divide by the sum."""
    return np.ones(u.shape[1])


def negative(u: FloatArray, actions: Actions) -> FloatArray:
    """Sum to one, but not of probabilities."""
    return np.array([1.5, -0.5] + [0.0] * (u.shape[1] - 2))


def correlated(u: FloatArray, actions: Actions) -> FloatArray:
    """Return what is no product."""
    return np.array([0.5, 0.0, 0.0, 0.5])


def no_adversary(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Plan for the nominal game."""
    return plan(P, r, 0 * rho, actions)


def doubled(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    """Return weights that sum to two."""
    return 2 * plan(P, r, rho, actions)


def plan(P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions) -> FloatArray:
    game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=TotalVariation(), actions=actions)
    return robust_value_iteration(game, "nash").policy.pi


@pytest.mark.parametrize(
    ("impostor", "level", "concept", "check"),
    [
        (last_action, "equilibrium", "nash", "smoke/prisoners-dilemma"),
        (last_action, "equilibrium", "cce", "smoke/matching-pennies"),
        (last_action, "equilibrium", "ce", "smoke/matching-pennies"),
        (unnormalised, "equilibrium", "nash", "smoke/matching-pennies"),
        (negative, "equilibrium", "ce", "smoke/matching-pennies"),
        (correlated, "equilibrium", "nash", "smoke/matching-pennies"),
        (no_adversary, "planner", "nash", "smoke/safe-or-risky"),
        (doubled, "planner", "nash", "smoke/prisoners-dilemma"),
    ],
)
def test_the_program_fails_on_the_fault_alone(
    monkeypatch: pytest.MonkeyPatch, impostor: Function, level: str, concept: str, check: str
):
    sets = {"sets": "tv"} if level == "planner" else {}
    (result,) = check_implementation(
        impostor, **sets, level=level, concept=concept, checks=[f"*/{check}"], on_fail=None, diagnose=None
    )
    program = result.failure.snippet
    assert "drmg_check" not in program
    with pytest.raises(AssertionError):
        exec(program, {})  # noqa: S102 - the program under test

    def stage(u: FloatArray, actions: Actions) -> FloatArray:
        return solve_stages(u[:, None, :], actions, concept).x[0]

    right = plan if level == "planner" else stage
    module = SimpleNamespace(**{impostor.__name__: right})
    monkeypatch.setitem(sys.modules, __name__, module)
    exec(program, {})  # noqa: S102


def test_payoffs_that_are_costs_keep_their_sign_in_the_program(monkeypatch: pytest.MonkeyPatch):
    (result,) = check_implementation(
        last_action,
        level="equilibrium",
        quantity="cost",
        checks=["nash/smoke/matching-pennies"],
        on_fail=None,
        diagnose=None,
    )
    with pytest.raises(AssertionError):
        exec(result.failure.snippet, {})  # noqa: S102

    def of_costs(u: FloatArray, actions: Actions) -> FloatArray:
        return solve_stages(-u[:, None, :], actions, "nash").x[0]

    monkeypatch.setitem(sys.modules, __name__, SimpleNamespace(last_action=of_costs))
    exec(result.failure.snippet, {})  # noqa: S102
