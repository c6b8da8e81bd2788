"""One linear program for a whole game tells the same robust values as the recursions."""

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import evaluate
from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    KullbackLeibler,
    ProbabilityBounds,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    WeightedInterval,
    WeightedL1,
)
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import evaluate_by_program, evaluate_exactly

SETS = (
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    L1("nominal"),
    Contamination(),
    Contamination("nominal"),
    Interval(),
    Interval("nominal"),
    ProbabilityBounds((0, "1/8", 0, 0), (1, "1/2", "1/4", "3/4")),
    Scenarios(((1, 0, 0, 0), ("1/4", "1/4", "1/2", 0))),
    WeightedL1((1, 2, "1/2", 3)),
    WeightedL1((1, 2, "1/2", 3), "nominal"),
    WeightedInterval((1, 2, "1/2", 3)),
    WeightedInterval((1, 2, "1/2", 3), "nominal"),
)
# Dual constraints of HiGHS are off by up to 1e-10, the values then by that times the sum of all variables:
# fewer than 1500 here, of size below 10.
NEAR = 1500 * 10 * 1e-10


def random_game(uncertainty: UncertaintySet, seed: int) -> tuple[RobustMarkovGame, JointPolicy]:
    """Return a game with zeros in its rows, radii of every size, and a correlated policy."""
    rng = np.random.default_rng(seed)
    H, S, actions = 3, 4, (2, 2)
    weights = rng.integers(0, 4, (H, S, 4, S)) * (rng.random((H, S, 4, S)) < 0.7)
    weights[..., 0] += weights.sum(axis=-1) == 0
    game = RobustMarkovGame(
        transition=weights / weights.sum(axis=-1, keepdims=True),
        reward=rng.normal(size=(2, H, S, 4)),
        radius=rng.choice([0.0, 0.1, 0.3, 1.0], (2, H, S, 4)),
        uncertainty=uncertainty,
        actions=actions,
    )
    return game, JointPolicy(rng.dirichlet(np.ones(4), (H, S)), actions)


@pytest.mark.parametrize("uncertainty", SETS, ids=lambda u: f"{u.kind}-{u.leaves_support}")
def test_the_program_the_planner_and_the_exact_recursion_agree(uncertainty: UncertaintySet):
    game, policy = random_game(uncertainty, 0)
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    for i in range(2):
        V = evaluate_by_program(game, policy, i)
        assert np.abs(V - truth.lo[i].astype(float)).max() <= NEAR
        assert np.abs(V - computed.V[i]).max() <= NEAR + computed.error[i].max()


def test_good_and_bad_state_by_hand():
    """Absorbing good (reward 1) and bad (0), TV radius 1/3: 1, 1 + 2/3, 1 + 2/3 + 4/9 from good."""
    game = RobustMarkovGame(
        transition=[[[1, 0]], [[0, 1]]], reward=[[[1], [0]]], radius=Fraction(1, 3),
        uncertainty=TotalVariation(), actions=(1,), horizon=3,
    )  # fmt: skip
    expected = [[19 / 9, 0], [5 / 3, 0], [1, 0], [0, 0]]
    assert np.abs(evaluate_by_program(game, uniform_policy(game), 0) - expected).max() <= NEAR


def test_a_set_without_a_linear_program_is_refused():
    game, policy = random_game(KullbackLeibler(), 0)
    with pytest.raises(UnsupportedError, match="kl"):
        evaluate_by_program(game, policy, 0)
