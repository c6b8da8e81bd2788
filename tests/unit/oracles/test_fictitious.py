"""The fictitious set by hand, and by brute force over every vertex of every ball around an average."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import best_modification, gaps, robust_value_iteration
from drmg_check.sets import FictitiousTotalVariation, Row, TotalVariation
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_oracles import (
    averaged_game,
    best_response_exactly,
    ce_gap_exactly,
    evaluate_exactly,
    gap_exactly,
    vertex_kernels,
)

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)


def matching(uncertainty: object, radius: object = "1/4") -> RobustMarkovGame:
    """Return a game whose first step leads to win if both play alike, else to lose; win then pays agent 0.

    States start, win, lose; agent 0's own action 1 in start costs it 1/10 at once.
    """
    transition = np.zeros((3, 4, 3))
    transition[0, [0, 3], 1] = transition[0, [1, 2], 2] = 1.0
    transition[1, :, 1] = transition[2, :, 2] = 1.0
    reward = np.full((2, 2, 3, 4), Fraction(0), dtype=object)
    reward[0, 1, 1] = Fraction(1)
    reward[0, 0, 0, 2:] = Fraction(-1, 10)
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        radius=np.array(radius, dtype=object),
        uncertainty=uncertainty,
        actions=(2, 2),
        horizon=2,
    )


def both(game: RobustMarkovGame, *first: object) -> JointPolicy:
    """Return the policy that draws the joint action from ``first`` everywhere."""
    row = np.array([[first]], dtype=object)
    return JointPolicy(np.broadcast_to(row, (game.horizon, game.n_states, 4)), game.actions)


def test_one_ball_around_the_average_by_hand():
    """The average of win and lose is (1/2, 1/2), and the adversary moves 1/4 from win to lose."""
    game = matching(FictitiousTotalVariation())
    value = evaluate_exactly(game, uniform_policy(game))
    assert value.lo[0, 0, 0] == value.hi[0, 0, 0] == QUARTER - Fraction(1, 20)
    # Rectangular: from win it moves 1/4, from lose there is nothing to move.
    assert evaluate_exactly(matching(TotalVariation()), uniform_policy(game)).lo[0, 0, 0] == (
        Fraction(3, 8) - Fraction(1, 20)
    )


def test_a_recommendation_tells_what_the_others_play():
    """Both always play alike: given the recommendation the kernel is win, on average (1/2, 1/2)."""
    game = matching(FictitiousTotalVariation())
    policy = both(game, "1/2", 0, 0, "1/2")
    assert evaluate_exactly(game, policy).lo[0, 0, 0] == Fraction(3, 4) - Fraction(1, 20)
    # A deviation meets the marginal (1/2, 1/2), and saves the cost of action 1.
    best = best_response_exactly(game, policy, 0)
    assert (best.lo[0, 0], best.deviation[0, 0]) == (QUARTER, 0)
    assert gap_exactly(game, policy).lo[0, 0] == QUARTER - Fraction(7, 10)


def test_the_support_is_that_of_the_average():
    """Start is outside every nominal support; lose is inside that of the average only."""
    game = matching(FictitiousTotalVariation("nominal"))
    policy = both(game, "1/2", "1/2", 0, 0)
    assert evaluate_exactly(game, policy).lo[0, 0, 0] == QUARTER
    alone = both(game, 1, 0, 0, 0)
    assert evaluate_exactly(game, alone).lo[0, 0, 0] == 1
    assert evaluate_exactly(matching(FictitiousTotalVariation()), alone).lo[0, 0, 0] == Fraction(3, 4)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("support", ["all", "nominal"])
def test_the_value_is_the_minimum_over_vertices_of_the_averaged_balls(seed: int, support: str):
    """Two steps: every combination of a vertex for each own action, by the definition, in fractions."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 3, size=(2, 4, 2))
    weights[..., 0] += weights.sum(axis=-1) == 0
    reward = rng.integers(-2, 3, size=(2, 2, 2, 4))
    radius = np.array([0, Fraction(1, 3), QUARTER, 1], dtype=object)[rng.integers(0, 4, size=2)]
    P = np.array([Fraction(int(x), int(row.sum())) for row in weights.reshape(8, 2) for x in row])
    P = P.reshape(2, 4, 2)
    game = RobustMarkovGame(
        transition=P,
        reward=reward,
        radius=radius.reshape(2, 1, 1, 1),
        uncertainty=FictitiousTotalVariation(support),
        actions=(2, 2),
        horizon=2,
    )
    drawn = rng.integers(0, 3, size=(2, 2, 4))
    drawn[..., -1] += drawn.sum(axis=-1) == 0
    pi = np.array([Fraction(int(x), int(row.sum())) for row in drawn.reshape(4, 4) for x in row])
    pi = pi.reshape(2, 2, 4)
    exact = evaluate_exactly(game, JointPolicy(pi, (2, 2)))
    for i, s in product(range(2), range(2)):
        last = [sum(pi[1, t, a] * int(reward[i, 1, t, a]) for a in range(4)) for t in range(2)]
        total = sum((pi[0, s, a] * int(reward[i, 0, s, a]) for a in range(4)), Fraction(0))
        for k in range(2):
            mine = [a for a in range(4) if (a // 2, a % 2)[i] == k]
            own = sum(pi[0, s, a] for a in mine)
            if own:
                average = [sum(pi[0, s, a] / own * P[s, a, t] for a in mine) for t in range(2)]
                row = Row.of(TotalVariation(support), average, [0, 0], radius[i])
                total += own * min(np.dot(q, last) for q in vertex_kernels(row))
        assert exact.lo[i, 0, s] == exact.hi[i, 0, s] == total


def test_the_averaged_game_repeats_the_game_where_there_is_one_agent():
    game = RobustMarkovGame(
        transition=np.full((2, 2, 2), HALF, dtype=object),
        reward=np.arange(2),
        radius=QUARTER,
        uncertainty=FictitiousTotalVariation(),
        actions=(2,),
        horizon=1,
    )
    averaged = averaged_game(game, uniform_policy(game), 0, obeying=True)
    assert (averaged.transition == game.transition).all()
    assert (averaged.reward == game.reward).all()
    assert (averaged.radius == game.radius).all()
    assert averaged.uncertainty == (TotalVariation(),)


def test_what_a_fictitious_set_does_not_have_is_refused_with_the_reason():
    game = matching(FictitiousTotalVariation())
    policy = uniform_policy(game)
    with pytest.raises(UnsupportedError, match="share one ball"):
        ce_gap_exactly(game, policy)
    with pytest.raises(UnsupportedError, match="fictitious"):
        best_modification(game, policy, 0)
    with pytest.raises(UnsupportedError, match="fictitious"):
        robust_value_iteration(game, "cce")
    with pytest.raises(UnsupportedError, match="fictitious"):
        gaps(game, policy).at_start("ce")
    with pytest.raises(InputError, match="needs"):
        averaged_game(game, JointPolicy(np.ones((1, 1, 4)) / 4, (2, 2)), 0, obeying=True)
