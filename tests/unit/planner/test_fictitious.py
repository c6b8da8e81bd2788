"""The backup in floats under a fictitious set, where rounding could change who may be reached."""

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, deterministic_policy
from drmg_check.planner import evaluate
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.vocabulary import NumericalError


def rarely(uncertainty: FictitiousTotalVariation) -> tuple[RobustMarkovGame, JointPolicy]:
    """Return a game and a policy by which the bad state follows with probability 1e-400."""
    transition = np.zeros((2, 2, 2))
    transition[:, :, 0] = 1.0
    transition[0, 1] = [1.0, 1e-200]
    game = RobustMarkovGame(
        transition=transition,
        reward=np.array([1.0, 0.0])[:, None],
        radius=0.5,
        uncertainty=uncertainty,
        actions=(1, 2),
        horizon=2,
    )
    return game, JointPolicy(np.broadcast_to([1.0, 1e-200], (2, 2, 2)), (1, 2))


def test_a_successor_that_vanishes_from_an_average_is_no_silent_change_of_support():
    game, policy = rarely(FictitiousTotalVariation("nominal"))
    with pytest.raises(NumericalError, match="state 1 after state 0 and own action 0 at h=1 underflows"):
        evaluate(game, policy)
    game, policy = rarely(FictitiousTotalVariation())
    assert evaluate(game, policy).V[0, 0, 0] == 1.5


def test_an_action_that_is_never_recommended_meets_the_marginal():
    game, _ = rarely(FictitiousTotalVariation())
    Q = evaluate(game, deterministic_policy(game, lambda h, s: (0, 0))).Q
    assert Q[1, 0, 0].tolist() == [1.5, 1.5]
