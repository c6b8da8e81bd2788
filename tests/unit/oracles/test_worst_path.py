"""The worst kernel along a path: under it the policy earns its robust value."""

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    FictitiousTotalVariation,
    GameSet,
    Interval,
    KullbackLeibler,
    TotalVariation,
)
from drmg_check.zoo import load
from drmg_oracles import averaged_game, evaluate_exactly, worst_path
from drmg_oracles.games._fictitious import own_policy

EXACT: list[GameSet] = [
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    Contamination(),
    Interval(),
    FictitiousTotalVariation(),
]


def random_game(uncertainty: GameSet, seed: int = 3) -> RobustMarkovGame:
    base = load(f"random?states=3&horizon=3&seed={seed}&radius=1/4")
    return rebuilt(base, uncertainty, base.transition, base.radius)


def rebuilt(game: RobustMarkovGame, uncertainty: GameSet, P: np.ndarray, radius: object) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=P,
        reward=game.reward,
        radius=radius,
        uncertainty=uncertainty,
        actions=game.actions,
        horizon=game.horizon,
        initial_state=game.initial_state,
    )


def value_under_the_worst_kernel(game: RobustMarkovGame, policy: JointPolicy, i: int) -> Fraction:
    """Return agent i's value with radius 0 and the worst rows in place of the nominal ones."""
    V = evaluate_exactly(game, policy).lo[i]
    visits = list(worst_path(game, policy, i, V))
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        game, policy, i = averaged_game(game, policy, i, obeying=True), own_policy(policy, i), 0
    P = np.array(game.transition, dtype=object)
    for visit in visits:
        for row in visit.rows:
            P[row.h, row.s, row.a] = Fraction(0)
            for t, mass in row.worst.probabilities.items():
                P[row.h, row.s, row.a, t] = mass
    plain = rebuilt(game, TotalVariation(), P, 0)
    worst: Fraction = evaluate_exactly(plain, policy).lo[i, 0, game.initial_state]
    return worst


@pytest.mark.parametrize("uncertainty", EXACT, ids=str)
def test_the_kernel_attains_the_robust_value(uncertainty: GameSet):
    game = random_game(uncertainty)
    policy = uniform_policy(game)
    values = evaluate_exactly(game, policy)
    for i in range(game.n_agents):
        assert value_under_the_worst_kernel(game, policy, i) == values.lo[i, 0, game.initial_state]


@pytest.mark.parametrize("uncertainty", [KullbackLeibler(), ChiSquare()], ids=str)
def test_between_bounds_it_attains_the_value_up_to_their_distance(uncertainty: GameSet):
    game = random_game(uncertainty)
    policy = uniform_policy(game)
    lo = evaluate_exactly(game, policy).lo[:, 0, game.initial_state]
    for i in range(game.n_agents):
        assert lo[i] <= value_under_the_worst_kernel(game, policy, i) <= lo[i] + Fraction(1, 2**100)


def test_the_shock_is_found_and_the_path_is_exact():
    """Initial shock: 1/10 of good goes to bad at step 0, and nowhere else is there anything to move."""
    game = load("initial-shock?horizon=3")
    policy = uniform_policy(game)
    visits = list(worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0]))
    assert [(v.h, v.s) for v in visits] == [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert [v.reach for v in visits[:3]] == pytest.approx([1, 0.9, 0.1], abs=1e-15)
    assert [len(v.rows) for v in visits] == [4, 4, 4, 0, 0]
    rows = [row for visit in visits for row in visit.rows]
    moved = [row for row in rows if row.worst.probabilities != row.nominal.probabilities]
    assert [(row.h, row.s, row.a) for row in moved] == [(0, 0, a) for a in range(4)]
    for row in moved:
        assert row.worst.probabilities == {0: Fraction(9, 10), 1: Fraction(1, 10)}
        assert row.loss == pytest.approx(0.25 * 0.1 * (2 - 0.6875))  # the values of good and bad at step 1


def test_a_state_of_tiny_probability_is_reached():
    """The float of its probability is 0; that it can be reached is decided in fractions."""
    P = np.full((3, 1, 3), Fraction(0), dtype=object)
    small = Fraction(1, 10**300)
    P[0, 0], P[1, 0] = [1 - small, small, 0], [0, 1 - small, small]
    P[2, 0, 2] = Fraction(1)
    game = RobustMarkovGame(
        transition=P, reward=0, radius=0, uncertainty=TotalVariation(), actions=(1,), horizon=3
    )
    policy = uniform_policy(game)
    visits = list(worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0]))
    assert (visits[-1].h, visits[-1].s, visits[-1].reach) == (2, 2, 0.0)
