"""A game of many states is planned as a small one is, from compressed rows and into compressed rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.models import (
    DenseRows,
    RobustMarkovGame,
    SparsePolicy,
    StagedGame,
    action_distribution,
    compressed,
    is_product,
    joint_policy,
)
from drmg_check.planner import best_response, evaluate, gaps, plan_large, robust_value_iteration
from drmg_check.sets import Hellinger, KullbackLeibler, TotalVariation, UncertaintySet
from drmg_check.vocabulary import NumericalError
from drmg_check.words import CONCEPTS, Concept
from drmg_check.zoo import load
from drmg_oracles import best_response_exactly, evaluate_exactly
from drmg_oracles.policies import certify


@pytest.fixture(autouse=True)
def _as_if_states_were_many(monkeypatch: pytest.MonkeyPatch):
    """Let enclosing kernels read compressed rows of a few states as they read those of many."""
    monkeypatch.setattr("drmg_check.planner._sweeps.MANY", 0)


def sparse(game: RobustMarkovGame) -> StagedGame:
    """Return the same game with compressed rows."""
    blocks = {id(stage.rows): compressed(stage.rows) for stage in game.stages}
    stages = tuple(
        replace(stage, rows=blocks[id(stage.rows)], views=(stage.r, stage.rho)) for stage in game.stages
    )
    return StagedGame(stages=stages, initial_state=game.initial_state, name=game.name)


def pennies(uncertainty: UncertaintySet, states: int = 7) -> RobustMarkovGame:
    """Return a game on a ring in which agents must mix: whoever guesses is paid, and luck moves both on."""
    chance = np.random.default_rng(1)
    P = np.zeros((states, 4, states))
    reward = np.zeros((2, 1, states, 4))
    for s in range(states):
        for a in range(4):
            P[s, a, (s + 1 + a) % states] += 0.75
            P[s, a, (s + 2) % states] += 0.25
        stake = 1.0 + chance.integers(0, 8) / 8
        reward[0, 0, s] = stake * np.array([1.0, -1.0, -1.0, 1.0])
        reward[1, 0, s] = np.array([-1.0, 1.0, 1.0, -0.5])
    return RobustMarkovGame(
        transition=P, reward=reward, radius="1/10", uncertainty=uncertainty, actions=(2, 2), horizon=5
    )


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("name", ["initial-shock", "random-dirichlet?states=4", "pennies"])
def test_it_is_the_plan_of_the_small_planner(concept: Concept, name: str):
    game = pennies(TotalVariation()) if name == "pennies" else load(name)
    plan, large = robust_value_iteration(game, concept), plan_large(game, concept)
    assert large.V.tolist() == plan.V[:, 0].tolist()
    assert large.bound == pytest.approx(plan.bound, rel=1e-12)
    assert isinstance(large.policy, SparsePolicy)
    for h, s in np.ndindex(game.horizon, game.n_states):
        assert action_distribution(large.policy, h, s) == action_distribution(plan.policy, h, s)
    assert concept != "nash" or (large.policy.is_independent and is_product(joint_policy(large.policy)))


@pytest.mark.parametrize("uncertainty", [TotalVariation(), KullbackLeibler(), Hellinger()], ids=repr)
@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_gap_that_is_proved_is_below_the_bound(uncertainty: UncertaintySet, concept: Concept):
    """Agents mix, so that a rule that is compressed, joined or read wrongly has a gap of a tenth and more."""
    game = pennies(uncertainty)
    large = plan_large(sparse(game), concept)
    assert concept != "nash" or np.diff(large.policy.rules[0].indptr).max() == 2
    low, high = certify(game, joint_policy(large.policy)).gap(concept)
    assert Fraction(-1, 10**9) <= low <= high <= Fraction(large.bound) < Fraction(1, 10**8)


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch):
    game = sparse(pennies(TotalVariation(), 50))
    plain = plan_large(game, "nash")
    monkeypatch.setattr("drmg_check.equilibria._solve.AT_ONCE", 4)
    shared = plan_large(game, "nash", threads=3)
    assert shared.V.tolist() == plain.V.tolist()
    for one_agent, other in zip(shared.policy.rules, plain.policy.rules, strict=True):
        assert one_agent.indices.tolist() == other.indices.tolist()
        assert one_agent.weights.tolist() == other.weights.tolist()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_stage_games_in_parts_are_those_in_one_batch(concept: Concept, monkeypatch: pytest.MonkeyPatch):
    payoffs = np.random.default_rng(2).random((2, 23, 6))
    whole = solve_stages(payoffs, (2, 3), concept)
    monkeypatch.setattr("drmg_check.equilibria._solve.AT_ONCE", 5)
    parts = solve_stages(payoffs, (2, 3), concept, threads=2)
    assert parts.x.tolist() == whole.x.tolist()
    assert [each.tolist() for each in parts.marginals] == [each.tolist() for each in whole.marginals]
    assert (parts.gap.tolist(), parts.method.tolist()) == (whole.gap.tolist(), whole.method.tolist())


@pytest.mark.parametrize("uncertainty", [TotalVariation(), KullbackLeibler(), Hellinger()], ids=repr)
def test_values_and_responses_from_compressed_rows_are_within_their_errors(uncertainty: UncertaintySet):
    game = pennies(uncertainty)
    policy = robust_value_iteration(game, "cce").policy
    values, exactly = evaluate(sparse(game), policy), evaluate_exactly(game, policy)
    response, best = best_response(sparse(game), policy, 1), best_response_exactly(game, policy, 1)
    for h, s in np.ndindex(game.horizon, game.n_states):
        for i in range(2):
            error = Fraction(float(values.error[i, h]))
            assert abs(Fraction(float(values.V[i, h, s])) - exactly.lo[i][h, s]) <= error
        assert abs(Fraction(float(response.V[h, s])) - best.lo[h, s]) <= Fraction(float(response.error[h]))
    assert float(values.error.max()) < 1e-10
    assert gaps(sparse(game), policy).at_start("cce") <= 1e-8


def test_rows_of_an_array_are_swept_as_they_were():
    game = pennies(TotalVariation())
    dense = StagedGame(stages=game.stages, name=game.name)
    assert isinstance(dense.stages[0].rows, DenseRows)
    policy = robust_value_iteration(game, "cce").policy
    assert evaluate(dense, policy).V.tolist() == evaluate(game, policy).V.tolist()


def test_a_gap_above_the_accuracy_is_refused():
    with pytest.raises(NumericalError, match="of the stage game at h="):
        plan_large(sparse(pennies(TotalVariation())), "nash", accuracy=-1.0)
