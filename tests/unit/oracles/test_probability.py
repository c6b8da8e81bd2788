"""Binomial and multinomial laws are exact, and the confidence sequence keeps its level at all times."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from drmg_check.vocabulary import InputError
from drmg_oracles import anytime_interval, binomial_probability, multinomials

F = Fraction


def ever_missed(p: Fraction, alpha: Fraction, trials: int, shrink: int = 1) -> Fraction:
    """Return the exact probability that p lies outside one of the first intervals, by their paths.

    ``shrink`` makes every interval so many times narrower toward the observed frequency: an impostor.
    """
    alive, missed = {0: F(1)}, F(0)
    for n in range(1, trials + 1):
        following: dict[int, Fraction] = {}
        for k, weight in alive.items():
            following[k] = following.get(k, F(0)) + weight * (1 - p)
            following[k + 1] = following.get(k + 1, F(0)) + weight * p
        alive = {}
        for k, weight in following.items():
            interval, middle = anytime_interval(k, n, alpha), F(k, n)
            if middle + (interval.low - middle) / shrink <= p <= middle + (interval.high - middle) / shrink:
                alive[k] = weight
            else:
                missed += weight
    return missed


@pytest.mark.parametrize("p", [F(1, 2), F(1, 10), F(9, 10)])
def test_the_sequence_keeps_its_level_at_all_times(p: Fraction) -> None:
    """Over all paths of 40 trials, and the level is not wasted: more than a hundredth of it is used."""
    alpha = F(1, 5)
    assert alpha / 100 < ever_missed(p, alpha, 40) <= alpha


def test_a_sequence_of_half_the_width_is_caught() -> None:
    """An interval for one time is not one for all times: 40 looks break the level."""
    assert ever_missed(F(1, 2), F(1, 5), 40, shrink=2) > F(1, 5)


def test_intervals_are_those_of_a_hand_calculation() -> None:
    """No success in 3 trials at level 1/16: 4 (1 - p)^3 > 1/16 iff p < 3/4. No trials say nothing."""
    interval = anytime_interval(0, 3, F(1, 16))
    assert interval.low == 0
    assert F(3, 4) <= interval.high <= F(3, 4) + F(1, 2**39)
    assert anytime_interval(3, 3, F(1, 16)).low == 1 - interval.high
    assert (anytime_interval(0, 0, F(1, 2)).low, anytime_interval(0, 0, F(1, 2)).high) == (0, 1)


@pytest.mark.parametrize(("k", "n"), [(0, 3), (1, 3), (2, 7), (5, 9), (40, 80), (1, 1000)])
@pytest.mark.parametrize("alpha", [F(1, 3), F(1, 17), F(1, 1000)])
def test_ends_are_rounded_outward_by_less_than_one_unit(k: int, n: int, alpha: F) -> None:
    """``(n + 1) C(n, k) p^k (1 - p)^(n - k) <= alpha`` at an end within (0, 1), and not 2^-40 inside it."""

    def excluded(p: Fraction) -> bool:
        return (n + 1) * comb(n, k) * p**k * (1 - p) ** (n - k) <= alpha

    interval, unit = anytime_interval(k, n, alpha), F(1, 2**40)
    assert 0 <= interval.low < interval.high <= 1
    for end, inward, last in ((interval.low, unit, 0), (interval.high, -unit, 1)):
        assert end == last or excluded(end)
        assert not excluded(end + inward)


def test_more_trials_narrow_the_interval() -> None:
    widths = [(f := anytime_interval(n // 4, n, F(1, 100))).high - f.low for n in (8, 80, 800, 8000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < F(1, 20)


def test_every_count_may_be_in_an_event() -> None:
    assert binomial_probability(3, F(1, 2), lambda count: count == 3) == F(1, 8)
    assert binomial_probability(3, F(1, 2), lambda count: count == 0) == F(1, 8)


def test_what_arithmetic_does_not_decide_stays_inside() -> None:
    """At p = 1/4 the likelihood 2 p is the level 1/2 itself."""
    assert anytime_interval(1, 1, F(1, 2)).low == F(1, 4) - F(1, 2**40)


def test_laws_are_exact() -> None:
    """Of 2 trials at 1/3: P(1 success) = 4/9; a law of counts sums to 1."""
    assert binomial_probability(2, F(1, 3), lambda k: k == 1) == F(4, 9)
    law = dict(multinomials(4, (F(1, 2), F(1, 3), F(1, 6))))
    assert sum(law.values()) == 1
    assert law[2, 1, 1] == 12 * F(1, 4) * F(1, 3) * F(1, 6)
    assert dict(multinomials(2, (F(1), F(0)))) == {(2, 0): 1, (1, 1): 0, (0, 2): 0}


@pytest.mark.parametrize(("k", "n", "alpha"), [(-1, 3, "1/2"), (4, 3, "1/2"), (1, 3, "0"), (1, 3, "1")])
def test_nonsense_is_refused(k: int, n: int, alpha: str) -> None:
    with pytest.raises(InputError, match="expected 0 <= successes <= trials"):
        anytime_interval(k, n, F(alpha))
