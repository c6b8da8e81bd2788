"""Laws of the fictitious set: its place beside the rectangular one; floats against the exact recursion."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import best_response, evaluate, gaps
from drmg_check.sets import FictitiousTotalVariation, TotalVariation
from drmg_check.vocabulary import FloatArray, exact
from drmg_oracles import best_response_exactly, evaluate_exactly, gap_exactly
from drmg_properties.strategies import games, policies

BOUNDED = settings(max_examples=settings().max_examples // 4)  # each example is a whole game
SUPPORTS = st.sampled_from(["all", "nominal"])


def with_set(game: RobustMarkovGame, uncertainty: object, **changes: object) -> RobustMarkovGame:
    fields = {name: getattr(game, name) for name in ("transition", "reward", "radius", "actions", "horizon")}
    return RobustMarkovGame(uncertainty=uncertainty, **(fields | changes))


@st.composite
def played(draw: st.DrawFn, max_agents: int = 3) -> tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy]:
    """Draw a policy for a game with the rectangular set and for the same game with the fictitious one."""
    support = draw(SUPPORTS)
    game = draw(games(uncertainty=TotalVariation(support), max_agents=max_agents))
    return game, with_set(game, FictitiousTotalVariation(support)), draw(policies(game))


def excess(values: FloatArray, lo: np.ndarray, hi: np.ndarray) -> Fraction:
    """Return how far any float lies outside its exact interval."""
    return max(
        max(low - exact(x), exact(x) - high, Fraction(0))
        for x, low, high in zip(values.flat, lo.flat, hi.flat, strict=True)
    )


@BOUNDED
@given(played())
def test_the_fictitious_value_is_at_most_the_rectangular_one(
    drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy],
):
    """An average of kernels, each in its ball, is in the ball around the average: TV is convex."""
    rectangular, fictitious, policy = drawn
    assert (evaluate_exactly(fictitious, policy).hi <= evaluate_exactly(rectangular, policy).lo).all()
    for i in range(rectangular.n_agents):
        smaller, larger = (best_response_exactly(game, policy, i) for game in (fictitious, rectangular))
        assert (smaller.hi <= larger.lo).all()


@BOUNDED
@given(played(), st.data())
def test_they_coincide_where_the_others_are_deterministic(
    drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy], data: st.DataObject
):
    rectangular, fictitious, policy = drawn
    i = data.draw(st.integers(0, rectangular.n_agents - 1))
    weights = np.full((policy.horizon, policy.n_states, *policy.actions), Fraction(0), dtype=object)
    n = policy.actions[i]
    for h, s in np.ndindex(policy.horizon, policy.n_states):
        where: list[object] = [data.draw(st.integers(0, m - 1)) for m in policy.actions]
        where[i] = slice(None)
        drawn_own = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any))
        weights[(h, s, *where)] = [Fraction(x, sum(drawn_own)) for x in drawn_own]
    alone = JointPolicy(weights.reshape(policy.weights.shape), policy.actions)
    assert (evaluate_exactly(fictitious, alone).lo[i] == evaluate_exactly(rectangular, alone).lo[i]).all()
    mine, theirs = (best_response_exactly(game, alone, i) for game in (fictitious, rectangular))
    assert (mine.lo == theirs.lo).all()


@BOUNDED
@given(played())
def test_radius_zero_is_the_non_robust_game(drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy]):
    rectangular, fictitious, policy = drawn
    nominal = [with_set(game, game.uncertainty, radius=0) for game in (rectangular, fictitious)]
    first, other = (gap_exactly(game, policy) for game in nominal)
    assert (first.lo == other.lo).all()
    assert (evaluate_exactly(nominal[0], policy).lo == evaluate_exactly(nominal[1], policy).lo).all()


@BOUNDED
@given(played(max_agents=1))
def test_with_one_agent_it_is_total_variation(
    drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy],
):
    rectangular, fictitious, policy = drawn
    assert (evaluate_exactly(fictitious, policy).lo == evaluate_exactly(rectangular, policy).lo).all()
    assert (gap_exactly(fictitious, policy).lo == gap_exactly(rectangular, policy).lo).all()


@BOUNDED
@given(played(), st.data())
def test_the_value_falls_in_the_radius(
    drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy], data: st.DataObject
):
    _, game, policy = drawn
    step = data.draw(st.fractions(0, 1, max_denominator=4))
    wider = with_set(game, game.uncertainty, radius=np.minimum(game.radius + step, Fraction(1)))
    assert (evaluate_exactly(wider, policy).hi <= evaluate_exactly(game, policy).lo).all()


@BOUNDED
@given(played())
def test_the_planner_lies_within_its_error_of_the_exact_recursion(
    drawn: tuple[RobustMarkovGame, RobustMarkovGame, JointPolicy],
):
    _, game, policy = drawn
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    gain, true_gain = gaps(game, policy), gap_exactly(game, policy)
    for i in range(game.n_agents):
        response, best = best_response(game, policy, i), best_response_exactly(game, policy, i)
        for h in range(game.horizon + 1):
            assert excess(computed.V[i, h], truth.lo[i, h], truth.hi[i, h]) <= exact(computed.error[i, h])
            assert excess(response.V[h], best.lo[h], best.hi[h]) <= exact(response.error[h])
        assert excess(gain.cce[i], true_gain.lo[i], true_gain.hi[i]) <= exact(gain.error[i])


@BOUNDED
@given(st.integers(0, 2**32 - 1))
def test_the_planner_is_right_on_games_of_floats(seed: int):
    """Where no probability is a float exactly: averages of twelve joint actions, three agents."""
    rng = np.random.default_rng(seed)
    game = RobustMarkovGame(
        transition=rng.dirichlet(np.ones(4), size=(4, 12)),
        reward=rng.normal(size=(3, 1, 4, 12)),
        radius=rng.random((3, 1, 1, 1)),
        uncertainty=FictitiousTotalVariation("nominal"),
        actions=(2, 3, 2),
        horizon=2,
    )
    policy = JointPolicy(rng.dirichlet(np.ones(12), size=(2, 4)), game.actions)
    computed, truth = evaluate(game, policy), evaluate_exactly(game, policy)
    for i in range(3):
        assert excess(computed.V[i, 0], truth.lo[i, 0], truth.hi[i, 0]) <= exact(computed.error[i, 0])
    assert computed.error.max() < 1e-12
