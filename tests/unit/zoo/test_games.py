"""The named games are the games of their sources."""

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame, exact_reward, nominal_row
from drmg_check.readers import game_to_json
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.zoo import load


def joint(game: RobustMarkovGame, *each: int) -> int:
    return int(np.ravel_multi_index(each, game.actions))


def test_initial_shock_is_example_1():
    game = load("initial-shock?agents=3&actions=4&horizon=5&radius=1/7&secret=3,0,2")
    a_star = joint(game, 3, 0, 2)
    assert (game.horizon, game.n_states, game.n_joint_actions, game.initial_state) == (5, 2, 64, 0)
    assert game.uncertainty == (TotalVariation("all"),) * 3
    for i, h, a in product(range(3), range(5), range(64)):
        assert nominal_row(game.stages[h], 0, a) == (1, 0)
        assert nominal_row(game.stages[h], 1, a) == ((1, 0) if a == a_star else (0, 1))
        assert exact_reward(game.stages[h], i, 0, a) == 1
        assert exact_reward(game.stages[h], i, 1, a) == (a == a_star)
        assert game.radius[i, h, 0, a] == (Fraction(1, 7) if h == 0 else 0)
        assert game.radius[i, h, 1, a] == 0


def test_the_shock_costs_rho_times_what_the_trap_costs():
    """Equation (14) of the paper: after the shock nothing is uncertain, so V_1 is linear in rho."""
    game = load("initial-shock?agents=2&actions=2&horizon=4&radius=1/10")
    for each in product(range(2), repeat=2):
        a = joint(game, *each)
        V = [Fraction(0), Fraction(0)]
        for h in reversed(range(4)):
            nominal = [
                sum(p * v for p, v in zip(nominal_row(game.stages[h], s, a), V, strict=True)) for s in (0, 1)
            ]
            drop = game.radius[0, h, 0, a] * (V[0] - V[1])
            V = [exact_reward(game.stages[h], 0, s, a) + nominal[s] - (drop if s == 0 else 0) for s in (0, 1)]
        escape = each == (1, 1)
        assert V[0] == (4 if escape else 4 - Fraction(1, 10) * 3)


def test_hidden_and_everywhere_change_what_they_say():
    game = load("initial-shock?hidden=true&everywhere=true&radius=1/10")
    assert not game.r[:, :, 1].any()
    assert (game.radius == Fraction(1, 10)).all()
    assert game.P[0, 1, 3].tolist() == [1, 0]


def test_corrupted_bandit_is_example_2_in_two_steps():
    game = load("corrupted-bandit?agents=2&actions=3&epsilon=1/5&radius=1/4&secret=2,1")
    assert (game.horizon, game.n_states) == (2, 3)
    assert game.uncertainty == (KullbackLeibler(),) * 2
    for a in range(9):
        win = Fraction(1, 2) + (Fraction(1, 5) if a == joint(game, 2, 1) else 0)
        assert nominal_row(game.stages[0], 0, a) == (0, win, 1 - win)
        assert [exact_reward(game.stages[1], 1, s, a) for s in range(3)] == [0, 1, 0]
        assert nominal_row(game.stages[1], 1, a) == (0, 1, 0)
        assert nominal_row(game.stages[1], 2, a) == (0, 0, 1)


@pytest.mark.parametrize("rho", [Fraction(1, 4), Fraction(1, 3), Fraction(1)])
@pytest.mark.parametrize("horizon", [1, 2, 7])
def test_the_good_bad_chain_attains_the_span_bound(rho: Fraction, horizon: int):
    """The exact recursion of the TV worst case gives span_1 = (1 - (1 - rho)^H) / rho."""
    game = load(f"good-bad-chain?radius={rho}&horizon={horizon}")
    good = bad = Fraction(0)
    for h in reversed(range(horizon)):
        assert nominal_row(game.stages[h], 0, 0) == (1, 0)
        assert nominal_row(game.stages[h], 1, 0) == (0, 1)
        good = exact_reward(game.stages[h], 0, 0, 0) + (1 - rho) * good + rho * bad
        bad = exact_reward(game.stages[h], 0, 1, 0) + bad
    assert good - bad == (1 - (1 - rho) ** horizon) / rho


@pytest.mark.parametrize("pit", ["fail", "code", "leak"])
def test_the_failure_gridworld_has_the_pit_it_says(pit: str):
    game = load(f"failure-gridworld?pit={pit}&secret=0,1&cells=4")
    nu = Fraction(1, 50) if pit == "leak" else Fraction(0)
    for first, second in product(range(2), repeat=2):
        a = joint(game, first, second)
        right = {0: Fraction(0), 1: Fraction(3, 10), 2: Fraction(9, 10)}[first + second]
        assert nominal_row(game.stages[0], 1, a) == (0, (1 - nu) * (1 - right), (1 - nu) * right, 0, nu)
        assert nominal_row(game.stages[0], 3, a) == (0, 0, 0, 1 - nu, nu)
        leaves = pit != "fail" and (first, second) == (0, 1)
        assert nominal_row(game.stages[0], 4, a) == ((0, 0, 0, 1, 0) if leaves else (0, 0, 0, 0, 1))
        assert exact_reward(game.stages[2], 0, 3, a) == Fraction(4, 5) + Fraction(1 - first, 5)
        assert exact_reward(game.stages[2], 1, 1, a) == Fraction(4, 15) + Fraction(1 - second, 5)
        assert exact_reward(game.stages[2], 1, 4, a) == 0
    assert (game.radius == Fraction(1, 10)).all()


