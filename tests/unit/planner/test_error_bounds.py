"""The planner's error bounds are those that its modules derive, with every term and factor."""

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import best_modification, best_response, evaluate, gaps, robust_value_iteration
from drmg_check.sets import FictitiousTotalVariation, KullbackLeibler, TotalVariation, UncertaintySet
from drmg_check.vocabulary import FloatArray

S, ACTIONS, H = 4, (2, 3), 3
A = 6
ROUNDING = 2.0**-40  # of the bound itself, which is a sum of floats


def drawn(seed: int, uncertainty: UncertaintySet | None = None, size: float = 1.0) -> RobustMarkovGame:
    rng = np.random.default_rng(seed)
    return RobustMarkovGame(
        transition=rng.dirichlet(np.ones(S), (H, S, A)),
        reward=size * rng.normal(size=(2, H, S, A)),
        radius=rng.random((2, H, S, 1)) / 4,
        uncertainty=uncertainty or TotalVariation(),
        actions=ACTIONS,
    )


def correlated(seed: int) -> JointPolicy:
    return JointPolicy(np.random.default_rng(seed).dirichlet(np.full(A, 0.4), (H, S)), ACTIONS)


def derived(V: FloatArray, Q: FloatArray, r: FloatArray, *, fictitious: bool = False) -> list[Fraction]:
    """Return the recursion of the module's docstring in fractions, from the last step on."""
    u, smallest = Fraction(1, 2**53), Fraction(1, 2**1074)
    errors = [Fraction(0)]
    for h in reversed(range(H)):
        span, next_size = (Fraction(float(x)) for x in (np.ptp(V[h + 1]), np.abs(V[h + 1]).max()))
        q, reward = (Fraction(float(np.abs(x).max())) for x in (Q[h], r[h]))
        error = errors[0] + u * (36 + 2 * S) * (span + next_size) + u * (3 * A + 6) * (q + reward)
        if fictitious:
            error += u * 4 * (A + S + 2) * (span + reward)
        errors.insert(0, error + (A + 4) * smallest)
    return errors


def agree(bound: FloatArray, exact: list[Fraction]) -> bool:
    return bool((np.abs(bound - np.array([float(x) for x in exact])) <= ROUNDING * bound).all())


@pytest.mark.parametrize("uncertainty", [TotalVariation(), KullbackLeibler(), FictitiousTotalVariation()])
@pytest.mark.parametrize("size", [1.0, 1e6])
def test_the_error_of_a_value_is_the_recursion_of_its_docstring(uncertainty: UncertaintySet, size: float):
    game, policy = drawn(1, uncertainty, size), correlated(2)
    fictitious = isinstance(uncertainty, FictitiousTotalVariation)
    values = evaluate(game, policy)
    for i in range(2):
        assert agree(values.error[i], derived(values.V[i], values.Q[i], game.r[i], fictitious=fictitious))
        response = best_response(game, policy, i)
        assert agree(response.error, derived(response.V, response.Q, game.r[i], fictitious=fictitious))


def test_the_error_of_a_gap_covers_both_values_and_either_deviation():
    """That of a modification may be the larger one, and counts then."""
    larger = 0
    for seed in range(12):
        game, policy = drawn(seed), correlated(seed + 50)
        gains, values = gaps(game, policy), evaluate(game, policy)
        for i in range(2):
            response, answer = best_response(game, policy, i), best_modification(game, policy, i)
            worst = max(response.error[0], answer.error[0])
            assert gains.error[i] == values.error[i, 0] + worst
            larger += answer.error[0] > response.error[0]
    assert larger > 0


@pytest.mark.parametrize("concept", ["nash", "cce", "ce"])
def test_the_bound_of_a_plan_sums_its_stage_gaps_and_twice_its_error(concept: str):
    game = drawn(3)
    plan = robust_value_iteration(game, concept)
    sums = sum(Fraction(max(float(gap), 0.0)) for gap in plan.stage_gap.max(axis=1))
    error = max(derived(plan.V[i], plan.Q[i], game.r[i])[0] for i in range(2))
    assert plan.bound == pytest.approx(float(sums + 2 * error), rel=1e-9)
