"""Bellman consistency, brute force and exact equilibria judge the planner; its two estimates never cross."""

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame, exact_reward, product_policy, row_of
from drmg_check.planner import Clip, OperatorName, Optimism, Rate, evaluate, gaps, optimistic_plan, practical
from drmg_check.sets import Contamination, Interval, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import exact
from drmg_oracles import (
    brute_force_value,
    ce_gap_exactly,
    correlated_optimum,
    enclose,
    gap_exactly,
    lemke_howson,
    rounding_allowance,
)
from drmg_properties.strategies import games, policies

BOUNDED = settings(max_examples=settings().max_examples * 2 // 5)  # each example is a whole game
UNIT = Fraction(1, 2**53)
ROWS = st.sampled_from([TotalVariation(), TotalVariation("nominal"), KullbackLeibler(), Interval()])
POLYHEDRA = st.sampled_from([TotalVariation(), TotalVariation("nominal"), Contamination(), Interval()])


def played(game: RobustMarkovGame) -> st.SearchStrategy[tuple[RobustMarkovGame, JointPolicy]]:
    return st.tuples(st.just(game), policies(game))


@BOUNDED
@given(games(uncertainty=ROWS).flatmap(played))
def test_values_satisfy_the_robust_bellman_equation(drawn: tuple[RobustMarkovGame, JointPolicy]):
    """Each Q is the reward plus the worst case of the planner's own next V; each V averages its own Q."""
    game, policy = drawn
    values = evaluate(game, policy)
    assert (values.V[:, game.horizon] == 0.0).all()
    for i, h, s, a in np.ndindex(*values.Q.shape):
        row = row_of(game.stages[h], i, s, a, [exact(v) for v in values.V[i, h + 1]])
        truth, Q = enclose(row), exact(values.Q[i, h, s, a])
        worst = Q - exact_reward(game.stages[h], i, s, a)
        slack = rounding_allowance(row) * UNIT * (row.span + abs(truth.hi)) + UNIT * abs(Q)
        assert truth.lo - slack <= worst <= truth.hi + slack
    average = np.einsum("hsa,ihsa->ihs", policy.pi, values.Q)
    rounding = (game.n_joint_actions + 2) * 2.0**-52 * np.abs(values.Q).max(axis=3)
    assert (np.abs(values.V[:, :-1] - average) <= rounding).all()


@BOUNDED
@given(games(uncertainty=POLYHEDRA, max_states=2, max_horizon=2).flatmap(played))
def test_values_are_the_least_over_all_vertex_kernels(drawn: tuple[RobustMarkovGame, JointPolicy]):
    game, policy = drawn
    values = evaluate(game, policy)
    for i in range(game.n_agents):
        least = brute_force_value(game, policy, i)
        assert abs(exact(values.V[i, 0, game.initial_state]) - least) <= exact(values.error[i, 0])


@st.composite
def stage_games(draw: st.DrawFn) -> RobustMarkovGame:
    """Draw a game of two agents, one state and one step, with ties and fractions in its rewards."""
    m, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    numbers = st.fractions(-2, 2, max_denominator=3)
    paid = draw(st.lists(numbers, min_size=2 * m * n, max_size=2 * m * n))
    return RobustMarkovGame(
        transition=np.ones((1, m * n, 1)),
        reward=np.array(paid, dtype=object).reshape(2, 1, 1, m * n),
        radius=draw(st.fractions(0, 1, max_denominator=2)),
        uncertainty=TotalVariation(),
        actions=(m, n),
        horizon=1,
    )


@BOUNDED
@given(stage_games(), st.integers(0, 5))
def test_exact_equilibria_have_gap_zero(game: RobustMarkovGame, label: int):
    """Nash by an exact path, CCE and CE by exact vertices; in floats zero up to the stated error."""
    payoffs = game.reward[:, 0, 0]
    x, y = lemke_howson(payoffs, game.actions, label % sum(game.actions))
    nash = product_policy([np.array(play, dtype=object).reshape(1, 1, -1) for play in (x, y)])
    assert gap_exactly(game, nash).overall == ce_gap_exactly(game, nash).overall == (0, 0)
    computed = gaps(game, nash)
    assert computed.product
    assert (np.abs(computed.cce) <= computed.error[:, None]).all()
    for concept in ("cce", "ce"):
        weights = np.array(correlated_optimum(payoffs, game.actions, concept).x, dtype=object)
        policy = JointPolicy(weights.reshape(1, 1, -1), game.actions)
        exactly = ce_gap_exactly if concept == "ce" else gap_exactly
        assert exactly(game, policy).overall[1] <= 0
        computed = gaps(game, policy)
        assert computed.at_start(concept) <= computed.error.max()


@st.composite
def counted(draw: st.DrawFn) -> tuple[RobustMarkovGame, np.ndarray, Optimism, str]:
    """Draw a game, counts with rows never visited, constants from none to large, and a concept."""
    uncertainty = draw(st.sampled_from([TotalVariation(), KullbackLeibler(), Contamination()]))
    game = draw(games(uncertainty=uncertainty, max_states=2))
    shape = (game.horizon, game.n_states, game.n_joint_actions, game.n_states)
    size = int(np.prod(shape))
    N = np.array(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))).reshape(shape)
    constant = st.sampled_from([0.0, 0.01, 1.0])
    optimism = replace(
        practical(game, draw(st.integers(1, 10**6))),
        **{name: draw(constant) for name in ("iota", "c1", "c2", "c3", "cf")},
        rate=draw(st.sampled_from(get_args(Rate))),
        operator=draw(st.sampled_from(get_args(OperatorName))) if uncertainty == TotalVariation() else "full",
        clip=draw(st.sampled_from(get_args(Clip))),
    )
    return game, N, optimism, draw(st.sampled_from(["nash", "cce", "ce"]))


@BOUNDED
@given(counted())
def test_pessimistic_estimates_never_exceed_optimistic_ones(
    drawn: tuple[RobustMarkovGame, np.ndarray, Optimism, str],
):
    """Whatever the counts and constants; both stay within what the clips allow."""
    game, N, optimism, concept = drawn
    plan = optimistic_plan(game, N, optimism, concept)
    assert (plan.Qlow <= plan.Qbar).all()
    assert (plan.Vlow <= plan.Vbar).all()
    assert (plan.Qlow >= 0.0).all()
    assert (plan.Qbar <= game.horizon).all()
