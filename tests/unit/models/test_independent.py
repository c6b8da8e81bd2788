"""A product that was rounded to floats is a product again, and nothing else becomes one."""

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import (
    JointPolicy,
    correlation,
    independent,
    is_product,
    is_rounded_product,
    marginal,
    rounding_of_a_product,
)
from drmg_check.planner import gaps
from drmg_check.zoo import load
from drmg_oracles.policies import certify


def drawn(actions: tuple[int, ...], seed: int, concentration: float = 0.3) -> JointPolicy:
    """Return a policy of independent agents as people compute one, three steps and four states."""
    rng = np.random.default_rng(seed)
    each = [rng.dirichlet(np.full(n, concentration), size=(3, 4)) for n in actions]
    joint = reduce(lambda x, y: (x[..., None] * y[..., None, :]).reshape(3, 4, -1), each)
    return JointPolicy(joint / joint.sum(axis=-1, keepdims=True), actions)


@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.integers(0, 10**6),
    st.sampled_from([1e-2, 0.3, 5.0]),
)
def test_a_product_of_floats_is_recognised(actions: list[int], seed: int, concentration: float):
    policy = drawn(tuple(actions), seed, concentration)
    meant = independent(policy)
    assert is_product(meant)
    assert is_rounded_product(policy)
    assert np.abs(meant.pi - policy.pi).max() <= rounding_of_a_product(policy.actions) + 2.0**-50


def test_a_correlation_of_ten_times_the_rounding_stays():
    """The nearest wrong thing: two agents that are correlated a little, on purpose."""
    for power in (20, 30, 40, 45):
        shift = np.array([1, -1, -1, 1]) * 2.0**-power
        policy = JointPolicy((np.full(4, 0.25) + shift).reshape(1, 1, 4), (2, 2))
        assert independent(policy) is policy
        assert not is_rounded_product(policy)
        assert correlation(policy) == pytest.approx(2.0**-power)


def test_exact_policies_are_what_they_say():
    half = Fraction(1, 2) + Fraction(1, 10**30)
    exact = JointPolicy([[[half / 2, (1 - half) / 2, (1 - half) / 2, half / 2]]], (2, 2))
    assert independent(exact) is exact
    dyadic = JointPolicy([[[0.25, 0.25, 0.25, 0.25]]], (2, 2))
    assert independent(dyadic) is dyadic
    alone = JointPolicy([[[0.1, 0.9]]], (2,))
    assert independent(alone) is alone


def test_products_that_vanish_below_the_smallest_number_are_recognised():
    p = np.array([1.0, 1e-170])
    policy = JointPolicy(np.outer(p, p).reshape(1, 1, 4), (2, 2))
    assert policy.pi[0, 0, 3] == 0.0
    assert is_product(independent(policy))


def test_its_nash_gap_is_certified_and_computed():
    game = load("random-dirichlet?states=4&horizon=3")
    policy = drawn(game.actions, 3)
    assert not is_product(policy)
    certificate = certify(game, policy)
    assert certificate.product
    low, high = certificate.gap("nash")
    assert low <= high
    computed = gaps(game, policy)
    assert computed.at_start("nash") == pytest.approx(float(low), abs=1e-12)
    for i in range(2):
        near = marginal(policy, i, 0, 0)
        assert [float(p) for p in marginal(certificate.policy, i, 0, 0)] == pytest.approx(
            [float(p) for p in near]
        )
