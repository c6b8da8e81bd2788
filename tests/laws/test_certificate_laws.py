"""A certificate contains what floats compute, up to their own bound, and the truth by other ways."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import gaps, robust_value_iteration
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import exact
from drmg_check.zoo import load
from drmg_oracles import ce_gap_exactly, gap_exactly
from drmg_oracles.policies import certify
from drmg_properties.strategies import games, policies

BOUNDED = settings(max_examples=settings().max_examples // 5)  # each example is a whole game
SETS = st.sampled_from([TotalVariation(), TotalVariation("nominal")])
GAMES = games(uncertainty=SETS, max_actions=3)


def contains(bounds: tuple[Fraction, Fraction], value: float, error: float) -> bool:
    low, high = bounds
    return low - exact(error) <= exact(value) <= high + exact(error)


@BOUNDED
@given(st.integers(0, 2**32 - 1), st.sampled_from(["tv", "kl", "contamination"]))
def test_the_intervals_of_a_float_policy_contain_the_float_gaps(seed: int, kind: str):
    rng = np.random.default_rng(seed)
    game = load(f"random-dirichlet?states=3&horizon=2&uncertainty={kind}&seed={seed}")
    policy = JointPolicy(rng.dirichlet(np.ones(4), size=(2, 3)), game.actions)
    certificate, floats = certify(game, policy), gaps(game, policy)
    for i, agent in enumerate(certificate.agents):
        assert contains(agent.gain, floats.cce[i, game.initial_state], floats.error[i])
        assert agent.ce_gain is not None
        assert contains(agent.ce_gain, floats.ce[i, game.initial_state], floats.error[i])


@BOUNDED
@given(GAMES.flatmap(lambda game: st.tuples(st.just(game), policies(game))))
def test_exact_gains_are_those_of_the_gap_oracles(played: tuple[RobustMarkovGame, JointPolicy]):
    """Also that the CE gain of a product policy is its NE gain, which the certificate takes for granted."""
    game, policy = played
    certificate, cce, ce = certify(game, policy), gap_exactly(game, policy), ce_gap_exactly(game, policy)
    start = game.initial_state
    for i, agent in enumerate(certificate.agents):
        assert agent.gain == (cce.lo[i, start], cce.hi[i, start])
        assert agent.ce_gain == (ce.lo[i, start], ce.hi[i, start])
        assert (agent.gain[0] > 0) == bool(agent.departures) or not certificate.product


@BOUNDED
@given(GAMES, st.sampled_from(["nash", "cce", "ce"]))
def test_a_planned_equilibrium_is_certified_within_its_bound(game: RobustMarkovGame, concept: str):
    plan = robust_value_iteration(game, concept)
    assert certify(game, plan.policy).gap(concept)[1] <= exact(plan.bound)
