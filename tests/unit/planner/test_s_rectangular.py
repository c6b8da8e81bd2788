"""Games whose actions share a budget: planner and oracles apart, by hand, with several agents, discounted."""

from dataclasses import replace
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from drmg_check.models import (
    DenseRows,
    DiscountedGame,
    JointPolicy,
    RobustMarkovGame,
    Stage,
    uniform_policy,
)
from drmg_check.planner import (
    best_modification,
    best_response,
    estimate_plan,
    evaluate,
    gaps,
    robust_value_iteration,
)
from drmg_check.sets import L1, ChiSquare, Interval, KullbackLeibler, SRectangular, TotalVariation
from drmg_check.vocabulary import CertificateError, UnsupportedError
from drmg_oracles import (
    best_modification_exactly,
    best_response_exactly,
    evaluate_exactly,
    gap_exactly,
)
from drmg_oracles.policies import certificate_document, certify, estimate_seconds, verify_certificate

BALLS = (L1(), L1("nominal"), TotalVariation(), Interval(), KullbackLeibler(), ChiSquare())
HALF = Fraction(1, 2)


def drawn_game(rng: np.random.Generator, ball: object, agents: int) -> tuple[RobustMarkovGame, JointPolicy]:
    actions = tuple(int(n) for n in rng.integers(1, 4, agents))
    A, S, H = int(np.prod(actions)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    weights = rng.integers(1, 4, A).tolist() if rng.random() < 0.5 else []
    others = (SRectangular(ball), TotalVariation())[int(rng.integers(2))]
    game = RobustMarkovGame(
        transition=rng.dirichlet(np.ones(S), size=(S, A)),
        reward=rng.random((agents, 1, S, A)),
        radius=rng.random((agents, 1, S, 1)),
        uncertainty=(SRectangular(ball, weights), *(others,) * (agents - 1)),
        actions=actions,
        horizon=H,
    )
    return game, JointPolicy(rng.dirichlet(np.ones(A), size=(H, S)), actions)


@pytest.mark.parametrize("ball", BALLS, ids=repr)
@pytest.mark.parametrize("agents", [1, 2])
def test_planner_and_oracles_agree_within_the_stated_error(ball: object, agents: int):
    rng = np.random.default_rng(7)
    for _ in range(3):
        game, policy = drawn_game(rng, ball, agents)
        mine, true = evaluate(game, policy), evaluate_exactly(game, policy)
        off = np.abs(mine.V - true.lo.astype(float)).max(axis=2)
        assert (off <= mine.error + 2.0**-50).all()
        response, exactly = best_response(game, policy, 0), best_response_exactly(game, policy, 0)
        assert np.abs(response.V - exactly.lo.astype(float)).max() <= response.error.max() + 2.0**-50
        if agents == 1:
            plan = robust_value_iteration(game, "nash")
            assert 0 < estimate_plan(game, "nash").seconds < 60
            assert float(gap_exactly(game, plan.policy).hi.max()) <= plan.bound < 1e-12
            assert abs(plan.V[0, 0, 0] - float(exactly.lo[0, 0])) <= plan.bound


@pytest.mark.parametrize("ball", BALLS, ids=repr)
def test_a_certificate_is_proved_again_and_a_changed_one_is_not(ball: object):
    game, policy = drawn_game(np.random.default_rng(3), ball, 2)
    certificate = certify(game, policy)
    document = certificate_document(certificate)
    assert verify_certificate(document) > 0
    agent = document.agents[0]
    wrong = {
        name: msgspec.structs.replace(bounds, lo=str(bounds.pair[0] + 1), hi=str(bounds.pair[1] + 1))
        for name, bounds in (("value", agent.value), ("best_response", agent.best_response))
    }
    agents = (msgspec.structs.replace(agent, **wrong), *document.agents[1:])
    with pytest.raises(CertificateError, match=r"value in .* is wrong"):
        verify_certificate(replace(document, agents=agents))
    assert 0 < estimate_seconds(game, policy) < 60


def copies(A: int, gamma: Fraction = Fraction(9, 10)) -> DiscountedGame:
    """Return A copies of a loop that pays 1; the adversary may lead to a state that pays nothing for ever."""
    P = np.zeros((2, A, 2))
    P[0, :, 0] = P[1, :, 1] = 1.0
    reward = np.zeros((1, 2, A))
    reward[0, 0] = 1.0
    sets = (SRectangular(L1()),)
    stage = Stage(rows=DenseRows(P), reward=reward, radius="1/5", uncertainty=sets, actions=(A,))
    return DiscountedGame(stage=stage, discounts=(gamma,))


@pytest.mark.parametrize("A", [1, 2, 3])
def test_copies_of_an_action_dilute_the_adversary_for_ever(A: int):
    """``V = 1 / (1 - gamma (1 - kappa / (2 A)))``: 100/19, 200/29, 100/13."""
    game = copies(A)
    true = 1 / (1 - Fraction(9, 10) * (1 - Fraction(1, 5) / (2 * A)))
    exactly = best_response_exactly(game, uniform_policy(game), 0)
    assert exactly.lo[0, 0] == exactly.hi[0, 0] == true
    assert exactly.mixture[0, 0].tolist() == [Fraction(1, A)] * A
    assert evaluate_exactly(game, uniform_policy(game)).lo[0, 0, 0] == true
    plan = robust_value_iteration(game, "nash")
    assert abs(plan.V[0, 0, 0] - float(true)) <= plan.bound < 1e-10
    single = JointPolicy(np.eye(A)[None, :1].repeat(2, axis=1), (A,))
    assert evaluate_exactly(game, single).lo[0, 0, 0] == Fraction(100, 19)


def coordination(radius: object) -> RobustMarkovGame:
    """Return two agents who win in the next step if both play alike; only agent 0 fears, by a budget."""
    transition = np.zeros((3, 4, 3))
    transition[0, [0, 3], 1] = transition[0, [1, 2], 2] = 1.0
    transition[1, :, 1] = transition[2, :, 2] = 1.0
    reward = np.zeros((2, 2, 3, 4))
    reward[:, 1, 1] = 1.0
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        radius=np.array(radius, dtype=object).reshape(2, 1, 1, 1),
        uncertainty=(SRectangular(L1()), TotalVariation()),
        actions=(2, 2),
        horizon=2,
    )


