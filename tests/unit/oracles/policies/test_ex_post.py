"""Ex-post gaps: exact where the kernel of one step matters, bounds beyond, never below agent-wise ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    StagedGame,
    action_distribution,
    row_of,
    uniform_policy,
)
from drmg_check.planner import evaluate
from drmg_check.sets import (
    FictitiousTotalVariation,
    Interval,
    KullbackLeibler,
    TotalVariation,
    UncertaintySet,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_oracles import evaluate_exactly
from drmg_oracles.games import vertex_kernels
from drmg_oracles.policies import certify, ex_post

F = Fraction


def goal_or_nothing(x: object) -> tuple[RobustMarkovGame, JointPolicy]:
    """Action 0 reaches the goal with 2/5 to 3/5, action 1 with 1/2; the policy plays 0 with probability x."""
    game = RobustMarkovGame(
        transition=[[[0, "1/2", "1/2"]] * 2, [[0, 1, 0]] * 2, [[0, 0, 1]] * 2],
        reward=[[[[0, 0]] * 3, [[0, 0], [1, 1], [0, 0]]]],
        radius=[[[["1/10", 0], [0, 0], [0, 0]]] * 2],
        uncertainty=Interval("nominal"),
        actions=(2,),
        horizon=2,
    )
    return game, JointPolicy([[[F(x), 1 - F(x)]] * 3] * 2, (2,))


@pytest.mark.parametrize(
    ("x", "ex_post_gap", "agent_wise"),
    [(0, "1/10", 0), (1, "1/10", "1/10"), ("1/2", "1/20", "1/20"), ("1/4", "3/40", "1/40")],
)
def test_the_robust_policy_is_no_equilibrium_once_the_kernel_is_known(
    x: object, ex_post_gap: str, agent_wise: object
):
    """g(x) = max((1 - x) / 10, x / 10): no policy has 0, and the best one is not the robust one."""
    certificate = ex_post(*goal_or_nothing(x))
    assert certificate.gap == (F(ex_post_gap),) * 2
    assert certificate.agent_wise_gap == (F(agent_wise),) * 2


def random_game(
    seed: int, uncertainty: UncertaintySet, horizon: int, actions: tuple[int, ...] = (2, 2)
) -> tuple[RobustMarkovGame, JointPolicy]:
    rng = np.random.default_rng(seed)
    S, A, m = 2, int(np.prod(actions)), len(actions)
    weights = rng.integers(0, 4, (horizon, S, A, S))
    weights[..., 0] += weights.sum(axis=-1) == 0
    P = np.array([F(int(w)) for w in weights.ravel()], dtype=object).reshape(weights.shape)
    r = np.array([F(int(x), 4) for x in rng.integers(-4, 5, m * horizon * S * A)], dtype=object)
    rho = np.array([F(int(x), 8) for x in rng.integers(0, 4, m * horizon * S * A)], dtype=object)
    shape = (m, horizon, S, A)
    game = RobustMarkovGame(
        transition=P / P.sum(axis=-1, keepdims=True),
        reward=r.reshape(shape),
        radius=rho.reshape(shape),
        uncertainty=uncertainty,
        actions=actions,
    )
    drawn = rng.integers(0, 3, (horizon, S, A))
    drawn[..., 0] += drawn.sum(axis=-1) == 0
    pi = np.array([F(int(x)) for x in drawn.ravel()], dtype=object).reshape(drawn.shape)
    return game, JointPolicy(pi / pi.sum(axis=-1, keepdims=True), actions)


def by_all_kernels(game: RobustMarkovGame, policy: JointPolicy, i: int) -> Fraction:
    """Return the ex-post gain over all products of vertex kernels and all deterministic deviations."""
    H, S, A, n = game.horizon, game.n_states, game.n_joint_actions, game.actions[i]
    places = [(h, s, a) for h in range(H - 1) for s in range(S) for a in range(A)]
    nothing = [F(0)] * S
    vertices = [vertex_kernels(row_of(game.stages[h], i, s, a, nothing)) for h, s, a in places]
    each = [np.unravel_index(a, game.actions) for a in range(A)]
    gains = []
    for chosen in product(*vertices):
        kernel = dict(zip(places, chosen, strict=True))

        def value(deviation: dict[tuple[int, int], int] | None, kernel: object = kernel) -> Fraction:
            V = [F(0)] * S
            for h in reversed(range(H)):
                following = []
                for s in range(S):
                    pi = action_distribution(policy, h, s)
                    total = F(0)
                    for a, weight in enumerate(pi):
                        if deviation is not None:
                            told = list(each[a])
                            told[i] = deviation[h, s]
                            b = int(np.ravel_multi_index(told, game.actions))
                        else:
                            b = a
                        q = kernel.get((h, s, b), nothing)  # type: ignore[attr-defined]
                        after = sum((x * v for x, v in zip(q, V, strict=True)), F(0))
                        total += weight * (game.reward[i, h, s, b] + after)
                    following.append(total)
                V = following
            return V[game.initial_state]

        obeyed = value(None)
        for answers in product(range(n), repeat=H * S):
            deviation = {(h, s): answers[h * S + s] for h in range(H) for s in range(S)}
            gains.append(value(deviation) - obeyed)
    return max(gains)


@pytest.mark.parametrize("seed", range(4))
def test_where_one_kernel_matters_the_gap_is_that_over_all_vertex_kernels(seed: int):
    game, policy = random_game(seed, TotalVariation(), 2)
    certificate = ex_post(game, policy)
    for i, agent in enumerate(certificate.agents):
        assert agent.ex_post == (by_all_kernels(game, policy, i),) * 2


@pytest.mark.parametrize("seed", range(2))
def test_beyond_it_lies_between_the_bounds(seed: int):
    game, policy = random_game(seed, Interval(), 3, (2,))
    low, high = ex_post(game, policy).gap
    assert low <= by_all_kernels(game, policy, 0) <= high


@given(
    st.integers(0, 10**6),
    st.sampled_from([TotalVariation(), Interval("nominal"), KullbackLeibler()]),
    st.integers(1, 3),
)
@settings(max_examples=25, deadline=None)
def test_no_gain_in_robust_values_exceeds_the_ex_post_gain(
    seed: int, uncertainty: UncertaintySet, horizon: int
):
    """The law, and the neighbour that is false: they are not always the same."""
    game, policy = random_game(seed, uncertainty, horizon)
    certificate, robust = ex_post(game, policy), certify(game, policy)
    for agent, proved in zip(certificate.agents, robust.agents, strict=True):
        assert agent.ex_post[0] <= agent.ex_post[1]
        assert agent.agent_wise[0] <= agent.ex_post[1]
        assert agent.agent_wise[0] <= proved.gain[1]
        assert proved.gain[0] <= agent.agent_wise[1]


def test_at_radius_0_both_gaps_are_the_nominal_one():
    game, policy = random_game(3, TotalVariation(), 3)
    rigid = RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=0,
        uncertainty=TotalVariation(),
        actions=game.actions,
    )
    for agent in ex_post(rigid, policy).agents:
        assert agent.ex_post == agent.agent_wise


def test_what_has_no_ex_post_gap_says_why():
    game, policy = goal_or_nothing(0)
    fictitious = RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=0,
        uncertainty=FictitiousTotalVariation(),
        actions=(2,),
    )
    with pytest.raises(UnsupportedError, match="an ex-post gap needs sets of single rows"):
        ex_post(fictitious, policy)
    with pytest.raises(UnsupportedError, match="games with a horizon and dense rows"):
        ex_post(StagedGame(stages=game.stages), policy)


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_the_sum_under_one_kernel_is_at_least_the_sum_of_values_under_own_kernels(seed: int):
    game, policy = random_game(seed, TotalVariation(), 3)
    shared = RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=game.radius[:1],
        uncertainty=TotalVariation(),
        actions=game.actions,
    )
    own, common = evaluate_exactly(shared, policy), evaluate_exactly(shared, policy, nature="common")
    assert (own.hi.sum(axis=0) <= common.lo[0]).all()
    computed = evaluate(shared, policy, nature="common")
    assert np.abs(computed.V[0] - common.lo[0].astype(float)).max() <= computed.error.max()


def test_one_kernel_hurts_the_sum_less_where_agents_fear_different_states():
    """Each agent loses the radius 1/4 of its own prize; together they lose nothing."""
    game = RobustMarkovGame(
        transition=[[["1/2", "1/2"]]] * 2,
        reward=[[[[0], [0]], [[1], [0]]], [[[0], [0]], [[0], [1]]]],
        radius="1/4",
        uncertainty=TotalVariation(),
        actions=(1, 1),
        horizon=2,
    )
    policy = uniform_policy(game)
    assert evaluate_exactly(game, policy).lo[:, 0, 0].tolist() == [F(1, 4), F(1, 4)]
    assert evaluate_exactly(game, policy, nature="common").lo[:, 0, 0].tolist() == [F(1)]


def test_common_nature_needs_one_ball_for_a_row():
    game, policy = random_game(0, TotalVariation(), 2)
    with pytest.raises(UnsupportedError, match="radii of their own"):
        evaluate_exactly(game, policy, nature="common")
    two = RobustMarkovGame(
        transition=game.transition,
        reward=game.reward,
        radius=0,
        uncertainty=(TotalVariation(), Interval()),
        actions=game.actions,
    )
    with pytest.raises(UnsupportedError, match="sets of their own"):
        evaluate(two, policy, nature="common")
    with pytest.raises(InputError, match="nature='both'"):
        evaluate(game, policy, nature="both")  # type: ignore[arg-type]
