"""Slacks of two numbers that are known by intervals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.vocabulary import Slack, within

F = Fraction
numbers = st.fractions(-3, 3, max_denominator=6)
intervals = st.tuples(numbers, numbers).map(lambda ends: Slack(min(ends), max(ends)))


@pytest.mark.parametrize(
    ("x", "y", "low", "high"),
    [
        (Slack.of(1), Slack.of(3), -1, -1),  # 1 - |1 - 3|
        (Slack(F(0), F(2)), Slack(F(1), F(3)), -2, 1),  # the distance is 0 to 3
        (Slack(F(0), F(1)), Slack(F(3), F(4)), -3, -1),  # 2 to 4
    ],
)
def test_the_slack_of_a_distance_by_hand(x: Slack, y: Slack, low: int, high: int) -> None:
    assert within(x, y, 1) == within(y, x, 1) == Slack(F(low), F(high))


@given(intervals, intervals, numbers, st.fractions(0, 1), st.fractions(0, 1))
def test_the_slack_of_a_distance_contains_that_of_all_numbers_in_the_intervals(
    x: Slack, y: Slack, room: Fraction, s: Fraction, t: Fraction
) -> None:
    inside = [interval.low + part * (interval.high - interval.low) for interval, part in ((x, s), (y, t))]
    slack = within(x, y, room)
    assert slack.low <= room - abs(inside[0] - inside[1]) <= slack.high
