"""Probabilities of sets of counts: enclosed ones contain the exact sums, whichever way they are asked for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.vocabulary import Bounds
from drmg_oracles import binomial_probability
from drmg_properties.claims.steps import chance_between, chance_of_lack, chance_outside, last_before

F = Fraction
CHANCES = st.sampled_from([F(1, 2), F(1, 3), F(1, 100), F(99, 100)])


@given(st.integers(1, 150), CHANCES, st.integers(-2, 152), st.integers(-2, 152))
def test_an_interval_of_counts_has_its_exact_probability(n: int, p: Fraction, first: int, last: int) -> None:
    chance = chance_between(n, p, first, last)
    exact = binomial_probability(n, p, lambda k: first <= k <= last)
    assert chance.low <= exact <= chance.high <= chance.low + F(1, 2**99)


@given(st.integers(1, 150), CHANCES, st.integers(-1, 70))
def test_both_tails_are_what_the_middle_leaves(n: int, p: Fraction, low: int) -> None:
    outside, between = chance_outside(n, p, low, low + 7), chance_between(n, p, low + 1, low + 6)
    assert outside.low + between.low <= 1 <= outside.high + between.high


@pytest.mark.parametrize("n", [40, 400])
def test_an_open_sign_counts_for_the_upper_end_only(n: int) -> None:
    """The room is negative at 3 or fewer, open at 4, positive at 5 or more."""
    chance = chance_of_lack(n, F(1, 50), lambda k: Bounds(F(k - 4) - F(k == 4), F(k - 4) + F(k == 4)))
    below, with_open = (binomial_probability(n, F(1, 50), lambda k, top=top: k <= top) for top in (3, 4))
    assert 0 <= below - chance.low < F(1, 10**15)
    assert 0 <= chance.high - with_open < F(1, 10**15)


def test_counts_too_unlikely_to_be_looked_at_are_not_forgotten() -> None:
    """No count that is looked at lacks room; the ends may."""
    chance = chance_of_lack(10**6, F(1, 2), lambda k: Bounds.of(F(k - 490_000)))
    assert chance.low == 0
    assert 0 < chance.high < F(1, 10**15)


@given(st.integers(-3, 12))
def test_bisection_finds_the_last_count_without_the_event(start: int) -> None:
    assert last_before(0, 9, lambda k: k >= start) == min(max(start - 1, -1), 9)
