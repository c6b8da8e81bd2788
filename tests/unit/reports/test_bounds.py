"""Exact numbers on a terminal: short ones as they are, others in decimals that never lie inward."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_reports.words import about, bounds_text

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        ((Fraction(0), Fraction(0)), "0"),
        ((Fraction(-37, 10), Fraction(-37, 10)), "-37/10"),
        ((THIRD, THIRD), "1/3"),
        ((Fraction(1, 3**12), Fraction(1, 3**12)), "1/531441"),
        ((Fraction(1, 3**25), Fraction(1, 3**25)), "[1.1802e-12, 1.1803e-12]"),
        ((Fraction(0), Fraction(1, 2**60)), "[0, 8.6737e-19]"),
        ((-THIRD, THIRD), "[-0.33334, 0.33334]"),
        ((Fraction(15, 4), Fraction(15, 4) + Fraction(1, 2**90)), "[3.7500, 3.7501]"),
        ((Fraction(99999, 10), Fraction(999999, 100)), "[9999.9, 10000]"),
        ((Fraction(12345678, 10), Fraction(10**30)), "[1234500, 1.0000e+30]"),
    ],
)
def test_by_hand(pair: tuple[Fraction, Fraction], text: str):
    assert bounds_text(pair) == text


@given(st.fractions(), st.fractions(0, 1))
def test_decimals_are_rounded_outward_by_at_most_a_digit(low: Fraction, width: Fraction):
    shown = bounds_text((low, low + width))
    if shown.startswith("["):
        a, b = (Fraction(end) for end in shown[1:-1].split(", "))
        assert a <= low <= low + width <= b
        assert low - a <= abs(low) / 1000
        assert b - (low + width) <= abs(low + width) / 1000
    else:
        assert Fraction(shown) == low


def test_rounded_numbers_say_so():
    assert about(Fraction(9, 10)) == "9/10"
    assert about(Fraction(2, 3) + Fraction(1, 10**9)) == "~0.6667"
