"""Planning again recomputes what changed and nothing else; rows never visited are computed once."""

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.planner import optimistic_plan, practical
from drmg_check.planner.compiled import BoundArrays, Planner, bounds_from, prepare, replan
from drmg_check.vocabulary import IntArray
from drmg_check.zoo import load

GAME = load("random-dirichlet?states=4&horizon=3")
OPTIMISM = practical(GAME, 50)
SHAPE = (GAME.horizon, GAME.n_states, GAME.n_joint_actions, GAME.n_states)


def planned(N: IntArray) -> tuple[Planner, BoundArrays]:
    planner, bounds = prepare(GAME, OPTIMISM, "nash"), bounds_from(N, GAME.n_agents)
    replan(planner, bounds)
    return planner, bounds


def count(bounds: BoundArrays, h: int, s: int, a: int) -> None:
    bounds.N[h, s, a, 0] += 1
    bounds.stale[h, s, a] = True


def some_counts() -> IntArray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 4, SHAPE) * (rng.random(SHAPE[:3]) < 0.5)[..., None]


def test_a_transition_changes_its_own_row_and_the_steps_before():
    """Estimates elsewhere are replaced by marks, which planning would overwrite if it looked there."""
    planner, bounds = planned(some_counts())
    for h, s, a in ((0, 1, 2), (1, 3, 0)):
        marked = np.full(bounds.Qbar.shape, 7.25)
        marked[:, h, s] = bounds.Qbar[:, h, s]  # the stage game of this state is solved again
        marked[:, :h] = bounds.Qbar[:, :h]
        kept = bounds.Qbar.copy()
        bounds.Qbar[:] = marked
        count(bounds, h, s, a)
        replan(planner, bounds)
        fresh = optimistic_plan(GAME, bounds.N, OPTIMISM, "nash")
        assert np.array_equal(bounds.Qbar[:, : h + 1, s], fresh.Qbar[:, : h + 1, s])
        assert np.array_equal(bounds.Qbar[:, :h], fresh.Qbar[:, :h])
        others = np.arange(GAME.n_states) != s
        assert (bounds.Qbar[:, h, others] == 7.25).all()
        assert (bounds.Qbar[:, h + 1 :] == 7.25).all()
        assert np.array_equal(bounds.pi, fresh.pi)
        bounds.Qbar[:, h, others] = kept[:, h, others]
        bounds.Qbar[:, h + 1 :] = kept[:, h + 1 :]


def test_without_a_new_count_nothing_is_touched():
    planner, bounds = planned(some_counts())
    bounds.Qbar[:], bounds.pi[:] = 7.25, 0.5
    replan(planner, bounds)
    assert (bounds.Qbar == 7.25).all()
    assert (bounds.pi == 0.5).all()


def test_rows_never_visited_are_computed_from_the_first_of_them():
    """Of equal rows only the first is read: nobody notices that the others are not numbers."""
    N = np.zeros(SHAPE, dtype=np.int64)
    N[:, 0, 0] = 2
    planner, bounds = planned(N)
    first = bounds.P[0, 0, 1].copy()
    bounds.P[0][bounds.visits[0] == 0] = np.nan
    bounds.P[0, 0, 1] = first
    count(bounds, 1, 0, 0)  # moves the values that step 0 looks at
    replan(planner, bounds)
    fresh = optimistic_plan(GAME, bounds.N, OPTIMISM, "nash")
    assert np.array_equal(bounds.Qbar, fresh.Qbar)
    assert np.array_equal(bounds.Qlow, fresh.Qlow)


def radii_by_action() -> RobustMarkovGame:
    rho = np.broadcast_to(np.array([0.125, 0.25, 0.125, 0.5]), (2, 3, 4, 4))
    return RobustMarkovGame(
        transition=GAME.transition,
        reward=GAME.reward,
        radius=rho,
        uncertainty=GAME.uncertainty,
        actions=GAME.actions,
    )


def test_rows_never_visited_with_other_radii_are_not_taken_for_each_other():
    game = radii_by_action()
    plan = optimistic_plan(game, np.zeros(SHAPE, dtype=np.int64), practical(game, 50), "nash")
    worst = plan.Qbar - np.asarray(game.r)
    same = np.isclose(worst[:, 0, :, 0], worst[:, 0, :, 2], rtol=0, atol=1e-12)
    assert same[plan.Qbar[:, 0, :, 0] < game.horizon].all()
    assert (plan.Qlow <= plan.Qbar).all()
