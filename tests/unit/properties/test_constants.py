"""Constants of the bonus and the recursion of the widths, against values derived by hand."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, sqrt

import pytest

from drmg_check.vocabulary import InputError
from drmg_properties import Budget, judge
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.sandwich._draws import EPISODES, Draws, on_kl_event, scene
from drmg_properties.claims.mornavi.sandwich._least import IOTA, Constant, counts_on_event
from drmg_properties.claims.mornavi.total_variation._bonus import Visits
from drmg_properties.claims.mornavi.total_variation._proxy import Radii
from drmg_properties.claims.mornavi.total_variation._proxy_width import (
    Visited,
    _largest,
    _recursion,
    _smallest_radius,
)

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__

F = Fraction
COIN = Draws(50, (F(1, 2), F(1, 2)), F(1, 2), F(1))


def test_the_counts_tried_reach_the_ends_of_the_event() -> None:
    """(k/50 - 1/2)^2 <= 3 (1/2) / 50 = 0.03 iff |k - 25| <= 8.66."""
    counts = counts_on_event(COIN, "kl", on_kl_event)
    assert (counts[0], counts[-1]) == (17, 33)
    assert not on_kl_event(scene(COIN.p, COIN.radius, "kl"), COIN, (16, 34))


@pytest.mark.parametrize("name", ["B12.least-c1", "B12.least-c2", "B12.likely-c1", "C4.least-cf"])
def test_more_bonus_leaves_more_room(name: str) -> None:
    draws = Draws(50, (F(1, 2), F(1, 2)), F(1, 2) if name == "C4.least-cf" else F(0), F(1))
    rooms = [claim(name).derive(Constant(F(1, 2**k), draws)).difference.low for k in (6, 4, 2, 0)]
    assert rooms == sorted(rooms)
    assert rooms[0] < rooms[-1]


@pytest.mark.parametrize("name", ["B12.least-c1", "B12.least-c2", "C4.least-cf"])
def test_half_of_a_least_constant_is_too_small_at_the_level_of_its_episodes(name: str) -> None:
    """There is a delta in (0, 1) with iota = log(S^2 A H^2 K^(3/2) / delta), at the K of the bonus."""
    delta = 2**2 * 2**2 * EPISODES**1.5 / exp(IOTA)
    assert delta == pytest.approx(0.0229, abs=1e-4)
    (half,) = judge(claim(name), Budget(max_examples=40, size=1, seed=0)).caught
    assert isinstance(half.counterexample, Constant)
    assert half.counterexample.draws.iota == IOTA
    assert half.counterexample.draws.n < EPISODES


def test_the_root_that_45_drops_is_too_large_at_the_level_of_its_visits() -> None:
    """c1 iota / N > (c3 iota / N)^2 iff N > 50 iota at c3 = 10; K = N + 1, S = A = H = 1, delta = 1/20."""
    step = claim("B20.step")
    for N in (51, 600, 636, 637, 650):
        iota = log(20) + 1.5 * log(N + 1)
        assert step.derive(Visits(N, F(10))).violated is (50 * iota < N)
    witness = judge(step, Budget(max_examples=40, size=1, seed=0)).counterexample
    assert witness == Visits(10**6, F(1))  # (1000 c3)^2 at the smallest c3


def test_coins_have_two_sides() -> None:
    with pytest.raises(InputError, match="S=3"):
        Constant(F(1), Draws(5, (F(1, 2), F(1, 4), F(1, 4)), F(0), F(1)))


def test_the_recursion_of_the_widths_by_hand() -> None:
    """H = 3, S = 5, c2 = 7, N = 2: 1260 iota at the last step, 23/3 * 1260 iota + 1260 iota before.

    At s0: 23/3 * 10920 iota + 4 sqrt(2 Var iota / 2) + 630 iota, where Var = 1/4 for radius 1 and 1/16 for
    radius 1/2.
    """
    iota = log(5**2 * 3**2 * 20) + 1.5 * log(10**30)
    case = Visited(Radii(F(1), F(1, 2)), 2)
    largest, smallest = (_recursion(case, each) for each in (_largest, _smallest_radius))
    assert float(largest.low) == pytest.approx(84350 * iota + 2 * sqrt(iota), rel=1e-12)
    assert float(smallest.low) == pytest.approx(84350 * iota + sqrt(iota), rel=1e-12)


def test_visits_of_s0_are_even() -> None:
    with pytest.raises(InputError, match="N=3"):
        Visited(Radii(F(1), F(1)), 3)
