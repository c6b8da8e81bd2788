"""A derivation tells what holds, what tells, and how near it is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.vocabulary import Bounds, Slack, difference, distance, within
from drmg_properties import at_least, at_most, both, bounded, chance_at_most, either, equal, in_logarithms

F = Fraction
rationals = st.fractions(-10, 10, max_denominator=20)
bounds = st.tuples(rationals, rationals).map(lambda pair: Bounds(min(pair), max(pair)))


@given(rationals, rationals)
def test_exact_sides_decide(left: Fraction, right: Fraction):
    assert at_most(left, right).holds is (left <= right)
    assert at_most(left, right).violated is (left > right)
    assert at_least(left, right).holds is (left >= right)
    assert equal(left, right).holds is (left == right)
    assert equal(left, right).violated is (left != right)


@given(rationals, rationals)
def test_a_strict_inequality_is_violated_by_equality(left: Fraction, right: Fraction):
    strict = at_most(left, right, strict=True)
    assert strict.holds is (left < right)
    assert strict.violated is (left >= right)


@given(bounds, bounds, st.fractions(0, 1), st.fractions(0, 1))
def test_bounds_decide_only_what_is_true_of_all_numbers_within_them(
    left: Bounds, right: Bounds, s: Fraction, t: Fraction
):
    x, y = (b.low + share * (b.high - b.low) for b, share in ((left, s), (right, t)))
    derived = at_most(left, right)
    assert not derived.holds or x <= y
    assert not derived.violated or x > y
    assert difference(right, left).low <= y - x <= difference(right, left).high
    assert distance(left, right).low <= abs(x - y) <= distance(left, right).high


@given(bounds, bounds)
def test_the_distance_of_two_numbers_is_bounded_tightly(x: Bounds, y: Bounds):
    """The ends are reached by numbers within the bounds: neither may be moved inward."""
    ends = [abs(a - b) for a in (x.low, x.high) for b in (y.low, y.high)]
    overlap = x.low <= y.high and y.low <= x.high
    assert distance(x, y) == Bounds(F(0) if overlap else min(ends), max(ends))
    assert within(x, y, 1) == Slack(1 - max(ends), 1 - (F(0) if overlap else min(ends)))


def test_the_relative_slack_does_not_fall_where_both_sides_vanish():
    assert at_most(F(1, 2**40), F(3, 2**40)).relative == pytest.approx(2 / 3)
    assert at_most(0, 0).relative == 1.0
    assert at_most(2, 1).relative == -0.5
    assert equal(F(7), F(7)).relative == 0.0


def test_a_relative_slack_beyond_floats_is_infinite():
    huge = F(10) ** 400
    far = equal(huge, -huge)
    assert far.violated
    assert far.relative == -2.0
    tiny = equal(F(1), F(1))
    assert tiny.relative == 0.0


@pytest.mark.parametrize(("allowed", "tells"), [(F(1), False), (F(3, 2), False), (F(999, 1000), True)])
def test_a_probability_that_may_be_one_tells_nothing(allowed: Fraction, tells: bool):
    assert chance_at_most(F(1, 2), allowed).tells is tells


def test_a_bound_at_the_trivial_one_tells_nothing_unless_it_is_broken():
    assert not bounded(1, 4, trivial=4).tells
    assert bounded(1, 3, trivial=4).tells
    assert bounded(5, 4, trivial=4).tells
    assert bounded(5, 4, trivial=4).violated


def test_of_alternatives_one_is_enough_and_of_parts_all_are_needed():
    true, false = at_most(1, 2), at_most(2, 1)
    assert either(true, false).holds
    assert either(false, false).violated
    assert both(true, false).violated
    assert both(true, true).holds
    silent = at_most(1, 2, silent="nothing")
    assert either(false, silent).silent == "nothing"
    assert both(silent, true).tells


def test_the_last_lines_show_both_sides_and_the_slack():
    derived = at_most(F(1, 2), F(1, 3), lambda: ("by hand",))
    assert derived.derivation == ("by hand", "left = 1/2; right = 1/3", "slack = right - left = -1/6")


def test_a_factor_is_that_of_the_sides_or_of_what_they_are_logarithms_of():
    assert at_most(Fraction(10) ** 900, 10).log10_factor == 899
    assert at_least(1, 1000).log10_factor == 3
    assert at_most(1, 0).log10_factor is None
    assert at_most(1, -1).log10_factor is None
    factor = in_logarithms(at_most(Fraction(2302585093, 10**9), 0)).log10_factor
    assert factor == pytest.approx(1, abs=1e-9)
