"""Values of discounted games: closed forms, brute force over stationary kernels and policies, the planner."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import (
    DenseRows,
    DiscountedGame,
    JointPolicy,
    RobustMarkovGame,
    Stage,
    action_distribution,
    discounted,
    exact_reward,
    row_of,
    uniform_policy,
)
from drmg_check.planner import best_modification, best_response, evaluate
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    FictitiousTotalVariation,
    Interval,
    KullbackLeibler,
    TotalVariation,
    UncertaintySet,
)
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_oracles import (
    best_modification_exactly,
    best_response_exactly,
    ce_gap_exactly,
    enclose,
    evaluate_exactly,
    gap_exactly,
    vertex_kernels,
)
from drmg_properties.strategies import games

GOOD, BAD = 0, 1


def chain(discount: object, radius: object, ball: UncertaintySet) -> DiscountedGame:
    """Return good, which pays 1 for ever, and bad, which pays nothing."""
    stage = Stage(
        rows=DenseRows([[[1, 0]], [[0, 1]]]),
        reward=[[[1], [0]]],
        radius=radius,
        uncertainty=(ball,),
        actions=(1,),
    )
    return DiscountedGame(stage=stage, discounts=discount)


@pytest.mark.parametrize(
    ("discount", "radius", "span"),
    [
        ("9/10", "1/10", Fraction(100, 19)),
        ("99/100", "1/2", Fraction(200, 101)),
        ("1/2", 1, Fraction(1)),
        ("0", "1/3", Fraction(1)),
        ("999/1000", "1/10", Fraction(10000, 1009)),
    ],
)
@pytest.mark.parametrize("ball", [TotalVariation(), Contamination()], ids=str)
def test_the_chain_attains_the_span_law(discount: str, radius: object, span: Fraction, ball: UncertaintySet):
    """Sp V = 1 / (1 - gamma + gamma rho), exactly."""
    game = chain(discount, radius, ball)
    values = evaluate_exactly(game, uniform_policy(game))
    assert values.lo[0, 0].tolist() == values.hi[0, 0].tolist() == [span, 0]


def test_a_kl_ball_around_a_point_takes_nothing():
    """There is no span law for KL: with a deterministic kernel good is worth 1 / (1 - gamma)."""
    game = chain("9/10", 5, KullbackLeibler())
    assert evaluate_exactly(game, uniform_policy(game)).lo[0, 0].tolist() == [10, 0]


def fixed_kernel_value(
    game: DiscountedGame, policy: JointPolicy, i: int, kernel: dict[tuple[int, int], tuple[Fraction, ...]]
) -> list[Fraction]:
    """Solve ``V = r + gamma P V`` in fractions."""
    S, gamma = game.n_states, game.discounts[i]
    system, paid = fmpq_mat(S, S), fmpq_mat(S, 1)
    for s in range(S):
        system[s, s] = fmpq(1)
        for a, weight in enumerate(action_distribution(policy, 0, s)):
            reward = weight * exact_reward(game.stage, i, s, a)
            paid[s, 0] += fmpq(reward.numerator, reward.denominator)
            for t, chance in enumerate(kernel[s, a]):
                x = weight * gamma * chance
                system[s, t] -= fmpq(x.numerator, x.denominator)
    V = system.solve(paid)
    return [Fraction(int(V[s, 0].p), int(V[s, 0].q)) for s in range(S)]


def brute_force(game: DiscountedGame, policy: JointPolicy, i: int) -> list[Fraction]:
    """Return the least value of each state over all stationary vertex kernels."""
    places = [
        (s, a) for s in range(game.n_states) for a, w in enumerate(action_distribution(policy, 0, s)) if w
    ]
    nothing = [Fraction(0)] * game.n_states
    vertices = [vertex_kernels(row_of(game.stage, i, s, a, nothing)) for s, a in places]
    rest = {
        (s, a): tuple(Fraction(0) for _ in nothing)
        for s in range(game.n_states)
        for a in range(game.n_joint_actions)
    }
    each = [
        fixed_kernel_value(game, policy, i, rest | dict(zip(places, kernel, strict=True)))
        for kernel in product(*vertices)
    ]
    return [min(V) for V in zip(*each, strict=True)]


def replaced(policy: JointPolicy, i: int, own: tuple[int, ...]) -> JointPolicy:
    """Return the policy in which agent i always plays ``own[s]``; the others keep their marginal."""
    weights = np.full(policy.weights.shape, Fraction(0), dtype=object)
    stride, n = prod(policy.actions[i + 1 :]), policy.actions[i]
    for s in range(policy.n_states):
        for a, w in enumerate(action_distribution(policy, 0, s)):
            weights[0, s, a + (own[s] - a // stride % n) * stride] += w
    return JointPolicy(weights, policy.actions)


BALLS = (TotalVariation(), TotalVariation(support="nominal"), Contamination(), Interval())


@st.composite
def tiny(draw: st.DrawFn) -> tuple[DiscountedGame, JointPolicy]:
    """Draw a game of two states, one or two agents, and a policy that plays one or two joint actions."""
    actions = draw(st.sampled_from([(1,), (2,), (1, 2), (2, 2)]))
    m, A = len(actions), prod(actions)
    weight = st.integers(0, 3)
    row = st.tuples(weight, weight).filter(any).map(lambda w: [Fraction(x, sum(w)) for x in w])
    numbers = st.integers(-3, 4).map(lambda k: Fraction(k, 2))
    rows = draw(st.lists(st.lists(row, min_size=A, max_size=A), min_size=2, max_size=2))
    reward = draw(st.lists(numbers, min_size=2 * m * A, max_size=2 * m * A))
    radius = draw(st.lists(st.sampled_from(["0", "1/10", "1/3", "1"]), min_size=m, max_size=m))
    stage = Stage(
        rows=DenseRows(rows),
        reward=np.array(reward, dtype=object).reshape(m, 2, A),
        radius=np.array(radius, dtype=object).reshape(m, 1, 1),
        uncertainty=tuple(draw(st.sampled_from(BALLS)) for _ in range(m)),
        actions=actions,
    )
    discounts = draw(st.lists(st.sampled_from(["0", "1/3", "1/2", "9/10"]), min_size=m, max_size=m))
    weights = np.full((1, 2, A), Fraction(0), dtype=object)
    for s in range(2):
        a, b = draw(st.integers(0, A - 1)), draw(st.integers(0, A - 1))
        weights[0, s, a] += Fraction(1, 3)
        weights[0, s, b] += Fraction(2, 3)
    return DiscountedGame(stage=stage, discounts=discounts), JointPolicy(weights, actions)


@given(tiny())
def test_the_value_is_the_least_over_stationary_kernels(case: tuple[DiscountedGame, JointPolicy]):
    """Static and dynamic adversaries agree, and the bracket is one number."""
    game, policy = case
    values = evaluate_exactly(game, policy)
    for i in range(game.n_agents):
        assert values.lo[i, 0].tolist() == values.hi[i, 0].tolist() == brute_force(game, policy, i)


@given(tiny())
def test_the_best_response_is_the_best_stationary_deterministic_one(
    case: tuple[DiscountedGame, JointPolicy],
):
    game, policy = case
    for i in range(game.n_agents):
        deviations = product(range(game.actions[i]), repeat=game.n_states)
        each = [evaluate_exactly(game, replaced(policy, i, own)).lo[i, 0] for own in deviations]
        best = [max(V) for V in zip(*each, strict=True)]
        response = best_response_exactly(game, policy, i)
        assert response.lo[0].tolist() == response.hi[0].tolist() == best
        own = tuple(response.deviation[0].tolist())
        assert evaluate_exactly(game, replaced(policy, i, own)).lo[i, 0].tolist() == best


@given(games(max_states=3, max_agents=2, max_horizon=1), st.sampled_from(["1/2", "9/10", "99/100"]))
def test_planner_and_oracles_agree_within_the_stated_error(game: RobustMarkovGame, discount: str):
    """For every set, and for values, responses and modifications."""
    model = discounted(game, discount)
    policy = uniform_policy(model)
    values, exactly = evaluate(model, policy), evaluate_exactly(model, policy, bits=100)
    for i in range(model.n_agents):
        pairs = [(values.V[i], values.error[i], exactly.lo[i], exactly.hi[i])]
        for planned, proved in (
            (best_response, best_response_exactly),
            (best_modification, best_modification_exactly),
        ):
            if planned is best_modification and "Fictitious" in type(model.uncertainty[i]).__name__:
                continue
            mine, true = planned(model, policy, i), proved(model, policy, i, bits=100)
            pairs.append((mine.V, mine.error, true.lo, true.hi))
        for V, error, lo, hi in pairs:
            for s in range(model.n_states):
                x, e = Fraction(float(V[0, s])), Fraction(float(error[0]))
                assert lo[0, s] - e <= x <= hi[0, s] + e


@pytest.mark.parametrize("ball", [KullbackLeibler(), ChiSquare()], ids=str)
def test_a_bracket_proves_itself(ball: UncertaintySet):
    """L <= T L and T U <= U, and both are narrow."""
    game = discounted(load("random?agents=2&horizon=1&states=3&seed=5"), ("99/100", "1/2"))
    stage = Stage(
        rows=game.stage.rows,
        reward=game.stage.reward,
        radius=game.stage.radius,
        uncertainty=(ball, ball),
        actions=game.actions,
    )
    game = DiscountedGame(stage=stage, discounts=game.discounts)
    policy = uniform_policy(game)
    values = evaluate_exactly(game, policy)
    assert (values.lo < values.hi).any()
    for i, discount in enumerate(game.discounts):
        for ends, side in ((values.lo, 1), (values.hi, -1)):
            for s in range(game.n_states):
                following = [discount * v for v in ends[i, 0]]
                total = [Fraction(0), Fraction(0)]
                for a, w in enumerate(action_distribution(policy, 0, s)):
                    worst = enclose(row_of(stage, i, s, a, following), bits=200)
                    total[0] += w * (exact_reward(stage, i, s, a) + worst.lo)
                    total[1] += w * (exact_reward(stage, i, s, a) + worst.hi)
                assert side * (total[0 if side > 0 else 1] - ends[i, 0, s]) >= 0
        width = max(values.hi[i, 0] - values.lo[i, 0])
        assert width <= Fraction(1, 10**30)


def test_each_agent_has_its_own_discount():
    """Two agents are paid the same and discount differently: 1 / (1 - gamma_i)."""
    stage = Stage(
        rows=DenseRows([[[1]]]),
        reward=np.ones((2, 1, 1)),
        radius=0,
        uncertainty=(TotalVariation(),) * 2,
        actions=(1, 1),
    )
    game = DiscountedGame(stage=stage, discounts=("1/2", "3/4"))
    assert evaluate_exactly(game, uniform_policy(game)).lo[:, 0, 0].tolist() == [2, 4]
    assert game.criterion == "discounts 1/2, 3/4"


KEEP, SEND = 0, 1


def no_sde(discount: object = "3/4") -> DiscountedGame:
    """Return the game of Zinkevich, Greenwald and Littman (2006): state 0 is agent 0's, state 1 agent 1's."""
    rows = np.zeros((2, 4, 2))
    reward = np.zeros((2, 2, 4))
    pays = {(0, KEEP): (1, 0), (0, SEND): (0, 3), (1, KEEP): (3, 1), (1, SEND): (0, 0)}
    for s, a, b in product(range(2), repeat=3):
        move = (a, b)[s]
        rows[s, 2 * a + b, s if move == KEEP else 1 - s] = 1
        reward[:, s, 2 * a + b] = pays[s, move]
    stage = Stage(
        rows=DenseRows(rows), reward=reward, radius=0, uncertainty=(TotalVariation(),) * 2, actions=(2, 2)
    )
    return DiscountedGame(stage=stage, discounts=discount)


def independently(*sends: Fraction) -> JointPolicy:
    """Return the policy in which agent i sends with probability ``sends[i]``, in either state."""
    x, y = sends
    joint = [(1 - x) * (1 - y), (1 - x) * y, x * (1 - y), x * y]
    return JointPolicy(np.array([[joint, joint]], dtype=object), (2, 2))


def test_the_equilibrium_of_a_game_without_deterministic_ones_has_gap_zero():
    game = no_sde()
    policy = independently(Fraction(2, 3), Fraction(5, 12))
    assert evaluate_exactly(game, policy).lo[:, 0].tolist() == [[4, Fraction(16, 3)], [Fraction(16, 3), 4]]
    assert gap_exactly(game, policy).overall == ce_gap_exactly(game, policy).overall == (0, 0)


@pytest.mark.parametrize(
    ("sends", "gaps"), [((0, 0), (5, 0)), ((0, 1), (0, 4)), ((1, 0), (0, Fraction(8, 7))), ((1, 1), (4, 0))]
)
def test_deterministic_policies_of_it_have_gaps(sends: tuple[int, int], gaps: tuple[object, object]):
    gap = gap_exactly(no_sde(), independently(*map(Fraction, sends)))
    assert (
        tuple(max(each) for each in gap.lo.tolist()) == tuple(max(each) for each in gap.hi.tolist()) == gaps
    )


def lottery(arrival: object, ball: UncertaintySet, radius: object, **options: bool) -> DiscountedGame:
    """Return two states, one action and a coin in both; what is paid on arrival in them is given."""
    coin = RobustMarkovGame(
        transition=[[["1/2", "1/2"]], [["1/4", "3/4"]]],
        reward=[[1], [0]],
        radius=radius,
        uncertainty=(ball,),
        actions=(1,),
        horizon=1,
    )
    return discounted(coin, "9/10", arrival=np.array(arrival, dtype=object), **options)


@pytest.mark.parametrize("ball", BALLS, ids=str)
@given(
    st.lists(st.integers(-3, 3).map(Fraction), min_size=4, max_size=4), st.sampled_from(["0", "1/10", "1/3"])
)
def test_what_is_paid_on_arrival_is_inside_the_worst_case(
    ball: UncertaintySet, paid: list[Fraction], radius: str
):
    """The least over all stationary vertex kernels of ``V = r + P (arrival + gamma V)``, in fractions."""
    arrival = [paid[:2], paid[2:]]
    game = lottery([[[row] for row in arrival]], ball, radius)
    policy = uniform_policy(game)
    vertices = [vertex_kernels(row_of(game.stage, 0, s, 0, [Fraction(0)] * 2)) for s in range(game.n_states)]
    least = []
    for kernel in product(*vertices):
        mean = [sum(p * x for p, x in zip(kernel[s], arrival[s], strict=True)) for s in range(2)]
        paid_here = Stage(
            rows=game.stage.rows,
            reward=np.array([[[1 + mean[0]], [mean[1]]]], dtype=object),
            radius=0,
            uncertainty=(ball,),
            actions=(1,),
        )
        fixed = DiscountedGame(stage=paid_here, discounts="9/10")
        least.append(fixed_kernel_value(fixed, policy, 0, {(s, 0): kernel[s] for s in range(2)}))
    wanted = [min(V) for V in zip(*least, strict=True)]
    values = evaluate_exactly(game, policy)
    assert values.lo[0, 0].tolist() == values.hi[0, 0].tolist() == wanted
    mine = evaluate(game, policy)
    assert all(
        abs(Fraction(float(v)) - w) <= Fraction(float(mine.error[0, 0]))
        for v, w in zip(mine.V[0, 0], wanted, strict=True)
    )


def test_its_mean_in_the_place_of_what_is_paid_on_arrival_is_too_optimistic():
    arrival = [[[[0, 2]], [[0, 2]]]]
    right = evaluate_exactly(
        lottery(arrival, TotalVariation(), "1/4"), uniform_policy(lottery(arrival, TotalVariation(), 0))
    )
    mean = RobustMarkovGame(
        transition=[[["1/2", "1/2"]], [["1/4", "3/4"]]],
        reward=[[2], ["3/2"]],
        radius="1/4",
        uncertainty=TotalVariation(),
        actions=(1,),
        horizon=1,
    )
    wrong = discounted(mean, "9/10")
    assert (evaluate_exactly(wrong, uniform_policy(wrong)).lo[0, 0] > right.hi[0, 0]).all()


def test_costs_and_a_discounted_first_payment_are_converted_exactly():
    arrival = [[[[0, 2]], [[1, 2]]]]
    plain = lottery(arrival, TotalVariation(), "1/4")
    later = lottery(arrival, TotalVariation(), "1/4", first_discounted=True)
    value = evaluate_exactly(plain, uniform_policy(plain)).lo[0, 0]
    assert evaluate_exactly(later, uniform_policy(later)).lo[0, 0].tolist() == [
        Fraction(9, 10) * v for v in value
    ]
    negative = [[[[0, -2]], [[-1, -2]]]]
    costly = lottery(arrival, TotalVariation(), "1/4", costs=True)
    mirrored = discounted(
        RobustMarkovGame(
            transition=[[["1/2", "1/2"]], [["1/4", "3/4"]]],
            reward=[[-1], [0]],
            radius="1/4",
            uncertainty=TotalVariation(),
            actions=(1,),
            horizon=1,
        ),
        "9/10",
        arrival=np.array(negative, dtype=object),
    )
    policy = uniform_policy(costly)
    assert (evaluate_exactly(costly, policy).lo == evaluate_exactly(mirrored, policy).lo).all()


def test_a_certificate_of_a_game_that_pays_on_arrival_is_verified():
    """Through its JSON document; by a KL ball, so that nothing is exact."""
    from drmg_oracles.policies import certificate_document, certify, verify_certificate

    for ball in (TotalVariation(), KullbackLeibler()):
        game = lottery([[[[0, 2]], [["1/3", 2]]]], ball, "1/10")
        document = certificate_document(certify(game, uniform_policy(game)))
        assert '"arrival"' in document.game_text
        assert verify_certificate(document) > 0


def test_a_fictitious_set_refuses_what_is_paid_on_arrival():
    with pytest.raises(InputError, match="arrival with a fictitious or an s-rectangular set"):
        lottery([[[[0, 2]], [[1, 2]]]], FictitiousTotalVariation(), "1/4")
