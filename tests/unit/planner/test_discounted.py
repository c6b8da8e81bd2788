"""Solvers of discounted games, and solvers that are wrong on purpose, each caught where its method fails."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.equilibria import solve_stages
from drmg_check.models import (
    DenseRows,
    DiscountedGame,
    JointPolicy,
    RobustMarkovGame,
    Stage,
    deterministic_policy,
    discounted,
    uniform_policy,
)
from drmg_check.planner import (
    evaluate,
    gaps,
    robust_policy_iteration,
    robust_value_iteration,
    zero_sum,
)
from drmg_check.planner._bellman import robust_backup
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import FloatArray, InputError, UnsupportedError
from drmg_check.zoo import load
from drmg_oracles import best_response_exactly, evaluate_exactly, gap_exactly
from drmg_properties.strategies import games

DISCOUNTS = st.sampled_from(["0", "1/2", "9/10", "99/100"])


@given(games(max_agents=1, max_states=3, max_horizon=1), DISCOUNTS)
def test_both_solvers_find_the_optimum_within_their_bound(game: RobustMarkovGame, discount: str):
    """The optimum is the best response to nobody, proved; the policy is worth what the plan says."""
    model = discounted(game, discount)
    if "Fictitious" in type(model.uncertainty[0]).__name__:
        return
    best = best_response_exactly(model, uniform_policy(model), 0, bits=100)
    for plan in (robust_value_iteration(model, "nash"), robust_policy_iteration(model)):
        worth = evaluate_exactly(model, plan.policy, bits=100)
        for s in range(model.n_states):
            assert best.lo[0, s] - worth.hi[0, 0, s] <= Fraction(plan.bound)
        assert plan.bound <= 1e-8


@given(games(min_agents=2, max_agents=2, max_states=3, max_horizon=1), DISCOUNTS)
def test_the_value_of_opposite_rewards_lies_between_what_both_agents_can_force(
    game: RobustMarkovGame, discount: str
):
    """Agent 0 against the worst answer and nature, agent 1 with nature against the best answer."""
    if "Fictitious" in type(game.uncertainty[0]).__name__:
        return
    stage = game.stages[0]
    opposite = Stage(
        rows=stage.rows,
        reward=np.stack([stage.reward[0], -stage.reward[0]]),
        radius=stage.radius,
        uncertainty=(game.uncertainty[0],) * 2,
        actions=game.actions,
    )
    model = DiscountedGame(stage=opposite, discounts=discount)
    plan = zero_sum(model)
    # agent 1 cannot do better: the best response of agent 0 alone, with nature against it
    most = best_response_exactly(model, plan.policy, 0, bits=100)
    for s in range(model.n_states):
        slack = Fraction(plan.error[0]) + Fraction(1, 10**9) * (1 + abs(most.hi[0, s]))
        assert Fraction(plan.V[0, s]) <= most.hi[0, s] + slack


def test_value_iteration_of_several_agents_is_refused_and_goes_in_a_circle():
    game = discounted(load("keep-or-send"), "3/4")
    with pytest.raises(UnsupportedError, match="round in a circle"):
        robust_value_iteration(game, "cce")


def nash_value_iteration(game: DiscountedGame, sweeps: int) -> list[tuple[int, ...]]:
    """Lies by taking the equilibria of stage games of the values of stage games: it never settles."""
    V, gamma, seen = np.zeros((2, game.n_states)), float(game.discounts[0]), []
    for _ in range(sweeps):
        Q = np.stack([robust_backup(game.stage, i, gamma * V[i]) for i in range(2)])
        x = solve_stages(Q, game.actions, "nash").x
        V = (Q * x).sum(axis=2)
        seen.append(tuple(int(k) for k in x.argmax(axis=1)))
    return seen


def test_nash_value_iteration_has_the_period_five_and_none_of_its_policies_is_an_equilibrium():
    """Agent 0 decides in state 0 and agent 1 in state 1: KK SK SS KS KK, and again."""
    game = discounted(load("keep-or-send"), "3/4")
    seen = [(first >= 2, second % 2 == 1) for first, second in nash_value_iteration(game, 40)]
    keep, send = False, True
    cycle = [(keep, keep), (send, keep), (send, send), (keep, send), (keep, keep)]
    assert seen[20:25] in [cycle[k:] + cycle[:k] for k in range(5)]
    assert seen[20:25] == seen[25:30] == seen[30:35]
    for first, second in product((0, 1), repeat=2):
        policy = deterministic_policy(game, lambda _h, s, a=first, b=second: (a, b))
        assert gap_exactly(game, policy).overall[0] >= 1


def newton(game: DiscountedGame, V: FloatArray) -> FloatArray:
    """Lies by fixing both agents' answers at once: Pollatschek and Avi-Itzhak, which need not converge."""
    gamma, P = float(game.discounts[0]), np.asarray(game.stage.rows.P)
    Q = robust_backup(game.stage, 0, gamma * V)
    x = solve_stages(np.stack([Q, -Q]), game.actions, "nash").x
    kernel = np.einsum("sa,sat->st", x, P)
    return np.linalg.solve(np.eye(len(V)) - gamma * kernel, (x * game.stage.r[0]).sum(axis=1))


