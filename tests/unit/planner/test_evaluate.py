"""Robust evaluation on games small enough to solve with a pencil."""

import math

import numpy as np
import pytest

from drmg_check.equilibria import deviation_payoffs, value
from drmg_check.kernels import worst_case_expectations
from drmg_check.models import JointPolicy, RobustMarkovGame, deterministic_policy, uniform_policy
from drmg_check.planner import evaluate, robust_value_iteration
from drmg_check.sets import KullbackLeibler, TotalVariation, UncertaintySet
from drmg_check.vocabulary import InputError, exact
from drmg_oracles import evaluate_exactly

GOOD, BAD = 0, 1


def coin(
    radius: object,
    m: int = 1,
    uncertainty: tuple[UncertaintySet, ...] | None = None,
    horizon: int = 2,
) -> RobustMarkovGame:
    """Return the game that goes to good or bad with probability 1/2; being in good pays every agent 1."""
    reward = np.array([1.0, 0.0])[:, None]
    return RobustMarkovGame(
        transition=np.full((2, 1, 2), 0.5),
        reward=reward,
        radius=np.asarray(radius),
        uncertainty=uncertainty or TotalVariation(),
        actions=(1,) * m,
        horizon=horizon,
    )


def test_the_adversary_moves_its_radius_from_good_to_bad():
    game = coin(0.25)
    V = evaluate(game, uniform_policy(game)).V
    # Step 1 pays 1 or 0; step 0 adds 1/2 - 1/4.
    assert V[0].tolist() == [[1.25, 0.25], [1.0, 0.0], [0.0, 0.0]]


def test_each_agent_fears_its_own_radius():
    game = coin(np.array([0.0, 0.5]).reshape(2, 1, 1, 1), m=2)
    V = evaluate(game, uniform_policy(game)).V
    assert V[:, 0, BAD].tolist() == [0.5, 0.0]


def test_each_agent_fears_its_own_set():
    """At radius KL((1/4, 3/4) || (1/2, 1/2)) the KL adversary leaves 1/4 on good; TV subtracts the radius."""
    radius = 0.75 * math.log(1.5) - 0.25 * math.log(2.0)
    game = coin(radius, m=2, uncertainty=(TotalVariation(), KullbackLeibler()))
    values = evaluate(game, uniform_policy(game))
    assert abs(values.V[0, 0, BAD] - (0.5 - radius)) <= values.error[0, 0]
    assert abs(values.V[1, 0, BAD] - 0.25) <= values.error[1, 0]


def test_a_radius_counts_only_where_it_stands():
    """A radius at the last step changes nothing, for nothing follows it."""
    radius = np.zeros((1, 2, 2, 1))
    radius[0, 1] = 1.0
    game = coin(radius)
    assert evaluate(game, uniform_policy(game)).V[0, 0].tolist() == [1.5, 0.5]


def test_the_value_is_the_average_over_the_joint_policy():
    reward = np.array([0.0, 1.0, 2.0, 5.0])
    game = RobustMarkovGame(
        transition=np.ones((1, 4, 1)),
        reward=np.stack([reward, -reward])[:, None, None],
        radius=0.0,
        uncertainty=TotalVariation(),
        actions=(2, 2),
        horizon=1,
    )
    assert evaluate(game, uniform_policy(game)).V[:, 0, 0].tolist() == [2.0, -2.0]
    assert evaluate(game, deterministic_policy(game, lambda h, s: (1, 0))).V[:, 0, 0].tolist() == [2.0, -2.0]


def test_the_error_bound_grows_backwards_and_is_small():
    game = coin(0.25, horizon=20)
    error = evaluate(game, uniform_policy(game)).error[0]
    assert error[20] == 0.0
    assert (np.diff(error) < 0.0).all()
    assert error[0] < 1e-12


def test_a_policy_of_another_game_is_refused():
    with pytest.raises(InputError, match="needs"):
        evaluate(coin(0.0), uniform_policy(coin(0.0, horizon=3)))


def test_rewards_near_the_smallest_float_keep_within_their_error():
    """Halves of the smallest float are rounded away; the bound must not be rounded to 0 as well."""
    rng = np.random.default_rng(0)
    for uncertainty in (TotalVariation(), KullbackLeibler()):
        game = RobustMarkovGame(
            transition=rng.dirichlet(np.ones(2), size=(2, 2, 4)),
            reward=rng.integers(0, 4, (2, 2, 2, 4)) * 2.0**-1074,
            radius=0.25,
            uncertainty=uncertainty,
            actions=(2, 2),
        )
        policy = uniform_policy(game)
        computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
        for i, h, s in np.ndindex(*computed.V.shape):
            error = exact(float(computed.error[i, h]))
            assert truth.lo[i, h, s] - error <= exact(float(computed.V[i, h, s])) <= truth.hi[i, h, s] + error
        for concept in ("nash", "cce", "ce"):
            assert robust_value_iteration(game, concept).bound <= 2.0**-1060


def test_it_is_the_plain_loop_to_the_last_bit():
    """Whatever iterates the operator: Q = r + worst case, V = mean of Q, backwards from 0."""
    rng = np.random.default_rng(5)
    game = RobustMarkovGame(
        transition=rng.dirichlet(np.ones(4), (3, 4, 6)),
        reward=rng.random((2, 3, 4, 6)),
        radius=rng.random((2, 3, 4, 6)) / 4,
        uncertainty=(TotalVariation(), KullbackLeibler()),
        actions=(2, 3),
    )
    policy = JointPolicy(rng.dirichlet(np.ones(6), (3, 4)), (2, 3))
    values = evaluate(game, policy)
    for i, uncertainty in enumerate((TotalVariation(), KullbackLeibler())):
        V = np.zeros(4)
        for h in (2, 1, 0):
            rows, radius = game.P[h].reshape(24, 4), game.rho[i, h].ravel()
            Q = game.r[i, h] + worst_case_expectations(uncertainty, rows, radius, V).reshape(4, 6)
            assert np.array_equal(values.Q[i, h], Q)
            V = value(deviation_payoffs(Q, policy.pi[h], i, (2, 3)))
            assert np.array_equal(values.V[i, h], V)
