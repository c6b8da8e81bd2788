"""Games on which solvers failed once: degenerate ones of three agents, payoffs of very different sizes."""

from math import prod

import numpy as np
import pytest

from drmg_check.equilibria import Concept, Method, solve_stages
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.readers import game_from_nfg
from drmg_check.sets import TotalVariation
from drmg_oracles.policies import certify

OPEN = """NFG 1 R "three_229" { "a" "b" "c" } { 2 2 9 }
0 0 0  0 0 0  0 0 0  0 0 0
0 0 0  0 0 0  0 0 0  0 0 0
0 0 0  0 0 0  0 0 0  0 0 0
0 0 0  0 0 0  0 0 0  0 -1 2
0 0 0  0 0 0  0 0 0  0 0 0
0 0 0  0 0 0  0 0 0  0 0 0
0 0 0  0 0 1  0 -1 1  0 1 -2
-1 0 1  0 0 0  0 0 0  0 -1 2
0 0 0  0 0 0  0 0 0  0 0 0
"""


def without_pure(actions: tuple[int, ...], penalty: float, seed: int) -> np.ndarray:
    """Draw payoffs -1, 0, 1, the last agent's minus the sum, until no profile is stable."""
    rng = np.random.default_rng(seed)
    m, A = len(actions), prod(actions)
    while True:
        u = rng.integers(-1, 2, size=(m, A)).astype(float)
        u[-1] = -u[:-1].sum(axis=0)
        if penalty:
            for i in range(m):
                u[i, rng.integers(A)] = -penalty
        each = u.reshape(m, *actions)
        stable = [each[i] >= each[i].max(axis=i, keepdims=True) for i in range(m)]
        if not np.logical_and.reduce(stable).any():
            return u[:, None]


@pytest.mark.parametrize("penalty", [0.0, 1e4])
@pytest.mark.parametrize("actions", [(2, 2, 9), (3, 3, 7), (4, 4, 5), (5, 5, 5), (3, 3, 3, 3)], ids=str)
def test_games_of_three_agents_without_pure_equilibria_are_solved(actions: tuple[int, ...], penalty: float):
    for seed in range(6):
        payoffs = without_pure(actions, penalty, seed)
        solved = solve_stages(payoffs, actions, "nash")
        assert solved.method[0] != Method.FAILED, seed
        assert solved.gap[0] <= 2.0**-36 * np.ptp(payoffs, axis=2).max()


def test_the_open_case_is_solved_and_certified():
    game = game_from_nfg(OPEN)
    plan = robust_value_iteration(game, "nash")
    assert certify(game, plan.policy).gap("nash")[1] < 1e-9


def test_sparse_rewards_of_three_agents_with_five_actions_are_planned():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        game = RobustMarkovGame(
            transition=rng.dirichlet(np.ones(3), size=(3, 125)),
            reward=(rng.random((3, 1, 3, 125)) < 0.1).astype(float),
            radius=0.1,
            uncertainty=TotalVariation(),
            actions=(5, 5, 5),
            horizon=3,
        )
        assert robust_value_iteration(game, "nash").bound < 1e-8


def coordination(penalty: float) -> np.ndarray:
    """Two agents who want to meet, better at the second place, and a third action that costs both."""
    u = np.full((2, 3, 3), -penalty)
    u[:, :2, :2] = [[1.0, 0.0], [0.0, 2.0]]
    return u.reshape(2, 1, 9)


@pytest.mark.parametrize("penalty", [1e3, 1e6, 1e8, 1e9, 1e10, 1e12, 1e13])
@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_the_equilibrium_of_largest_welfare_is_taken_whatever_a_penalty_is(concept: Concept, penalty: float):
    solved = solve_stages(coordination(penalty), (3, 3), concept)
    assert solved.x[0, 4] == 1.0
    assert solved.gap[0] == 0.0


@pytest.mark.parametrize("penalty", [1e2, 1e9, 1e12, 1e13])
@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_a_dilemma_is_solved_whatever_a_third_action_costs(concept: Concept, penalty: float):
    u = np.full((2, 3, 3), -penalty)
    u[0, :2, :2] = [[3.0, 0.0], [5.0, 1.0]]
    u[1, :2, :2] = [[3.0, 5.0], [0.0, 1.0]]
    solved = solve_stages(u.reshape(2, 1, 9), (3, 3), concept)
    assert solved.x[0, 4] == 1.0
    assert solved.gap[0] == 0.0


@pytest.mark.parametrize("penalty", [1e9, 1e12])
def test_a_mixed_equilibrium_beside_a_penalty_is_exact(penalty: float):
    """Matching pennies, and a third action that costs whoever takes it."""
    u = np.zeros((2, 3, 3))
    u[0, 2, :] = u[1, :, 2] = -penalty
    u[0, :2, :2] = [[1.0, -1.0], [-1.0, 1.0]]
    u[1, :2, :2] = [[-1.0, 1.0], [1.0, -1.0]]
    solved = solve_stages(u.reshape(2, 1, 9), (3, 3), "nash")
    assert solved.marginals[0][0].tolist() == [0.5, 0.5, 0.0]
    assert solved.gap[0] <= 1e-15


def test_the_most_even_equilibrium_of_constant_welfare_is_found_at_25_by_25():
    """Every CCE has the same welfare there, so that the tie-break runs over the whole polytope."""
    rng = np.random.default_rng(0)
    a = rng.integers(0, 2, size=625).astype(float)
    payoffs = np.stack([a, 1 - a])[:, None]
    value = solve_stages(payoffs, (25, 25), "nash").x[0] @ a
    for concept in ("cce", "ce"):
        solved = solve_stages(payoffs, (25, 25), concept)
        assert solved.method[0] == Method.SIMPLEX
        assert solved.gap[0] < 1e-9
        assert solved.x[0] @ a == pytest.approx(value, abs=1e-9)
        assert (solved.x[0] ** 2).sum() <= 1 / 50  # spread out over hundreds of profiles
