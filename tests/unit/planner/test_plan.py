"""Robust value iteration on games whose equilibria are known."""

import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame, is_product
from drmg_check.planner import gaps, robust_value_iteration
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import NumericalError


def repeated(*payoffs: list[list[int]], actions: tuple[int, ...], horizon: int = 2) -> RobustMarkovGame:
    """Return a stage game played twice in one state."""
    return RobustMarkovGame(
        transition=np.ones((1, int(np.prod(actions)), 1)),
        reward=np.array([np.ravel(u) for u in payoffs], dtype=float)[:, None, None],
        radius=0.5,
        uncertainty=TotalVariation(),
        actions=actions,
        horizon=horizon,
    )


PENNIES = repeated([[1, 0], [0, 1]], [[0, 1], [1, 0]], actions=(2, 2))
CHICKEN = repeated([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(2, 2), horizon=1)


def test_matching_pennies_are_mixed_evenly():
    plan = robust_value_iteration(PENNIES, "nash")
    assert np.allclose(plan.policy.pi, 0.25, rtol=0.0, atol=1e-9)  # the accuracy asked
    assert abs(plan.V[0, 0, 0] - 1.0) <= 1e-9
    assert is_product(plan.policy)
    assert gaps(PENNIES, plan.policy).at_start("nash") <= plan.bound <= 2e-9


def test_the_correlated_equilibrium_of_chicken_has_the_largest_welfare():
    """Aumann (1974): 1/2 on (stay, stay), 1/4 on each pure NE earns 21/4 each, the best CE and CCE."""
    for concept in ("cce", "ce"):
        plan = robust_value_iteration(CHICKEN, concept)
        assert abs(plan.V[:, 0, 0].sum() - 10.5) <= 1e-8
        assert gaps(CHICKEN, plan.policy).at_start(concept) <= plan.bound <= 1e-8


def test_one_agent_makes_a_robust_decision_process():
    """Walking right pays at the end; the optimum is found in every state and step, exactly."""
    L, H = 4, 5
    transition = np.zeros((L, 2, L))
    for s in range(L):
        transition[s, 0, max(s - 1, 0)] = 1.0
        transition[s, 1, min(s + 1, L - 1)] = 1.0
    game = RobustMarkovGame(
        transition=transition,
        reward=np.eye(L)[L - 1][:, None],
        radius=0.0,
        uncertainty=TotalVariation(),
        actions=(2,),
        horizon=H,
    )
    for concept in ("nash", "cce", "ce"):
        plan = robust_value_iteration(game, concept)
        assert plan.V[0, 0].tolist() == [2.0, 3.0, 4.0, 5.0]
        assert gaps(game, plan.policy).at_start(concept) == 0.0


def test_a_stationary_kernel_of_taxi_size_is_planned_without_copies():
    """S = 501, A = 6, H = 10: the kernel is stored once and the plan needs about a second."""
    rng = np.random.default_rng(0)
    S, A = 501, 6
    transition = np.zeros((S, A, S))
    np.put_along_axis(transition, rng.integers(0, S, (S, A, 1)), 1.0, axis=2)
    game = RobustMarkovGame(
        transition=transition,
        reward=rng.integers(-10, 20, (S, A)).astype(float),
        radius=0.1,
        uncertainty=TotalVariation(),
        actions=(A,),
        horizon=10,
    )
    plan = robust_value_iteration(game, "nash")
    assert plan.stage_gap.max() == 0.0
    assert game.P.strides[0] == 0


def test_the_bound_covers_the_gap_of_the_policy():
    rng = np.random.default_rng(1)
    for actions in ((2, 3), (2, 2, 2)):
        S, A, H = 3, int(np.prod(actions)), 3
        game = RobustMarkovGame(
            transition=rng.dirichlet(np.ones(S), size=(H, S, A)),
            reward=rng.random((len(actions), H, S, A)),
            radius=0.125,
            uncertainty=TotalVariation(),
            actions=actions,
        )
        for concept in ("nash", "cce", "ce"):
            plan = robust_value_iteration(game, concept)
            computed = gaps(game, plan.policy)
            measured = max(
                computed.at_start(concept), float((computed.ce if concept == "ce" else computed.cce).max())
            )
            assert measured <= plan.bound + computed.error.max()
            assert plan.bound <= 1e-8


def test_no_gap_above_the_accuracy_is_returned_silently():
    with pytest.raises(NumericalError, match="gap="):
        robust_value_iteration(PENNIES, "cce", accuracy=-1.0)


def test_a_zero_sum_reward_does_not_make_a_zero_sum_stage_game():
    """Each agent fears its own kernel, so the values of the next step do not sum to a constant."""
    rng = np.random.default_rng(0)
    first = rng.random((1, 2, 2, 4))
    game = RobustMarkovGame(
        transition=rng.dirichlet(np.ones(2), size=(2, 2, 4)),
        reward=np.concatenate([first, 1.0 - first]),
        radius=0.25,
        uncertainty=TotalVariation(),
        actions=(2, 2),
    )
    total = robust_value_iteration(game, "cce").Q.sum(axis=0)
    assert np.ptp(total[1]) <= 1e-15
    assert np.ptp(total[0]) > 1e-3
