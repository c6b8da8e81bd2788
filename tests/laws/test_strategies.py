"""What the strategies promise: legal objects, the regimes that matter, and shrinking to the simplest."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    exact_radius,
    is_product,
    nominal_row,
)
from drmg_check.sets import ChiSquare, KullbackLeibler, Row, TotalVariation, UncertaintySet, check_radius
from drmg_check.vocabulary import exact
from drmg_oracles import enclose, gap_exactly
from drmg_properties.strategies import (
    EVERYTHING,
    correlated_policies,
    critical_radii,
    equilibria,
    fractions,
    games,
    nominal_rows,
    policies,
    product_policies,
    rows,
    rows_of_any_set,
    simple_fractions,
)

QUIET = settings(database=None, max_examples=300)
FIRST = settings(QUIET, phases=[Phase.generate])


def test_fractions_are_ordered_from_simple_to_complicated() -> None:
    assert list(map(str, simple_fractions(0, 1, 4))) == ["0", "1", "1/2", "1/3", "2/3", "1/4", "3/4"]
    assert list(map(str, simple_fractions(-1, 1, 2))) == ["0", "1", "-1", "1/2", "-1/2"]


def test_a_fraction_shrinks_to_the_simplest() -> None:
    assert find(fractions(0, 1, 12), lambda x: x > Fraction(3, 5), settings=QUIET) == 1


@given(st.integers(1, 4).flatmap(nominal_rows))
def test_nominal_rows_are_distributions(p: tuple[Fraction, ...]) -> None:
    assert sum(p) == 1
    assert min(p) >= 0


@given(rows_of_any_set())
def test_rows_are_legal_for_their_set(row: Row) -> None:
    check_radius(row.uncertainty, row.radius)
    assert sum(row.probabilities) == 1


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_every_size_of_row_is_drawn(wanted: int) -> None:
    find(rows(TotalVariation()), lambda row: len(row.nominal) == wanted, settings=FIRST)


def test_a_row_loses_the_states_that_a_violation_does_not_need() -> None:
    """A spread of one half needs two states, and the simplest second one."""
    row = find(rows(TotalVariation()), lambda row: row.span > Fraction(1, 2), settings=QUIET)
    assert (len(row.nominal), sorted(row.values)) == (2, [0, 1])


@pytest.mark.parametrize("uncertainty", [TotalVariation(), KullbackLeibler(), ChiSquare()])
def test_critical_radii_lie_on_both_sides_of_the_border(uncertainty: UncertaintySet) -> None:
    """At some the worst case is the least reachable value, at others it is not."""
    p, V = (Fraction(1, 4), Fraction(3, 4)), (Fraction(0), Fraction(1))
    radii = critical_radii(uncertainty, p, V)
    worst = [enclose(Row(uncertainty, p, V, rho)).hi for rho in radii]
    assert 0 in worst
    assert any(0 < value < Fraction(3, 4) for value in worst)
    if uncertainty == TotalVariation():
        assert Fraction(3, 4) in radii


@settings(max_examples=30)
@given(st.data())
def test_games_are_small_exact_and_fit_their_policies(data: st.DataObject) -> None:
    game = data.draw(games())
    assert game.n_states <= 3
    assert game.horizon <= 3
    assert game.n_agents <= 2
    assert max(game.actions) <= 2
    assert 0 <= exact_radius(game.stages[0], 0, 0, 0) <= 1
    assert sum(nominal_row(game.stages[0], 0, 0)) == 1
    policy = data.draw(policies(game))
    assert sum(action_distribution(policy, 0, 0)) == 1
    assert is_product(data.draw(product_policies(game)))


def test_correlated_policies_are_drawn() -> None:
    def correlated(game_and_policy: tuple[object, object]) -> bool:
        return not is_product(game_and_policy[1])  # type: ignore[arg-type]

    pairs = games().flatmap(lambda game: st.tuples(st.just(game), correlated_policies(game)))
    find(pairs, correlated, settings=FIRST)


def test_a_game_shrinks_to_the_smallest() -> None:
    tiny = games(max_agents=1, max_states=2, max_horizon=2)
    game = find(tiny, lambda game: game.r.max() > 0 and game.rho.max() > 0, settings=QUIET)
    assert (game.n_agents, game.n_states, game.horizon) == (1, 1, 1)
    assert sorted(game.r.flat)[-2:] in ([1.0], [0.0, 1.0])
    assert game.rho.max() == 1


@settings(max_examples=30)
@given(games(failure_states=1))
def test_the_failure_state_pays_nothing_and_is_never_left(game: object) -> None:
    last = game.n_states - 1  # type: ignore[attr-defined]
    assert not game.r[:, :, last].any()  # type: ignore[attr-defined]
    assert (game.P[:, last, :, last] == 1).all()  # type: ignore[attr-defined]


VARIED = games(variety=EVERYTHING, max_actions=3)
SMALL = games(max_states=2, max_horizon=2, variety=EVERYTHING)


@pytest.mark.parametrize(
    ("what", "varies"),
    [
        ("the kernel by step", lambda game: (game.P[:1] != game.P).any()),
        ("rewards by step", lambda game: (game.r != game.r[:, :1]).any()),
        ("radii by step", lambda game: (game.rho != game.rho[:, :1]).any()),
        ("radii by state", lambda game: (game.rho != game.rho[:, :, :1]).any()),
        ("radii by joint action", lambda game: (game.rho != game.rho[..., :1]).any()),
        ("radii by agent", lambda game: (game.rho != game.rho[:1]).any()),
        ("rewards below 0", lambda game: game.r.min() < 0),
        ("actions that differ in number", lambda game: len(set(game.actions)) > 1),
        ("a state that is never reached", lambda game: (game.P[..., -1] == 0).all() and game.n_states > 1),
    ],
)
def test_a_varied_game_varies_in_all_that_its_arrays_may_depend_on(what: str, varies: object) -> None:
    find(VARIED, varies, settings=FIRST)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(VARIED)
def test_varied_games_are_legal_and_small(game: RobustMarkovGame) -> None:
    assert game.rho.max() <= 1
    assert abs(game.r).max() <= 2


def test_what_does_not_matter_shrinks_away() -> None:
    """A radius that depends on the step needs neither another kernel nor other rewards."""
    game = find(SMALL, lambda game: (game.rho != game.rho[:, :1]).any(), settings=QUIET)
    assert (game.n_agents, game.n_states, game.horizon) == (1, 1, 2)
    assert game.is_stationary
    assert not game.r.any()


@settings(max_examples=25)
@given(SMALL.flatmap(lambda game: st.tuples(st.just(game), equilibria(game))))
def test_drawn_equilibria_are_equilibria(drawn: tuple[RobustMarkovGame, JointPolicy]) -> None:
    """Nobody gains more than rounding: a share of 1e-9 of the largest value, which planning admits."""
    game, policy = drawn
    scale = (game.horizon + 1) * exact(float(abs(game.r).max()))
    assert gap_exactly(game, policy).overall[1] <= scale / 10**9


def test_the_equilibria_of_one_game_are_several() -> None:
    """Of a game of coordination both, for the agents prefer different ones."""
    game = RobustMarkovGame(
        transition=np.ones((1, 4, 1)),
        reward=np.array([[[[2, 0, 0, 1]]], [[[1, 0, 0, 2]]]]),
        radius=np.zeros((2, 1, 1, 1)),
        uncertainty=(TotalVariation(), TotalVariation()),
        actions=(2, 2),
        horizon=1,
    )
    for a in (0, 3):
        find(equilibria(game, "cce"), lambda policy, a=a: policy.pi[0, 0, a] == 1, settings=FIRST)
