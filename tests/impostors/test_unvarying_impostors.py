"""Whoever takes one number for all, or the game of one step for every step, is caught by default, and named.

The impostors change what they are given and then compute rightly, with the planner's float64 code.
"""

from collections.abc import Callable

import numpy as np
import pytest

from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import best_response, evaluate, gaps
from drmg_check.referee import check_implementation
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import FloatArray

Actions = tuple[int, ...]
Arrays = tuple[FloatArray, FloatArray, FloatArray]
Change = Callable[[FloatArray, FloatArray, FloatArray], Arrays]


def frozen(array: FloatArray, axis: int) -> FloatArray:
    """Return what the first step has, for every step."""
    return np.repeat(np.take(array, [0], axis=axis), array.shape[axis], axis=axis)


def transposed(rho: FloatArray) -> FloatArray:
    m, H, S, A = rho.shape
    return np.ascontiguousarray(rho.reshape(m, H, A, S).swapaxes(2, 3))


CHANGES: dict[str, Change] = {
    "one radius for all agents": lambda P, r, rho: (P, r, np.full_like(rho, rho[0, 0, 0, 0])),
    "the first radius everywhere": lambda P, r, rho: (P, r, np.broadcast_to(rho[:, :1, :1, :1], rho.shape)),
    "radii with flipped axes": lambda P, r, rho: (P, r, transposed(rho)),
    "the game of the first step for all": lambda P, r, rho: (frozen(P, 0), frozen(r, 1), frozen(rho, 1)),
    "the kernel of the first step for all": lambda P, r, rho: (frozen(P, 0), r, rho),
    "the rewards of the first step for all": lambda P, r, rho: (P, frozen(r, 1), rho),
    "the radii of the first step for all": lambda P, r, rho: (P, r, frozen(rho, 1)),
    "the radii of the next step": lambda P, r, rho: (P, r, np.concatenate([rho[:, 1:], rho[:, -1:]], axis=1)),
}


def values(game: RobustMarkovGame, policy: JointPolicy) -> FloatArray:
    return evaluate(game, policy).V[:, 0]


def responses(game: RobustMarkovGame, policy: JointPolicy) -> FloatArray:
    return np.array([best_response(game, policy, i).V[0] for i in range(game.n_agents)])


def coarse_gaps(game: RobustMarkovGame, policy: JointPolicy) -> FloatArray:
    return gaps(game, policy).cce


LEVELS = {"evaluation": values, "best-response": responses, "gap": coarse_gaps}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", CHANGES)
def test_who_takes_one_for_all_fails_at_the_quick_profile_and_is_named(name: str, level: str):
    change, solve = CHANGES[name], LEVELS[level]

    def impostor(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions
    ) -> FloatArray:
        P, r, rho = change(P, r, rho)
        sets = (TotalVariation(),) * len(actions)
        game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=sets, actions=actions)
        return solve(game, JointPolicy(pi, actions))

    checks = ["tv/oracle/telling"]
    (found,) = check_implementation(
        impostor, sets="tv", level=level, checks=checks, on_fail=None, profile="quick"
    )
    assert found.outcome == "failed"
    assert f"agrees with {name} (" in found.failure.diagnosis


def test_a_backup_with_one_radius_is_caught_and_named():
    def backup(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> FloatArray:
        S, A = r.shape
        radii = np.full(S * A, rho[0, 0])
        worst = worst_case_expectations(TotalVariation(), P.reshape(S * A, S), radii, V)
        return r + worst.reshape(S, A)

    checks = ["tv/oracle/telling"]
    (found,) = check_implementation(
        backup, sets="tv", level="backup", checks=checks, on_fail=None, profile="quick"
    )
    assert found.outcome == "failed"
    assert "agrees with the first radius everywhere (" in found.failure.diagnosis
