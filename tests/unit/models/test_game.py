"""A game or a policy is legal or does not exist."""

from fractions import Fraction
from time import process_time

import numpy as np
import pytest

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    check_policy_fits,
    deterministic_policy,
    exact_radius,
    exact_reward,
    is_product,
    joint_action,
    marginal,
    nominal_row,
    product_policy,
    row_of,
    uniform_policy,
)
from drmg_check.sets import KullbackLeibler, TotalVariation, Wasserstein
from drmg_check.vocabulary import InputError

THIRD = Fraction(1, 3)


def two_agents(**changes: object) -> RobustMarkovGame:
    """Two states, two agents with 2 and 3 actions, two steps, stationary kernel in thirds."""
    parameters: dict = {
        "transition": np.full((2, 6, 2), None, dtype=object),
        "reward": np.arange(2 * 2 * 2 * 6).reshape(2, 2, 2, 6),
        "radius": "1/10",
        "uncertainty": (TotalVariation(), KullbackLeibler()),
        "actions": (2, 3),
        "horizon": 2,
    }
    parameters["transition"][..., 0] = THIRD
    parameters["transition"][..., 1] = 2 * THIRD
    return RobustMarkovGame(**(parameters | changes))


def test_exact_numbers_survive_and_floats_are_nearest():
    game = two_agents()
    assert nominal_row(game.stages[1], 0, 5) == (THIRD, 2 * THIRD)
    assert game.P[0, 0, 0, 0] == 1 / 3
    assert exact_radius(game.stages[1], 1, 1, 5) == Fraction(1, 10)
    assert exact_reward(game.stages[0], 1, 1, 2) == 32
    assert game.r[1, 0, 1, 2] == 32.0
    assert (game.n_agents, game.horizon, game.n_states, game.n_joint_actions) == (2, 2, 2, 6)
    assert game.is_stationary
    row = row_of(game.stages[0], 1, 0, 0, (Fraction(0), Fraction(1)))
    assert row.uncertainty == KullbackLeibler()
    assert row.radius == Fraction(1, 10)


def test_joint_actions_are_in_c_order():
    assert [joint_action(two_agents(), a) for a in range(6)] == list(np.ndindex(2, 3))


def test_a_float_row_means_its_exact_normalisation():
    row = np.array([0.1, 0.2, 0.7])
    game = RobustMarkovGame(
        transition=np.tile(row, (3, 1, 1)).reshape(3, 1, 3),
        reward=0,
        radius=0,
        uncertainty=TotalVariation(),
        actions=(1,),
        horizon=1,
    )
    assert sum(nominal_row(game.stages[0], 0, 0)) == 1
    total = sum(Fraction(x) for x in row)
    assert nominal_row(game.stages[0], 0, 0)[0] == Fraction(0.1) / total


def test_views_cannot_be_written():
    game = two_agents()
    for array in (game.P, game.r, game.rho, game.transition, game.reward, game.radius):
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"actions": ()}, "actions"),
        ({"actions": (2, 0)}, "actions"),
        ({"actions": (2, True)}, "actions"),
        ({"actions": (6,)}, "sets"),
        ({"actions": (2, 4)}, "joint actions"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": -3}, "horizon"),
        ({"transition": np.ones((2, 6))}, "expected \\[H, S, A, S\\]"),
        ({"transition": np.full((2, 6, 2), 0.4)}, r"transition\[0, 0\] sums to 0.8"),
        ({"transition": np.tile([1.5, -0.5], (2, 6, 1))}, "negative"),
        ({"transition": np.full((2, 6, 2), np.nan)}, r"transition\[0, 0, 0\]=nan"),
        ({"transition": np.tile([0.5, 0.5], (3, 2, 6, 1))}, "horizon=2"),
        ({"reward": [1, 2, 3]}, "broadcast"),
        ({"reward": float("inf")}, "not finite"),
        ({"reward": -1e304}, "rewards reach 1e.304 over horizon"),
        ({"radius": "3/2"}, "illegal for the tv set"),
        ({"radius": -0.1}, "illegal"),
        ({"uncertainty": (TotalVariation(),)}, "per agent"),
        ({"uncertainty": Wasserstein(((0, 1, 1), (1, 0, 1), (1, 1, 0)))}, "ground has 3"),
        ({"initial_state": 2}, "initial_state"),
        ({"state_names": ("a", "a")}, "repeats"),
        ({"state_names": ("a",)}, "expected 2 strings"),
        ({"agent_names": "ab"}, "expected 2 strings"),
        ({"action_names": (("l", "r"),)}, "one per agent"),
    ],
)
def test_illegal_games_are_refused(changes: dict, message: str):
    with pytest.raises(InputError, match=message):
        two_agents(**changes)


def test_rounded_rows_pass_and_sloppy_rows_do_not():
    rng = np.random.default_rng(20261121)
    weights = rng.random((50, 1, 50))
    weights /= weights.sum(axis=-1, keepdims=True)
    arguments: dict = {
        "reward": 0,
        "radius": 0,
        "uncertainty": TotalVariation(),
        "actions": (1,),
        "horizon": 1,
    }
    RobustMarkovGame(transition=weights, **arguments)
    with pytest.raises(InputError, match="sums to"):
        RobustMarkovGame(transition=weights.astype(np.float32), **arguments)


def test_a_correlated_policy_is_no_product_and_its_product_is():
    game = two_agents()
    weights = np.zeros((2, 2, 6))
    weights[..., 0] = weights[..., 5] = 0.5
    policy = JointPolicy(weights, (2, 3))
    assert not is_product(policy)
    assert marginal(policy, 1, 0, 0) == (Fraction(1, 2), 0, Fraction(1, 2))
    product = product_policy([np.full((2, 2, 2), THIRD * 3 / 2), np.tile([0.1, 0.2, 0.7], (2, 2, 1))])
    assert is_product(product)
    assert sum(action_distribution(product, 1, 1)) == 1
    assert is_product(uniform_policy(game))


def test_deterministic_policies_accept_joint_indices_and_tuples():
    game = two_agents()
    by_index = deterministic_policy(game, lambda h, s: 5)
    by_tuple = deterministic_policy(game, lambda h, s: (1, 2))
    assert (by_index.pi == by_tuple.pi).all()
    for bad in (6, (2, 0), -1):
        with pytest.raises(InputError, match="choose"):
            deterministic_policy(game, lambda h, s, bad=bad: bad)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.full((2, 2, 5), 0.2), "A=6"),
        (np.full((2, 2, 6), 0.2), "sums to"),
        (np.tile([2, -1, 0, 0, 0, 0], (2, 2, 1)), "negative"),
        (np.zeros((2, 2, 6)), "sums to 0"),
    ],
)
def test_illegal_policies_are_refused(weights: np.ndarray, message: str):
    with pytest.raises(InputError, match=message):
        JointPolicy(weights, (2, 3))


def test_a_policy_of_taxi_size_is_checked_in_a_moment():
    """30,000 floats in rows that sum to 1 up to rounding: no fraction is needed to see that."""
    weights = np.random.default_rng(0).dirichlet(np.ones(6), (10, 501))
    began = process_time()
    JointPolicy(weights, (6,))
    assert process_time() - began < 0.1
    weights[9, 500, 5] += 2.0**-40
    with pytest.raises(InputError, match=r"policy\[9, 500\] sums to"):
        JointPolicy(weights, (6,))


def test_a_policy_of_another_game_is_refused():
    with pytest.raises(InputError, match="needs"):
        check_policy_fits(two_agents(), uniform_policy(two_agents(horizon=3, reward=0)))