def test_the_budget_of_one_agent_spans_all_joint_actions():
    """The adversary spends 1/2 on the joint action that is likelier: by 1/4 of its mass, or of both."""
    game = coordination(["1/2", 0])
    uniform = uniform_policy(game)
    # obeying: each joint action weighs 1/4, of which moving a quarter takes 1/16
    assert evaluate_exactly(game, uniform).lo[0, 0, 0] == HALF - Fraction(1, 16)
    always = JointPolicy([[[1, 0, 0, 0]] * 3] * 2, (2, 2))
    assert evaluate_exactly(game, always).lo[0, 0, 0] == 1 - Fraction(1, 4)
    # against a coin nothing that agent 0 does helps: (0, 0) and (1, 1) win half of the time
    response = best_response_exactly(game, uniform, 0)
    assert response.lo[0, 0] == HALF - Fraction(1, 16)
    assert response.mixture[0, 0].tolist() == [HALF, HALF]
    assert best_response(game, uniform, 0).mixture[0, 0].tolist() == [0.5, 0.5]
    assert gap_exactly(game, uniform).lo[0, 0] == 0


def test_neither_a_ce_gap_nor_a_plan_of_several_agents_is_known():
    game = coordination(["1/2", 0])
    told = JointPolicy([[["1/2", 0, 0, "1/2"]] * 3] * 2, (2, 2))
    for refused in (best_modification, best_modification_exactly):
        with pytest.raises(UnsupportedError, match="has an s-rectangular set, whose budget is shared out"):
            refused(game, told, 0)
    with pytest.raises(UnsupportedError, match="plans of one agent handle it"):
        robust_value_iteration(game, "nash")
    both = gaps(game, told)
    assert np.isnan(both.ce[0]).all()
    assert not np.isnan(both.ce[1]).any()
    with pytest.raises(UnsupportedError, match="its CE gap is not known"):
        both.at_start("ce")
    certificate = certify(game, told)
    assert certificate.agents[0].ce_gain is None
    assert verify_certificate(certificate_document(certificate)) > 0


def test_the_worst_rows_that_a_certificate_shows_keep_within_the_budget():
    game = coordination(["1/2", 0])
    certificate = certify(game, uniform_policy(game))
    rows = certificate.agents[0].worst_rows
    moved = [
        abs(row.worst.probabilities.get(t, 0) - row.nominal.probabilities.get(t, 0))
        for row in rows
        for t in range(3)
    ]
    assert rows
    assert sum(moved) == HALF
    assert certificate.agents[0].moved_rows == len(rows)


def test_a_mixed_response_is_worth_more_than_each_of_its_actions():
    game = RobustMarkovGame(
        transition=np.array([[[1, 0], [1, 0]], [[0, 1], [0, 1]]]),
        reward=np.array([[[0, 0], [0, 0]], [[1, 1], [0, 0]]]).reshape(1, 2, 2, 2),
        radius=1,
        uncertainty=SRectangular(L1()),
        actions=(2,),
        horizon=2,
    )
    pure = [JointPolicy([[[1, 0]] * 2] * 2, (2,)), JointPolicy([[[0, 1]] * 2] * 2, (2,))]
    assert [evaluate_exactly(game, policy).lo[0, 0, 0] for policy in pure] == [HALF, HALF]
    assert best_response_exactly(game, pure[0], 0).lo[0, 0] == Fraction(3, 4)
    assert certify(game, pure[0]).gap("nash") == (Fraction(1, 4), Fraction(1, 4))
    assert best_response(game, pure[0], 0).mixture[0, 0].tolist() == [0.5, 0.5]
