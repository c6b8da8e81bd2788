"""Tightness keeps the smallest slack at each value of what an instance is made of, and few values."""

from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets import L1, Row
from drmg_check.zoo import load
from drmg_properties.claim._tightness import MOST_VALUES, Profile, Tightness, parameters


@dataclass(frozen=True)
class Visits:
    row: Row
    N: int
    delta: Fraction
    name: str = "visits"
    fresh: bool = True
    seed: int = 7


ROW = Row(L1(), (Fraction(1, 2), Fraction(1, 2)), (Fraction(0), Fraction(1)), Fraction(1, 4))


def test_an_instance_is_known_by_its_sizes_and_numbers():
    """A seed is a number that orders nothing."""
    assert parameters(Visits(ROW, 3, Fraction(1, 20))) == {
        "S": 2,
        "rho": Fraction(1, 4),
        "N": 3,
        "delta": Fraction(1, 20),
    }
    assert parameters(load("initial-shock")) == {"S": 2, "A": 4, "H": 4, "m": 2}
    assert parameters("text") == {}


def test_the_smallest_slack_at_each_value_is_kept():
    profile = Profile()
    for N, slack in ((2, 5), (1, 3), (1, 1), (3, -1), (3, 0)):
        profile.add(Visits(ROW, N, Fraction(1, 20)), slack)
    assert profile.tightness() == (Tightness("N", (1.0, 2.0, 3.0), (1.0, 5.0, -1.0)),)


def test_of_many_values_the_smallest_slacks_of_neighbours_are_kept():
    profile = Profile()
    for N in range(1, 101):
        profile.add(Visits(ROW, N, Fraction(1, 20)), abs(N - 50))
    (found,) = profile.tightness()
    assert len(found.values) == MOST_VALUES
    assert list(found.values) == sorted(found.values)
    assert dict(zip(found.values, found.smallest, strict=True))[50.0] == 0.0
    assert all(slack == abs(N - 50) for N, slack in zip(found.values, found.smallest, strict=True))


def test_numbers_beyond_floats_are_not_drawn():
    profile = Profile()
    for k in range(4):
        profile.add(Visits(ROW, 10 ** (200 * k), Fraction(1, 20)), k)
    assert profile.tightness() == ()
