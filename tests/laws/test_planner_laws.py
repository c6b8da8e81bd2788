"""What holds for evaluation, responses, gaps and plans of every game; floats against the exact recursion."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame, is_product, uniform_policy
from drmg_check.planner import best_modification, best_response, evaluate, gaps, robust_value_iteration
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import FloatArray, exact
from drmg_oracles import best_response_exactly, ce_gap_exactly, evaluate_exactly, gap_exactly
from drmg_properties.strategies import games, policies, product_policies

BOUNDED = settings(max_examples=settings().max_examples * 2 // 5)  # each example is a whole game
SETS = st.sampled_from([TotalVariation(), TotalVariation("nominal"), KullbackLeibler()])
GAMES = games(uncertainty=SETS, max_agents=3, max_actions=3)
PLAYED = GAMES.flatmap(lambda game: st.tuples(st.just(game), policies(game)))


def distance(values: FloatArray, lo: np.ndarray, hi: np.ndarray) -> Fraction:
    """Return how far any float lies outside its exact interval."""
    return max(
        max(low - exact(x), exact(x) - high, Fraction(0))
        for x, low, high in zip(values.flat, lo.flat, hi.flat, strict=True)
    )


@BOUNDED
@given(PLAYED)
def test_values_lie_within_their_error_of_the_exact_recursion(played: tuple[RobustMarkovGame, JointPolicy]):
    game, policy = played
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    for i in range(game.n_agents):
        for h in range(game.horizon + 1):
            assert distance(computed.V[i, h], truth.lo[i, h], truth.hi[i, h]) <= exact(computed.error[i, h])


@BOUNDED
@given(PLAYED)
def test_best_responses_lie_within_their_error_of_the_exact_ones(
    played: tuple[RobustMarkovGame, JointPolicy],
):
    game, policy = played
    for i in range(game.n_agents):
        computed, truth = best_response(game, policy, i), best_response_exactly(game, policy, i)
        for h in range(game.horizon + 1):
            assert distance(computed.V[h], truth.lo[h], truth.hi[h]) <= exact(computed.error[h])


@BOUNDED
@given(PLAYED)
def test_gaps_lie_within_their_error_of_the_exact_ones(played: tuple[RobustMarkovGame, JointPolicy]):
    game, policy = played
    computed, cce, ce = gaps(game, policy), gap_exactly(game, policy), ce_gap_exactly(game, policy)
    for i in range(game.n_agents):
        assert distance(computed.cce[i], cce.lo[i], cce.hi[i]) <= exact(computed.error[i])
        assert distance(computed.ce[i], ce.lo[i], ce.hi[i]) <= exact(computed.error[i])


@BOUNDED
@given(GAMES.flatmap(lambda game: st.tuples(st.just(game), product_policies(game))))
def test_no_product_policy_has_a_negative_gap(played: tuple[RobustMarkovGame, JointPolicy]):
    computed = gaps(*played)
    assert computed.product
    assert (computed.cce >= -computed.error[:, None]).all()


@BOUNDED
@given(PLAYED)
def test_a_modification_gains_at_least_nothing_and_at_least_what_a_response_gains(
    played: tuple[RobustMarkovGame, JointPolicy],
):
    computed = gaps(*played)
    assert (computed.ce >= -computed.error[:, None]).all()
    assert (computed.ce >= computed.cce - computed.error[:, None]).all()


@BOUNDED
@given(GAMES, st.sampled_from(["nash", "cce", "ce"]))
def test_the_gap_of_a_plan_is_at_most_its_bound(game: RobustMarkovGame, concept: str):
    plan = robust_value_iteration(game, concept)
    exactly = ce_gap_exactly if concept == "ce" else gap_exactly
    assert exactly(game, plan.policy).overall[0] <= exact(plan.bound)
    assert concept != "nash" or is_product(plan.policy)
    assert plan.bound <= 1e-8


@BOUNDED
@given(games(uncertainty=SETS, max_agents=1, max_actions=3), st.sampled_from(["nash", "cce", "ce"]))
def test_one_agent_makes_a_robust_decision_process(game: RobustMarkovGame, concept: str):
    plan = robust_value_iteration(game, concept)
    optimum = best_response_exactly(game, uniform_policy(game), 0)
    for h in range(game.horizon + 1):
        assert distance(plan.V[0, h], optimum.lo[h], optimum.hi[h]) <= exact(plan.bound)


@BOUNDED
@given(PLAYED)
def test_radius_zero_is_the_non_robust_game(played: tuple[RobustMarkovGame, JointPolicy]):
    game, policy = played
    nominal = replace(game, radius=np.zeros((1, 1, 1, 1)))
    computed = evaluate(nominal, policy)
    V = np.zeros((game.n_agents, game.n_states))
    for h in reversed(range(game.horizon)):
        V = np.einsum("sa,isa->is", policy.pi[h], game.r[:, h] + np.einsum("sat,it->isa", game.P[h], V))
    assert (np.abs(computed.V[:, 0] - V) <= computed.error[:, :1]).all()


@BOUNDED
@given(PLAYED, st.data())
def test_the_value_falls_in_the_own_radius_and_ignores_the_others(
    played: tuple[RobustMarkovGame, JointPolicy], data: st.DataObject
):
    game, policy = played
    i = data.draw(st.integers(0, game.n_agents - 1))
    larger = np.array(game.radius)
    larger[i] = np.minimum(larger[i] + data.draw(st.fractions(0, 1, max_denominator=4)), Fraction(1))
    before, after = evaluate(game, policy), evaluate(replace(game, radius=larger), policy)
    assert (after.V[i] <= before.V[i] + (before.error + after.error)[i, :, None]).all()
    others = [j for j in range(game.n_agents) if j != i]
    assert (after.V[others] == before.V[others]).all()


@BOUNDED
@given(PLAYED)
def test_a_deviation_is_worth_what_it_claims(played: tuple[RobustMarkovGame, JointPolicy]):
    """Playing the best response, or the modification, earns its value when it is evaluated as a policy."""
    game, policy = played
    plays = np.array(np.unravel_index(np.arange(game.n_joint_actions), game.actions))
    for i in range(game.n_agents):
        for response in (best_response(game, policy, i), best_modification(game, policy, i)):
            weights = np.full(policy.weights.shape, Fraction(0), dtype=object)
            for h, s, a in np.ndindex(*policy.weights.shape):
                deviated = plays[:, a].copy()
                answer = response.actions[h, s]
                deviated[i] = answer if answer.ndim == 0 else answer[deviated[i]]
                weights[h, s, np.ravel_multi_index(tuple(deviated), game.actions)] += policy.weights[h, s, a]
            earned = evaluate(game, JointPolicy(weights, game.actions))
            assert (np.abs(earned.V[i] - response.V) <= (earned.error[i] + response.error)[:, None]).all()
