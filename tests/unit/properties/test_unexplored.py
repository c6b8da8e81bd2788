"""The learner itself does on the game of claim C20 what the claim says of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.learners import Settings, learn
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import Optimism
from drmg_check.sets import KullbackLeibler
from drmg_properties.claims.mornavi.kl._unexplored import Unexplored, bonus, is_stuck

START, GOOD, BAD = range(3)


def lottery(radius: int) -> RobustMarkovGame:
    """Return the game of the module: action 0 pays 1/2 at once, action 1 pays 1 a step later."""
    transition = np.zeros((3, 2, 3))
    transition[START, 0, BAD] = transition[START, 1, GOOD] = 1.0
    transition[GOOD, :, GOOD] = transition[BAD, :, BAD] = 1.0
    reward = np.zeros((3, 2))
    reward[START, 0], reward[GOOD] = 0.5, 1.0
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        horizon=2,
        actions=(2,),
        radius=radius,
        uncertainty=(KullbackLeibler(),),
        initial_state=START,
    )


@pytest.mark.parametrize(("radius", "tries"), [(500, False), (1, True)])
def test_the_better_action_is_never_tried_at_a_large_radius(radius: int, tries: bool) -> None:
    K, iota = 1000, 18.8  # iota of Lemma 16 at S = 3, A = 2, H = 2, delta = 1/20, rounded up
    optimism = Optimism(episodes=K, iota=iota, c1=2.0, c2=3.0, c3=1.0, cf=1.0, rate="per_N")
    settings = Settings(algorithm="mornavi", concept="nash", episodes=K, optimism=optimism)
    run = learn(lottery(radius), settings, [0])
    assert (run.N[0, 0, START, 1].sum() > 0) == tries
    if not tries:
        assert run.regret[0, -1] == K / 2


def test_the_formula_of_the_bonus() -> None:
    """At K = 100: iota = log(27 * 2 * 4 * 1000 * 20) = 15.2789, beta = 4 sqrt(3 iota) / 500 + 1/10."""
    case = Unexplored(2, Fraction(500), Fraction(1))
    assert is_stuck(case)
    assert float(bonus(case)) == pytest.approx(4 * np.sqrt(3 * np.log(4.32e6)) / 500 + 0.1, rel=1e-12)
