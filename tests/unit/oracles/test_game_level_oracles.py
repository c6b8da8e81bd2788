"""Exact recursion, brute force and hand-made examples must tell the same robust values."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    deterministic_policy,
    exact_reward,
    nominal_row,
    product_policy,
    uniform_policy,
)
from drmg_check.planner import robust_value_iteration
from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    KullbackLeibler,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import load
from drmg_oracles import (
    best_response_exactly,
    brute_force_best_response,
    brute_force_value,
    ce_gap_exactly,
    evaluate_exactly,
    gap_exactly,
    vertex_kernels,
)

POOL: tuple[UncertaintySet, ...] = (
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    Contamination(),
    Interval(),
    Interval("nominal"),
)
DISCRETE = ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)))


def random_game(
    seed: int,
    sets: tuple[UncertaintySet, ...],
    *,
    H: int = 3,
    S: int = 2,
    actions: tuple[int, ...] = (2, 2),
    radii: tuple[Fraction, ...] = (Fraction(0), Fraction(1, 4), Fraction(1, 3), Fraction(1)),
) -> RobustMarkovGame:
    """Small integers everywhere, zeros in the rows, a radius of its own at every place."""
    rng = np.random.default_rng(seed)
    A = int(np.prod(actions))
    weights = rng.integers(0, 4, size=(H, S, A, S))
    weights[..., 0] += weights.sum(axis=-1) == 0
    P = np.empty((H, S, A, S), dtype=object)
    for where in np.ndindex(H, S, A):
        P[where] = [Fraction(int(w), int(weights[where].sum())) for w in weights[where]]
    m = len(actions)
    radius = np.empty((m, H, S, A), dtype=object)
    for where in np.ndindex(radius.shape):
        radius[where] = radii[rng.integers(len(radii))]
    reward = rng.integers(-3, 4, size=(m, H, S, A))
    return RobustMarkovGame(transition=P, reward=reward, radius=radius, uncertainty=sets, actions=actions)


def random_policy(seed: int, game: RobustMarkovGame) -> JointPolicy:
    """Correlated, with some joint actions never played."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 3, size=(game.horizon, game.n_states, game.n_joint_actions))
    weights[..., -1] += weights.sum(axis=-1) == 0
    joint = np.empty(weights.shape, dtype=object)
    for h, s in np.ndindex(*weights.shape[:2]):
        joint[h, s] = [Fraction(int(w), int(weights[h, s].sum())) for w in weights[h, s]]
    return JointPolicy(joint, game.actions)


