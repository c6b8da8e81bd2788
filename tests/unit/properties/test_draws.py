"""The law of a plan, summed over counts, is that of the game that it is said to be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest

from drmg_check.equilibria import Concept
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import Optimism, OptimisticPlan
from drmg_check.vocabulary import IntArray, UnsupportedError, Verdict
from drmg_oracles import anytime_interval
from drmg_properties import Budget, judge
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.sandwich import _draws
from drmg_properties.claims.mornavi.sandwich._draws import (
    Draws,
    chances,
    closest_at,
    counted,
    on_second_part,
    plan,
    scene,
    small_bonus,
)
from drmg_properties.claims.mornavi.sandwich._sampled import Sampled, failures
from drmg_properties.claims.steps import estimates_at

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__

F = Fraction
COIN = Draws(8, (F(1, 4), F(3, 4)), F(1, 2), F(1))
QUICK = Budget(max_examples=40, size=1, seed=0)


def test_the_probabilities_of_all_counts_sum_to_one() -> None:
    chances = [chance for _, chance in counted(COIN)]
    assert len(chances) == 9
    assert sum(chances) == 1
    assert chances[0] == F(3, 4) ** 8


def test_the_true_value_at_s0_is_that_of_the_worst_coin() -> None:
    """V = (1, 0), P*(0) = 1/4: the adversary moves 1/2, so nothing is left; with radius 1/8, 1/8 is."""
    assert scene(COIN.p, F(1, 2), "tv").sides[1].V[0][0, 0] == 0
    assert scene(COIN.p, F(1, 8), "tv").sides[1].V[0][0, 0] == F(1, 8)


def test_the_room_of_right_counts_is_the_bonus_and_what_the_next_step_adds() -> None:
    """Phat = P: Vlow(s0) is below the value by its bonus and half of that of the next step, clipped at s1."""
    where = scene((F(1, 2), F(1, 2)), F(0), "tv")
    optimism = small_bonus(F(1), "per_N")
    found = plan(where, (500, 500), optimism)
    last = 8 / 500 + 1e-6  # c2 H^2 S iota / N + 1 / sqrt(K) at the second step, where values are 0
    assert found.Vbar[0, 1, 1] == pytest.approx(last)
    deviation = (1 - last / 2) / 2  # of (Vbar + Vlow) / 2 = (1, last / 2) at s0
    first = deviation * sqrt(2 / 1000) + 8 / 1000 + 1e-6
    closest = closest_at(where, (500, 500), optimism)
    assert closest is not None
    assert float(closest.room.low) == pytest.approx(first + last / 2)


def test_too_many_counts_are_refused_with_the_way_out() -> None:
    with pytest.raises(UnsupportedError, match="sample them"):
        list(counted(Draws(10**6, (F(1, 2), F(1, 2)), F(0), F(1))))


@pytest.mark.parametrize("name", ["B12.exact", "B12.corrected-exact", "C4.exact"])
def test_a_plan_without_bonus_is_refuted_by_its_exact_probability(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a bonus only counts that happen to be right keep the estimates on their sides."""

    def bare(game: RobustMarkovGame, N: IntArray, optimism: Optimism, concept: Concept) -> OptimisticPlan:
        without = replace(optimism, c1=0.0, c2=0.0, cf=0.0)
        return estimates_at(game, N, without, concept)

    monkeypatch.setattr(_draws, "estimates_at", bare)
    assert judge(claim(name), QUICK).verdict is Verdict.REFUTED


def test_samples_agree_with_the_exact_probability() -> None:
    """At few draws, P(event fails or sandwich violated) can be had both ways; error level 10^-6."""
    draws = Draws(20, (F(1, 2), F(1, 4), F(1, 4)), F(1, 4), F(1, 2))
    exact = chances(draws, "tv", small_bonus(draws.iota, "literal_19"), on_second_part).either
    case = Sampled(draws, 400, 1)
    sampled = anytime_interval(failures(case), case.repetitions, F(1, 10**6))
    assert 0 < exact.low <= exact.high < 1
    assert sampled.low <= exact.low <= exact.high <= sampled.high


def test_counts_too_unlikely_to_plan_for_may_be_violations() -> None:
    """Of 100 fair draws a count of 0 has probability 2^-100: it is added to the upper end."""
    draws = Draws(100, (F(1, 2), F(1, 2)), F(1, 4), F(1))
    either = chances(draws, "tv", small_bonus(draws.iota, "per_N"), on_second_part).either
    assert either.low < either.high < either.low + F(1, 10**15)


def test_the_same_seed_draws_the_same_counts() -> None:
    case = Sampled(COIN, 20, 7)
    assert claim("B13.sampled").derive(case).difference == claim("B13.sampled").derive(case).difference
