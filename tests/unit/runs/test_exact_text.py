"""Bounds on paper are bounds: short rationals exactly, long ones rounded outward."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from drmg_check.runs import rational_above, rational_below

HUGE = st.integers(-(10**400), 10**400)


@given(st.builds(Fraction, HUGE, st.integers(1, 10**400)))
def test_text_bounds_the_rational_to_39_digits(value: Fraction):
    low, high = Fraction(rational_below(value)), Fraction(rational_above(value))
    assert low <= value <= high
    assert high - low <= abs(value) * Fraction(1, 10**37)


@given(st.fractions(max_denominator=10**20))
def test_short_rationals_are_exact(value: Fraction):
    assert rational_below(value) == rational_above(value) == str(value)


def test_a_rational_that_python_refuses_to_write_out_is_bounded_shortly():
    value = Fraction(1, 3**20_000)
    assert len(rational_below(value)) < 60
    assert 0 < Fraction(rational_below(value)) < value < Fraction(rational_above(value))
