"""Constants of the bonus and the recursion of the widths, against values derived by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from drmg_check.vocabulary import InputError
from drmg_properties.claims import claim
from drmg_properties.claims.sandwich._draws import Draws, on_kl_event
from drmg_properties.claims.sandwich._least import Constant, _counts
from drmg_properties.claims.total_variation._proxy import Radii
from drmg_properties.claims.total_variation._proxy_width import (
    Visited,
    _largest,
    _recursion,
    _smallest_radius,
)

F = Fraction
COIN = Draws(50, (F(1, 2), F(1, 2)), F(1, 2), F(1))


def test_the_counts_tried_reach_the_ends_of_the_event() -> None:
    """(k/50 - 1/2)^2 <= 3 (1/2) / 50 = 0.03 iff |k - 25| <= 8.66."""
    counts = _counts(COIN, on_kl_event)
    assert (counts[0], counts[-1]) == (17, 33)
    assert not on_kl_event(COIN, (16, 34))


@pytest.mark.parametrize("name", ["B12.least-c1", "B12.least-c2", "B12.likely-c1", "C4.least-cf"])
def test_more_bonus_leaves_more_room(name: str) -> None:
    draws = Draws(50, (F(1, 2), F(1, 2)), F(1, 2) if name == "C4.least-cf" else F(0), F(1))
    rooms = [claim(name).slack(Constant(F(1, 2**k), draws)).low for k in (6, 4, 2, 0)]
    assert rooms == sorted(rooms)
    assert rooms[0] < rooms[-1]


def test_coins_have_two_sides() -> None:
    with pytest.raises(InputError, match="S=3"):
        Constant(F(1), Draws(5, (F(1, 2), F(1, 4), F(1, 4)), F(0), F(1)))


def test_the_recursion_of_the_widths_by_hand() -> None:
    """H = 3, S = 5, c2 = 7, iota = 1 and N = 2: 1260 at the last step, 23/3 * 1260 + 1260 = 10920 before.

    At s0: 23/3 * 10920 + 4 sqrt(2 Var / 2) + 630, where Var = 1/4 for radius 1 and 1/16 for radius 1/2.
    """
    case = Visited(Radii(F(1), F(1, 2)), 2)
    largest, smallest = (_recursion(case, each) for each in (_largest, _smallest_radius))
    assert float(largest.low) == pytest.approx(83720 + 2 + 630, abs=1e-9)
    assert float(smallest.low) == pytest.approx(83720 + 1 + 630, abs=1e-9)


def test_visits_of_s0_are_even() -> None:
    with pytest.raises(InputError, match="N=3"):
        Visited(Radii(F(1), F(1)), 3)