def mixed_sets(seed: int) -> tuple[UncertaintySet, UncertaintySet]:
    return POOL[seed % 6], POOL[(seed // 2 + 3) % 6]


@pytest.mark.parametrize("seed", range(24))
def test_bellman_equals_minimum_over_all_vertex_kernels(seed: int) -> None:
    """Proposition 1: two agents with their own sets, rewards and radii, a correlated policy, every (h, s)."""
    game = random_game(seed, mixed_sets(seed))
    policy = random_policy(seed + 100, game)
    values = evaluate_exactly(game, policy)
    assert (values.lo == values.hi).all()
    for i, h, s in product(range(2), range(game.horizon), range(game.n_states)):
        assert values.lo[i, h, s] == brute_force_value(game, policy, i, step=h, state=s)


@pytest.mark.parametrize("seed", range(4))
def test_bellman_equals_brute_force_with_three_states(seed: int) -> None:
    """Three states, so that balls have more than two vertices."""
    game = random_game(seed, mixed_sets(seed), H=2, S=3)
    policy = random_policy(seed, game)
    values = evaluate_exactly(game, policy)
    for i, s in product(range(2), range(3)):
        assert values.lo[i, 0, s] == brute_force_value(game, policy, i, state=s)


@pytest.mark.parametrize("seed", range(8))
def test_best_response_equals_best_deterministic_deviation(seed: int) -> None:
    """Eq. (2)-(3) by backward induction against trying every deviation with every kernel."""
    game = random_game(seed, mixed_sets(seed), H=2)
    policy = random_policy(seed + 7, game)
    for i in range(2):
        best = best_response_exactly(game, policy, i)
        for s in range(2):
            assert best.lo[0, s] == best.hi[0, s] == brute_force_best_response(game, policy, i, state=s)


def test_best_response_in_three_steps() -> None:
    """One agent against its adversary for three steps."""
    game = random_game(3, (TotalVariation(),), H=3, actions=(2,))
    policy = uniform_policy(game)
    best = best_response_exactly(game, policy, 0)
    assert best.lo[0, 0] == brute_force_best_response(game, policy, 0)
    played = deterministic_policy(game, lambda h, s: int(best.deviation[h, s]))
    assert (evaluate_exactly(game, played).lo[0] == best.lo).all()


@pytest.mark.parametrize(
    "uncertainty", [TotalVariation(), KullbackLeibler(), Interval(), Wasserstein(DISCRETE)]
)
def test_radius_zero_is_the_plain_markov_game(uncertainty: UncertaintySet) -> None:
    """With radius 0 the recursion is the expectation under the nominal kernel, exactly."""
    game = random_game(5, (uncertainty, uncertainty), radii=(Fraction(0),))
    policy = random_policy(5, game)
    plain = np.full((2, game.horizon + 1, 2), Fraction(0), dtype=object)
    for i, h, s in product(range(2), reversed(range(game.horizon)), range(2)):
        for a, weight in enumerate(action_distribution(policy, h, s)):
            q = exact_reward(game.stages[h], i, s, a) + np.dot(
                nominal_row(game.stages[h], s, a), plain[i, h + 1]
            )
            plain[i, h, s] += weight * q
    values = evaluate_exactly(game, policy)
    assert (values.lo == plain).all()
    assert (values.hi == plain).all()


def test_good_and_bad_state_by_hand() -> None:
    """Absorbing good (reward 1) and bad (0), TV radius 1/3: V(good) = 1, 1 + 2/3, 1 + 2/3 + 4/9."""
    game = RobustMarkovGame(
        transition=[[[1, 0]], [[0, 1]]], reward=[[[1], [0]]], radius="1/3",
        uncertainty=TotalVariation(), actions=(1,), horizon=3,
    )  # fmt: skip
    values = evaluate_exactly(game, uniform_policy(game))
    assert values.lo[0].tolist() == [[Fraction(19, 9), 0], [Fraction(5, 3), 0], [1, 0], [0, 0]]
    nominal = RobustMarkovGame(
        transition=game.P, reward=game.r, radius="1/3", uncertainty=TotalVariation("nominal"), actions=(1,)
    )
    assert evaluate_exactly(nominal, uniform_policy(nominal)).hi[0, 0].tolist() == [3, 0]


def matrix_game(first: list[list[int]], second: list[list[int]]) -> RobustMarkovGame:
    """One state, one step."""
    shape = (len(first), len(first[0]))
    return RobustMarkovGame(
        transition=np.ones((1, shape[0] * shape[1], 1)),
        reward=np.array([first, second]).reshape(2, 1, 1, -1),
        radius=0, uncertainty=TotalVariation(), actions=shape, horizon=1,
    )  # fmt: skip


def test_cce_that_is_no_ce_by_hand() -> None:
    """A 3x3 game and a CCE in which a swap gains 2/3 (claim B32), while no plain deviation gains."""
    game = matrix_game([[0, 0, 1], [0, 1, 0], [1, 0, 0]], [[1, 0, 0], [1, 1, 0], [0, 1, 1]])
    weights = np.full((1, 1, 9), Fraction(0), dtype=object)
    for a in ((0, 2), (1, 0), (2, 1)):
        weights[0, 0, 3 * a[0] + a[1]] = Fraction(1, 3)
    policy = JointPolicy(weights, (3, 3))
    cce = gap_exactly(game, policy)
    assert cce.lo[:, 0].tolist() == cce.hi[:, 0].tolist()
    assert cce.at_initial[1] <= 0
    assert ce_gap_exactly(game, policy).lo[0, 0] == Fraction(2, 3)


def test_gaps_of_chicken_by_hand() -> None:
    """Chicken: the fair correlated device is a CE with a negative CCE gap; uniform play leaves 1/4."""
    game = matrix_game([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    device = JointPolicy(np.array([[["1/3", "1/3", "1/3", "0"]]], dtype=object), (2, 2))
    # V = 5; deviating to Dare meets (2/3, 1/3): 14/3, to Chicken: 12/3 + 2/3 = 14/3
    assert gap_exactly(game, device).lo[:, 0].tolist() == [Fraction(-1, 3), Fraction(-1, 3)]
    assert ce_gap_exactly(game, device).hi[:, 0].tolist() == [0, 0]
    # uniform: V = 15/4, best answer Chicken 4
    assert gap_exactly(game, uniform_policy(game)).at_initial == (Fraction(1, 4), Fraction(1, 4))


@pytest.mark.parametrize("seed", range(6))
def test_ce_gap_is_at_least_the_cce_gap_and_zero(seed: int) -> None:
    """Constant modifications are deviations, the identity is a modification."""
    game = random_game(seed, mixed_sets(seed))
    policy = random_policy(seed, game)
    ce, cce = ce_gap_exactly(game, policy), gap_exactly(game, policy)
    assert (ce.lo >= cce.lo).all()
    assert (ce.lo >= 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_product_policies_have_equal_ne_ce_gaps(seed: int) -> None:
    """Without correlation a recommendation tells nothing: the CE gap is the NE gap."""
    game = random_game(seed, mixed_sets(seed))
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 4, size=(2, 3, 2, 1))
    marginals = [np.concatenate([w, 4 - w], axis=-1) / 4 for w in weights]
    policy = product_policy(marginals)
    assert (gap_exactly(game, policy).lo == ce_gap_exactly(game, policy).lo).all()


def test_intervals_of_kl_contain_and_rounding_is_outward() -> None:
    """A KL game has proper intervals, tight to 2^-90, nested in the coarser ones."""
    game = random_game(11, (KullbackLeibler(), TotalVariation()), radii=(Fraction(1, 10),))
    policy = random_policy(2, game)
    fine, coarse = evaluate_exactly(game, policy), evaluate_exactly(game, policy, bits=20)
    assert (coarse.lo <= fine.lo).all()
    assert (fine.hi <= coarse.hi).all()
    assert (fine.lo[1] == fine.hi[1]).all()
    assert 0 < max((fine.hi - fine.lo).flat) < Fraction(1, 2**90)
    assert max((coarse.hi - coarse.lo).flat) < Fraction(1, 2**10)
    assert all(x.denominator <= 2**20 for x in coarse.lo.flat)


@pytest.mark.parametrize("bits", [12, 30])
def test_gaps_between_coarse_bounds_contain_the_fine_ones(bits: int) -> None:
    """A gap is low minus high and high minus low; a CE gap is known to be at least 0 even then."""
    game = random_game(11, (KullbackLeibler(), TotalVariation()), radii=(Fraction(1, 10), Fraction(0)))
    policy = random_policy(2, game)
    values = evaluate_exactly(game, policy, bits=bits)
    for of in (gap_exactly, ce_gap_exactly):
        fine, coarse = of(game, policy), of(game, policy, bits=bits)
        assert (coarse.lo <= fine.lo).all()
        assert (fine.hi <= coarse.hi).all()
        assert coarse.at_initial[0] <= fine.at_initial[0] <= fine.at_initial[1] <= coarse.at_initial[1]
    best = [best_response_exactly(game, policy, i, bits=bits) for i in range(2)]
    gap = gap_exactly(game, policy, bits=bits)
    for i in range(2):
        assert (gap.lo[i] == best[i].lo[0] - values.hi[i, 0]).all()
        assert (gap.hi[i] == best[i].hi[0] - values.lo[i, 0]).all()
    assert (ce_gap_exactly(game, policy, bits=bits).lo >= 0).all()
    assert min(ce_gap_exactly(game, deterministic_policy(game, lambda h, s: 0), bits=bits).lo.flat) >= 0


def test_the_ce_gap_of_an_equilibrium_is_at_least_0_between_bounds() -> None:
    """Nothing is gained, and the bounds on both values are 2^-37 apart."""
    game = load("shaky-bridge?horizon=2")
    planned = robust_value_iteration(game, "nash").policy
    gap = ce_gap_exactly(game, planned, bits=40)
    assert set(gap.lo.flat) == {0}
    assert min(gap.hi.flat) > 0


def test_the_widest_of_the_next_values_widens_the_rows() -> None:
    """One state is known exactly, the other between bounds: a row that leads to both takes the wider."""
    third = Fraction(1, 3)
    game = RobustMarkovGame(
        transition=np.array([[[third, 1 - third]], [[Fraction(0), Fraction(1)]]], dtype=object),
        reward=np.array([[1], [0]]),
        radius="1/7",
        uncertainty=KullbackLeibler(),
        actions=(1,),
        horizon=4,
    )
    policy = uniform_policy(game)
    fine, coarse = evaluate_exactly(game, policy, bits=200), evaluate_exactly(game, policy, bits=8)
    assert (coarse.hi - coarse.lo)[0, 3].min() < (coarse.hi - coarse.lo)[0, 0].max()
    assert (coarse.lo <= fine.lo).all()
    assert (fine.hi <= coarse.hi).all()


def test_an_interval_ball_may_fill_every_state_that_its_radius_needs() -> None:
    """Four states lose their quarters to four unvisited ones: (0 + 1 + 2 + 3) / 4."""
    P = np.zeros((8, 1, 8))
    P[:, 0, 4:] = 0.25
    game = RobustMarkovGame(
        transition=P,
        reward=np.array([0, 1, 2, 3, 10, 10, 10, 10])[:, None],
        radius="1/4",
        uncertainty=Interval(),
        actions=(1,),
        horizon=2,
    )
    values = evaluate_exactly(game, uniform_policy(game))
    assert values.lo[0, 0, 0] == values.hi[0, 0, 0] == Fraction(3, 2)


def test_huge_denominators_give_way_to_tight_bounds() -> None:
    """Random float rows share no denominator: past 4096 bits values are rounded outward, not waited for."""
    rng = np.random.default_rng(0)
    P = rng.dirichlet(np.ones(16), size=(6, 16, 3))
    game = RobustMarkovGame(
        transition=P, reward=rng.random((1, 6, 16, 3)), radius=0.1, uncertainty=TotalVariation(), actions=(3,)
    )
    values = evaluate_exactly(game, uniform_policy(game))
    widths = values.hi - values.lo
    assert (widths[0, 4:] == 0).all()
    assert 0 < max(widths.flat) < Fraction(1, 2**110)
    assert max(x.denominator.bit_length() for x in values.lo.flat) <= 4096


def test_vertices_of_a_tv_ball_by_hand() -> None:
    """Around (1/2, 1/2, 0) with radius 1/4: mass 1/4 moves between two states."""
    row = Row.of(TotalVariation(), ["1/2", "1/2", "0"], [0, 0, 0], "1/4")
    expected = {("1/4", "3/4", 0), ("3/4", "1/4", 0), ("1/4", "1/2", "1/4"), ("1/2", "1/4", "1/4")}
    assert set(vertex_kernels(row)) == {tuple(Fraction(x) for x in q) for q in expected}
    inside = Row.of(TotalVariation("nominal"), ["1/2", "1/2", "0"], [0, 0, 0], "1/4")
    assert vertex_kernels(inside) == (
        (Fraction(1, 4), Fraction(3, 4), Fraction(0)),
        (Fraction(3, 4), Fraction(1, 4), Fraction(0)),
    )
    twice = Row.of(L1(), ["1/2", "1/2", "0"], [0, 0, 0], "1/2")
    assert vertex_kernels(twice) == vertex_kernels(row)


def test_vertices_of_contamination_and_interval_by_hand() -> None:
    """Contamination: one vertex per state; interval: corners of the box on the simplex."""
    row = Row.of(Contamination(), ["1/2", "1/2"], [0, 0], "1/2")
    assert vertex_kernels(row) == ((Fraction(1, 4), Fraction(3, 4)), (Fraction(3, 4), Fraction(1, 4)))
    box = Row.of(Interval(), ["1/3", "1/3", "1/3"], [0, 0, 0], "1/3")
    assert len(vertex_kernels(box)) == 6


def test_brute_force_refuses_with_the_count_and_the_limit() -> None:
    """Too many kernels, states or deviations, and sets without vertices, are refused by name."""
    game = random_game(1, (TotalVariation(), TotalVariation()), H=4, S=3, radii=(Fraction(1, 4),))
    with pytest.raises(UnsupportedError, match=r"\d+ products of vertex kernels, the limit is \d+"):
        brute_force_value(game, uniform_policy(game), 0)
    long = random_game(1, (TotalVariation(),), H=8, actions=(2,))
    with pytest.raises(UnsupportedError, match="deterministic deviations"):
        brute_force_best_response(long, uniform_policy(long), 0)
    with pytest.raises(UnsupportedError, match="active constraints"):
        vertex_kernels(Row.of(TotalVariation(), [1] * 6, [0] * 6, "1/4"))
    with pytest.raises(UnsupportedError, match="kl"):
        vertex_kernels(Row.of(KullbackLeibler(), [1, 1], [0, 0], "1/4"))
    with pytest.raises(InputError, match="i=2"):
        brute_force_value(game, uniform_policy(game), 2)
    with pytest.raises(InputError, match="i=-1"):
        best_response_exactly(game, uniform_policy(game), -1)
