"""Other names for agents, states and actions change no result of a whole game but its names."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.equilibria import Concept
from drmg_check.models import JointPolicy, RobustMarkovGame, is_product
from drmg_check.planner import evaluate, gaps, robust_value_iteration
from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    FictitiousTotalVariation,
    GameSet,
    Interval,
    KullbackLeibler,
    TotalVariation,
    Wasserstein,
)
from drmg_check.vocabulary import Array, InputError, exact
from drmg_oracles import best_response_exactly, ce_gap_exactly, evaluate_exactly, gap_exactly
from drmg_properties.laws import (
    Relabelling,
    gaps_are_permuted,
    inverse,
    joint_actions,
    planned_values_are_permuted,
    relabel_game,
    relabel_policy,
    relabel_values,
    values_are_permuted,
)
from drmg_properties.strategies import games, policies, relabellings

BOUNDED = settings(max_examples=settings().max_examples * 2 // 5)  # each example is two whole games
LINE = Wasserstein(tuple(tuple(Fraction(abs(s - t)) for t in (0, 1, 3)) for s in (0, 1, 3)))
RATIONAL = (TotalVariation(), TotalVariation("nominal"), L1(), Contamination(), Interval())
FICTITIOUS = (FictitiousTotalVariation(), FictitiousTotalVariation("nominal"))
SMOOTH = (KullbackLeibler(), ChiSquare())
Renamed = tuple[RobustMarkovGame, JointPolicy, Relabelling]


def renamed(*sets: GameSet, **sizes: int) -> st.SearchStrategy[Renamed]:
    """Draw a game with such sets, a policy for it and other names."""
    return games(uncertainty=st.sampled_from(sets), **{"max_agents": 3, **sizes}).flatmap(
        lambda game: st.tuples(st.just(game), policies(game), relabellings(game))
    )


class Bounded(NamedTuple):
    """Exact bounds."""

    lo: Array
    hi: Array


def response_exactly(game: RobustMarkovGame, policy: JointPolicy) -> Bounded:
    """Return exact bounds on the best responses of all agents, arrays [m, H + 1, S]."""
    responses = [best_response_exactly(game, policy, i) for i in range(game.n_agents)]
    return Bounded(
        np.array([response.lo for response in responses]), np.array([response.hi for response in responses])
    )


EXACTLY = (evaluate_exactly, response_exactly, gap_exactly)


@BOUNDED
@given(renamed(*RATIONAL) | renamed(LINE, min_states=3, max_agents=2) | renamed(*FICTITIOUS))
def test_exact_values_responses_and_gaps_are_permuted_exactly(drawn: Renamed):
    """Not up to a bound: all of it is rational arithmetic, and the intervals are points."""
    game, policy, how = drawn
    after_game, after_policy = relabel_game(game, how), relabel_policy(policy, how)
    fictitious = any(uncertainty in FICTITIOUS for uncertainty in game.uncertainty)
    for exactly in EXACTLY if fictitious else (*EXACTLY, ce_gap_exactly):
        before, after = exactly(game, policy), exactly(after_game, after_policy)
        assert (before.lo == before.hi).all()
        assert (after.lo == relabel_values(before.lo, how)).all()
        assert (after.hi == relabel_values(before.hi, how)).all()


@settings(max_examples=settings().max_examples // 5)
@given(renamed(*SMOOTH, max_agents=2, max_horizon=2))
def test_enclosures_of_one_number_under_two_names_meet(drawn: Renamed):
    game, policy, how = drawn
    after_game, after_policy = relabel_game(game, how), relabel_policy(policy, how)
    for exactly in (*EXACTLY, ce_gap_exactly):
        before, after = exactly(game, policy), exactly(after_game, after_policy)
        assert (after.lo <= relabel_values(before.hi, how)).all()
        assert (relabel_values(before.lo, how) <= after.hi).all()


@BOUNDED
@given(renamed(TotalVariation(), TotalVariation("nominal"), KullbackLeibler(), max_actions=3))
def test_computed_values_and_gaps_are_permuted_up_to_their_rounding(drawn: Renamed):
    game, policy, how = drawn
    assert values_are_permuted(evaluate, game, policy, how)
    assert gaps_are_permuted(gaps, game, policy, how)


@BOUNDED
@given(renamed(TotalVariation(), KullbackLeibler()), st.sampled_from(["nash", "cce", "ce"]))
def test_a_plan_of_the_renamed_game_is_one_of_the_game(drawn: Renamed, concept: Concept):
    """Which equilibrium is taken may depend on the last bit; that it is one, up to its bound, does not."""
    game, _, how = drawn
    plan = robust_value_iteration(relabel_game(game, how), concept)
    policy = relabel_policy(plan.policy, inverse(how))
    assert concept != "nash" or is_product(policy)
    exactly = ce_gap_exactly if concept == "ce" else gap_exactly
    assert exactly(game, policy).overall[0] <= exact(plan.bound)
    truth, planned = evaluate_exactly(game, policy), relabel_values(plan.V, inverse(how))
    for lo, hi, x in zip(truth.lo.flat, truth.hi.flat, planned.flat, strict=True):
        assert lo - exact(plan.bound) <= exact(x) <= hi + exact(plan.bound)


@BOUNDED
@given(
    renamed(*RATIONAL, *SMOOTH, max_agents=1, max_actions=3),
    st.sampled_from(["nash", "cce", "ce"]),
)
def test_one_agent_has_one_optimal_value_whatever_the_names(drawn: Renamed, concept: Concept):
    game, _, how = drawn
    assert planned_values_are_permuted(partial(robust_value_iteration, concept=concept), game, how)


@BOUNDED
@given(renamed(TotalVariation(), max_agents=2, max_actions=3))
def test_a_zero_sum_game_without_robustness_has_one_value_whatever_the_names(drawn: Renamed):
    """With an adversary each it would be no zero-sum game, and equilibria could pay different values."""
    game, _, how = drawn
    reward = np.stack([game.reward[0], -game.reward[0]][: game.n_agents])
    zero_sum = replace(game, reward=reward, radius=np.zeros((1, 1, 1, 1)))
    assert planned_values_are_permuted(partial(robust_value_iteration, concept="nash"), zero_sum, how)


@given(renamed(*RATIONAL))
def test_the_old_names_come_back(drawn: Renamed):
    game, policy, how = drawn
    again = relabel_game(relabel_game(game, how), inverse(how))
    assert (again.actions, again.initial_state) == (game.actions, game.initial_state)
    assert again.uncertainty == game.uncertainty
    for name in ("transition", "reward", "radius"):
        assert (getattr(again, name) == getattr(game, name)).all()
    back = relabel_policy(relabel_policy(policy, how), inverse(how))
    assert (back.weights == policy.weights).all()


def test_a_relabelling_by_hand():
    """Agents change places, and the second agent's actions are turned: (a, b) of old is (order(b), a)."""
    how = Relabelling((1, 0), (0,), ((0, 1), (2, 0, 1)))
    old = [divmod(int(a), 3) for a in joint_actions(how)]  # of new (0, 0), (0, 1), (1, 0), ...
    assert old == [(0, 2), (1, 2), (0, 0), (1, 0), (0, 1), (1, 1)]


@pytest.mark.parametrize(
    "parts",
    [((0, 0), (0,), ((0,), (0,))), ((0,), (1,), ((0,),)), ((0,), (0,), ((0, 2),)), ((0, 1), (0,), ((0,),))],
)
def test_what_is_no_relabelling_is_refused(parts: tuple[tuple[int, ...], ...]):
    with pytest.raises(InputError, match="expected"):
        Relabelling(*parts)