def test_newtons_method_repeats_twelve_and_four_where_the_value_is_eight():
    game = discounted(load("newton-cycle"), "3/4")
    V, seen = np.zeros(2), []
    for _ in range(6):
        V = newton(game, V)
        seen.append(round(float(V[0]), 9))
    assert seen == [12, 4, 12, 4, 12, 4]
    plan = zero_sum(game)
    assert abs(plan.V[0, 0] - 8) <= plan.error[0] <= 1e-11
    assert gap_exactly(game, plan.policy).overall == (0, 0)


def loop(discount: str) -> DiscountedGame:
    """Return one state that pays 1: it is worth 1 / (1 - gamma)."""
    stage = Stage(
        rows=DenseRows([[[1]]]), reward=[[[1]]], radius=0, uncertainty=(TotalVariation(),), actions=(1,)
    )
    return DiscountedGame(stage=stage, discounts=discount)


def iterates(game: DiscountedGame) -> Callable[[FloatArray], FloatArray]:
    gamma = float(game.discounts[0])
    return lambda V: robust_backup(game.stage, 0, gamma * V).max(axis=1)


def until_the_change_is_small(game: DiscountedGame, epsilon: float) -> FloatArray:
    """Lies by stopping when the iterates change by less than epsilon, as if the value were as close."""
    backup, V = iterates(game), np.zeros(game.n_states)
    while np.abs((new := backup(V)) - V).max() >= epsilon:
        V = new
    return new


def relay() -> DiscountedGame:
    """Return fifteen states in a row: the first is worth 0, for what it pays comes back from far away.

    The first costs what it earns, state 1 pays 1 at once and state 13 pays 1 late; the last one stays.
    """
    paid = [Fraction(0)] * 15
    paid[1] = paid[13] = Fraction(1)
    paid[0] = -(1 + Fraction(1, 2**12)) / 2
    rows = np.eye(15, k=1)[:, None]
    rows[14, 0, 14] = 1
    stage = Stage(
        rows=DenseRows(rows),
        reward=np.array(paid, dtype=object)[None, :, None],
        radius=0,
        uncertainty=(TotalVariation(),),
        actions=(1,),
    )
    return DiscountedGame(stage=stage, discounts="1/2")


def until_each_state_hardly_changes(game: DiscountedGame, epsilon: float) -> FloatArray:
    """Lies by comparing the change of each state with that state's value, and not with a norm of all."""
    backup, V = iterates(game), np.zeros(game.n_states)
    share = (1 - float(game.discounts[0])) / float(game.discounts[0]) * epsilon
    while (np.abs((new := backup(V)) - V) > share * np.abs(new)).any():
        V = new
    return new


def test_a_change_that_is_relatively_small_in_every_state_says_nothing_of_the_error():
    game = relay()
    assert until_each_state_hardly_changes(game, 0.01)[0] == -1 / 8192
    assert evaluate_exactly(game, uniform_policy(game)).lo[0, 0, 0] == 0
    values = evaluate(game, uniform_policy(game))
    assert abs(values.V[0, 0, 0]) <= values.error[0, 0] <= 1e-12


@pytest.mark.parametrize(("discount", "times"), [("9/10", 8.2), ("99/100", 98.6)])
def test_a_small_residual_says_nothing_of_the_error(discount: str, times: float):
    """At epsilon 1e-6 the error is 8.2 and 98.6 of it; that of evaluate is what it says."""
    game, epsilon = loop(discount), 1e-6
    truth = 1 / (1 - float(game.discounts[0]))
    error = abs(until_the_change_is_small(game, epsilon)[0] - truth)
    assert round(float(error) / epsilon, 1) == times
    values = evaluate(game, uniform_policy(game))
    assert abs(values.V[0, 0, 0] - truth) <= values.error[0, 0] <= 1e-10


def test_policies_of_other_shapes_are_refused():
    game = discounted(load("good-bad-chain"), "1/2")
    with pytest.raises(InputError, match=r"needs \(1, 2, 1\)"):
        evaluate(game, JointPolicy(np.ones((4, 2, 1)), (1,)))


def test_gaps_of_a_correlated_policy_are_between_those_proved():
    game = discounted(load("random?horizon=1&states=3"), ("9/10", "1/2"))
    policy = JointPolicy([[["1/2", 0, 0, "1/2"]] * 3], game.actions)
    each, exactly = gaps(game, policy), gap_exactly(game, policy)
    assert not each.product
    assert (np.abs(each.cce - exactly.lo.astype(float)) <= each.error[:, None] + 1e-12).all()


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (discounted(load("good-bad-chain"), "1/2"), "has 1 agents; expected two"),
        (discounted(load("keep-or-send"), "1/2"), "expected opposite rewards"),
        (discounted(load("newton-cycle"), ("1/2", "1/3")), "expected one discount"),
    ],
)
def test_what_is_not_zero_sum_is_refused(game: DiscountedGame, message: str):
    with pytest.raises(InputError, match=message):
        zero_sum(game)


def test_a_zero_sum_game_of_a_few_steps_is_solved_by_the_same_operator():
    plan = zero_sum(load("newton-cycle?horizon=1"))
    assert plan.V[0, 0] == 3.0  # row 0 pays 3 and 6, row 1 pays 2 and 1
