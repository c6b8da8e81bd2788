"""Compiled worths of states whose actions share a budget: against the oracle, value and policy."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.kernels import Shares, worst_case_states
from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    SRectangular,
    StateProblem,
    TotalVariation,
)
from drmg_check.vocabulary import InputError, NumericalError
from drmg_oracles import enclose_state
from drmg_properties.laws import STATE_LAWS
from drmg_properties.strategies import state_problems

BALLS = (
    L1(),
    L1("nominal"),
    TotalVariation(),
    Interval(),
    Interval("nominal"),
    KullbackLeibler(),
    ChiSquare(),
)
UNIT = 2.0**-53


def exactly(x: float) -> Fraction:
    return Fraction(float(x))


def problem_of(state: tuple[Any, ...]) -> StateProblem:
    uncertainty, P, r, budget, V, choices, shares = state
    return StateProblem(
        uncertainty,
        tuple(tuple(map(exactly, p)) for p in P),
        tuple(tuple(exactly(x) + exactly(v) for v in V) for x in r),
        exactly(budget),
        tuple(map(int, choices)),
        tuple(map(exactly, shares)),
    )


def drawn_state(rng: np.random.Generator, ball: object) -> tuple[Any, ...]:
    A, S = int(rng.integers(1, 6)), int(rng.integers(1, 9))
    P = rng.dirichlet(np.full(S, rng.choice([0.1, 1.0, 5.0])), size=A)
    P[rng.random(P.shape) < rng.choice([0.0, 0.3])] = 0.0
    P[:, 0] += P.sum(axis=1) == 0.0
    P /= P.sum(axis=1, keepdims=True)
    V = (
        rng.integers(-3, 4, S).astype(float)
        if rng.random() < 0.3
        else rng.normal(size=S) * 10.0 ** rng.integers(-3, 4)
    )
    r = rng.normal(size=A) * rng.choice([0.0, 0.1, 1.0]) * float(np.ptp(V) or 1.0)
    weights = rng.integers(1, 4, A).tolist() if rng.random() < 0.5 else []
    budget = float(rng.choice([0.0, 1e-12, 1e-6, 0.01, 0.1, 0.3, 1.0, 2.0, 5.0]))
    choices, shares = np.arange(A), np.ones(A)
    if rng.random() < 0.5:
        K = int(rng.integers(1, A + 1))
        choices = np.concatenate([np.arange(K), rng.integers(0, K, A - K)])
        shares = rng.random(A) * (rng.random(A) < 0.8)
        for k in range(K):
            shares[k] += shares[choices == k].sum() == 0.0
            shares[choices == k] /= shares[choices == k].sum()
    return SRectangular(ball, weights), P, r, budget, V, choices, shares


@pytest.mark.parametrize("ball", BALLS, ids=repr)
def test_value_and_policy_are_right_to_the_last_bits(ball: object):
    """Within eight roundings of the size of the numbers; the policy, evaluated exactly, secures as much."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        state = drawn_state(rng, ball)
        uncertainty, P, r, budget, V, choices, shares = state
        worth, policy = worst_case_states(
            uncertainty, P[None], r[None], np.array([budget]), V, shares=Shares(choices, shares[None])
        )
        problem = problem_of(state)
        truth = enclose_state(problem, bits=80)
        size = float(np.ptp(V)) + float(np.abs(V).max()) + float(np.abs(r).max())
        allowed = Fraction(8 * UNIT * size)
        assert truth.lo - allowed <= exactly(worth[0]) <= truth.hi + allowed
        secured = enclose_state(problem.playing(map(exactly, policy[0])), bits=80)
        assert secured.hi >= truth.lo - 4 * allowed


@pytest.mark.parametrize("law", STATE_LAWS, ids=lambda law: law.id)
@settings(max_examples=60)
@given(problem=state_problems(st.sampled_from(BALLS)))
def test_the_kernels_obey_the_laws(law: object, problem: StateProblem):
    worth = solved(problem)
    for relation in law.relations(problem):
        assert not relation.broken_by(worth, solved(relation.other), 1e-12), relation


def solved(problem: StateProblem) -> float:
    """Return the kernel's worth: z as one row of V for each action, since z differs between actions."""
    A, S = len(problem.nominal), len(problem.nominal[0])
    P, V = np.zeros((1, A, A * S)), np.zeros(A * S)
    for a in range(A):
        P[0, a, a * S : (a + 1) * S] = [float(p) for p in problem.probabilities[a]]
        V[a * S : (a + 1) * S] = [float(z) for z in problem.values[a]]
    ball = problem.uncertainty.ball
    if ball.leaves_support:  # mass would leave the block of its action: solve them in fractions
        return float(enclose_state(problem).lo)
    budget = np.array([float(problem.budget)])
    return float(worst_case_states(problem.uncertainty, P, np.zeros((1, A)), budget, V)[0][0])


def test_the_result_does_not_depend_on_threads_or_on_neighbours():
    rng = np.random.default_rng(2)
    P, r, V = rng.dirichlet(np.ones(6), size=(9, 3)), rng.normal(size=(9, 3)), rng.normal(size=6)
    budget = rng.random(9)
    for ball in BALLS:
        uncertainty = SRectangular(ball)
        worth, policy = worst_case_states(uncertainty, P, r, budget, V)
        shared = worst_case_states(uncertainty, P, r, budget, V, threads=2)
        assert worth.tobytes() == shared[0].tobytes()
        assert policy.tobytes() == shared[1].tobytes()
        alone = worst_case_states(uncertainty, P[4:5], r[4:5], budget[4:5], V)
        assert alone[0][0] == worth[4]


def test_rewards_that_drown_the_next_values_are_no_trouble():
    P, V = np.full((1, 2, 2), 0.5), np.array([0.0, 1e-300])
    worth, _ = worst_case_states(SRectangular(L1()), P, np.array([[1.0, 2.0]]), np.ones(1), V)
    assert worth[0] == 2.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"budget": np.array([-1.0])}, r"budget\[0\]=-1.0; expected a number >= 0"),
        ({"V": np.zeros(3)}, "V.shape="),
        ({"r": np.array([[np.nan, 0.0]])}, "rescale the rewards"),
        ({"P": np.array([[[0.5, -0.5], [1.0, 0.0]]])}, "negative or infinite weight"),
        ({"shares": Shares(np.array([0, 1]), np.array([[1.0, -1.0]]))}, "shares.shape="),
        ({"uncertainty": SRectangular(L1(), [1])}, "weights has 1 entries"),
    ],
)
def test_bad_input_is_refused(change: dict[str, object], message: str):
    good = {
        "uncertainty": SRectangular(L1()),
        "P": np.full((1, 2, 2), 0.5),
        "r": np.zeros((1, 2)),
        "budget": np.ones(1),
        "V": np.zeros(2),
    }
    with pytest.raises(InputError, match=message):
        worst_case_states(**(good | change))


def test_a_row_that_sums_to_nothing_has_no_value():
    with pytest.raises(NumericalError, match=r"P\[0\] has no value"):
        worst_case_states(
            SRectangular(KullbackLeibler()), np.zeros((1, 1, 2)), np.zeros((1, 1)), np.ones(1), np.arange(2.0)
        )