def shaky_values(game: RobustMarkovGame, a: int, fall: Fraction) -> list[Fraction]:
    """Each agent's value of always playing ``a`` when the bridge fails with probability ``fall``."""
    values = []
    for i in range(2):
        V = [Fraction(0)] * 5
        for h in reversed(range(game.horizon)):
            rows = [list(nominal_row(game.stages[h], s, a)) for s in range(5)]
            rows[1][3:] = [1 - fall, fall]
            V = [
                exact_reward(game.stages[h], i, s, a) + sum(p * v for p, v in zip(rows[s], V, strict=True))
                for s in range(5)
            ]
        values.append(V[0])
    return values


def test_the_shaky_bridge_is_nominally_better_and_robustly_worse():
    game = load("shaky-bridge")
    bridge, detour = joint(game, 0, 0), joint(game, 1, 1)
    assert shaky_values(game, bridge, Fraction(1, 20)) == [Fraction(387, 100), Fraction(385, 100)]
    assert shaky_values(game, detour, Fraction(1, 20)) == [Fraction(375, 100), Fraction(377, 100)]
    # The worst probability of a crash solves KL(Bernoulli(q) || Bernoulli(1/20)) = 1/10.
    q = mpmath.findroot(lambda q: q * mpmath.log(q / 0.05) + (1 - q) * mpmath.log((1 - q) / 0.95) - 0.1, 0.17)
    worst = shaky_values(game, bridge, Fraction(float(q)))
    assert [round(float(v), 2) for v in worst] == [3.5, 3.48]


def test_disagreeing_on_the_bridge_means_staying_unless_one_decides_alone():
    game = load("shaky-bridge")
    assert nominal_row(game.stages[0], 0, joint(game, 0, 1)) == (1, 0, 0, 0, 0)
    alone = load("shaky-bridge?alone=true&bonus=0")
    assert nominal_row(alone.stages[0], 0, joint(game, 0, 1)) == (0, 1, 0, 0, 0)
    assert nominal_row(alone.stages[0], 0, joint(game, 1, 0)) == (0, 0, 1, 0, 0)
    assert not alone.r[:, :, 0].any()


@pytest.mark.parametrize("name", ["random", "random-dirichlet"])
def test_a_seed_is_a_game(name: str):
    texts = [game_to_json(load(f"{name}?seed={seed}")) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_random_games_have_the_sizes_and_numbers_asked_for():
    game = load("random?agents=3&actions=2&states=4&horizon=2&successors=3&uncertainty=kl&radius=2")
    assert game.transition.shape == (2, 4, 8, 4)
    assert game.uncertainty == (KullbackLeibler(),) * 3
    assert all(3 * p == int(3 * p) for p in game.transition.flat)
    assert all(4 * r == int(4 * r) and 0 <= r <= 1 for r in game.reward.flat)
    assert load("random-dirichlet?states=1&horizon=1").P.tolist() == [[[[1.0]] * 4]]


def test_gymnasium_games_are_the_documented_tables():
    lake, cliff, taxi = load("frozen-lake"), load("cliff-walking"), load("taxi?horizon=2")
    assert [game.n_states for game in (lake, cliff, taxi)] == [17, 49, 501]
    assert [game.actions for game in (lake, cliff, taxi)] == [(4,), (4,), (6,)]
    assert {p for s in range(16) for a in range(4) for p in nominal_row(lake.stages[0], s, a)} <= {
        Fraction(0),
        Fraction(1, 3),
        Fraction(2, 3),
        Fraction(1),
    }
    # One step left of the goal, "down", "right" and "up" reach it with probability 1/3.
    assert [exact_reward(lake.stages[0], 0, 14, a) for a in range(4)] == [0, *[Fraction(1, 3)] * 3]
    assert cliff.initial_state == 36
    assert nominal_row(cliff.stages[0], 36, 1)[36] == 1
    assert exact_reward(cliff.stages[0], 0, 36, 1) == -100
    assert taxi.transition.dtype == np.float64
    assert taxi.is_stationary
    assert set(taxi.r.flat) == {-10, -1, 0, 20}


def test_the_newest_gymnasium_version_is_taken():
    """Deprecated versions warn, and warnings are errors here; 8x8 and slippery variants load too."""
    assert load("frozen-lake?map_name=8x8").n_states == 65
    assert load("cliff-walking?slippery=true").transition.dtype == object
