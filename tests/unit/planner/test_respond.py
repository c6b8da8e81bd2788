"""Best responses and gaps on games small enough to solve with a pencil."""

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, deterministic_policy, uniform_policy
from drmg_check.planner import best_modification, best_response, gaps
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError


def one_shot(*payoffs: list[list[int]], actions: tuple[int, ...]) -> RobustMarkovGame:
    """Return a stage game: one state, one step."""
    return RobustMarkovGame(
        transition=np.ones((1, int(np.prod(actions)), 1)),
        reward=np.array([np.ravel(u) for u in payoffs], dtype=float)[:, None, None],
        radius=0.0,
        uncertainty=TotalVariation(),
        actions=actions,
        horizon=1,
    )


DILEMMA = one_shot([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=(2, 2))
MATCHING = one_shot([[1, 0], [0, 1]], [[1, 0], [0, 1]], actions=(2, 2))


def test_defection_is_the_best_response_in_the_dilemma():
    cooperate = deterministic_policy(DILEMMA, lambda h, s: (0, 0))
    response = best_response(DILEMMA, cooperate, 1)
    assert (response.V[0, 0], response.actions[0, 0]) == (5.0, 1)
    computed = gaps(DILEMMA, cooperate)
    assert computed.cce[:, 0].tolist() == [2.0, 2.0]
    assert computed.at_start("nash") == computed.at_start("cce") == computed.at_start("ce") == 2.0


def test_a_pure_equilibrium_has_gap_exactly_zero():
    defect = deterministic_policy(DILEMMA, lambda h, s: (1, 1))
    assert [gaps(DILEMMA, defect).at_start(concept) for concept in ("nash", "cce", "ce")] == [0.0, 0.0, 0.0]


def test_obeying_a_correlated_policy_can_beat_every_fixed_action():
    half = Fraction(1, 2)
    policy = JointPolicy(np.array([[[half, 0, 0, half]]], dtype=object), (2, 2))
    computed = gaps(MATCHING, policy)
    assert computed.cce[:, 0].tolist() == [-0.5, -0.5]
    assert computed.ce[:, 0].tolist() == [0.0, 0.0]
    assert not computed.product
    with pytest.raises(InputError, match="correlated"):
        computed.at_start("nash")


def test_a_recommendation_can_be_worth_disobeying():
    """Swapping 0 -> 2, 1 -> 0, 2 -> 1 gains 2/3 in a CCE (the counterexample to Lemma 9 as printed)."""
    game = one_shot([[0, 0, 1], [0, 1, 0], [1, 0, 0]], [[1, 0, 0], [1, 1, 0], [0, 1, 1]], actions=(3, 3))
    third = Fraction(1, 3)
    weights = np.zeros(9, dtype=object)
    weights[[2, 3, 7]] = third  # the profiles (0, 2), (1, 0), (2, 1)
    computed = gaps(game, JointPolicy(weights.reshape(1, 1, 9), (3, 3)))
    assert computed.cce.max() <= computed.error.max()
    assert abs(computed.at_start("ce") - 2 / 3) <= computed.error.max()


def test_a_modification_answers_each_recommendation():
    half = Fraction(1, 2)
    policy = JointPolicy(np.array([[[0, half, half, 0]]], dtype=object), (2, 2))  # recommends a mismatch
    answer = best_modification(MATCHING, policy, 0)
    assert answer.actions[0, 0].tolist() == [1, 0]
    assert answer.V[0, 0] == 1.0


def test_the_best_response_looks_ahead_through_the_worst_kernel():
    """Action 0 goes to good surely but its adversary may move 3/4; action 1 pays 3/8 at once."""
    transition = np.zeros((2, 2, 2))
    transition[:, 0] = [1.0, 0.0]
    transition[:, 1] = [0.0, 1.0]
    reward = np.zeros((1, 2, 2, 2))
    reward[0, 0, :, 1] = 0.375
    reward[0, 1, 0, :] = 1.0
    for radius, action, value in ((0.75, 1, 0.375), (0.5, 0, 0.5)):
        game = RobustMarkovGame(
            transition=transition,
            reward=reward,
            radius=radius,
            uncertainty=TotalVariation(),
            actions=(2,),
            horizon=2,
        )
        response = best_response(game, uniform_policy(game), 0)
        assert (response.actions[0, 0], response.V[0, 0]) == (action, value)


def test_there_must_be_such_an_agent():
    with pytest.raises(InputError, match="expected an agent"):
        best_response(DILEMMA, uniform_policy(DILEMMA), 2)
