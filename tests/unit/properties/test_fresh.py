"""A counterexample is derived again as if nothing had been computed before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from random import Random

import pytest

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Verdict
from drmg_oracles import certificate_to_json, enclose
from drmg_oracles.checker import verify
from drmg_properties import Budget, Claim, Derivation, Exhaustive, at_least, at_most, judge
from drmg_properties.claim import ClaimError, derive_afresh, together

BUDGET = Budget(max_examples=40, size=1, seed=0)
DRAWS = Random(0)  # noqa: S311 - no secret
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Number:
    """An instance: a rational."""

    x: Fraction


def stating(derive: Callable[[Number], Derivation], last: int = 10) -> Claim[Number]:
    """Return a claim that is tried on 1, 2, ..."""
    return Claim(
        id="N",
        place="here",
        title="A statement of numbers",
        statement="For every x.",
        latex="x",
        formalisation="As said.",
        instance_type=Number,
        search=Exhaustive(lambda _: (Number(Fraction(x)) for x in range(1, last + 1))),
        derive=derive,
    )


def at_random(number: Number) -> Derivation:
    return at_most(number.x, Fraction(DRAWS.randrange(10**9), 10**9))


def random_once(number: Number) -> Derivation:
    return at_most(number.x, drawn(number))


@lru_cache
def drawn(_: Number) -> Fraction:
    return Fraction(DRAWS.randrange(10**9), 10**9)


@cache
def worst(x: Fraction) -> Fraction:
    return enclose(Row(KullbackLeibler(), (HALF, HALF), (Fraction(0), x), HALF), bits=150).hi


@pytest.mark.parametrize("derive", [at_random, random_once])
def test_a_random_slack_is_an_error_that_says_so_even_behind_a_cache(derive: Callable[[Number], Derivation]):
    with pytest.raises(ClaimError, match="claim N: its derive is no function of the instance: the slack was"):
        judge(stating(derive), BUDGET)


def test_a_worst_case_that_a_cache_has_swallowed_still_brings_its_certificate():
    claim = stating(lambda number: at_least(worst(number.x), number.x))
    for _ in range(2):
        finding = judge(claim, BUDGET)
        assert finding.verdict is Verdict.REFUTED
        ((row, bits),) = finding.rests_on.items()
        assert (row.values, bits) == ((0, 1), 150)
        low, high = verify(certificate_to_json(enclose(row, bits=bits)))
        assert low <= worst(Fraction(1)) <= high


def test_a_claim_without_worst_cases_rests_on_none():
    assert judge(stating(lambda number: at_most(number.x, 3)), BUDGET).rests_on == {}


def test_the_histogram_shows_the_smallest_slack_however_late_it_came():
    claim = stating(lambda number: at_least(1000, number.x, silent=""), last=400)
    finding = judge(claim, replace(BUDGET, max_examples=400))
    assert finding.instances == 400
    assert min(finding.slacks) == finding.relative == 0.6
    assert len(finding.slacks) == 251


def test_the_histogram_of_two_rounds_shows_what_either_found():
    near, far = (
        judge(stating(lambda number, room=room: at_most(number.x, number.x + room)), BUDGET)
        for room in (1, 9)
    )
    for both in (together(near, far), together(far, near)):
        assert min(both.slacks) == both.relative == near.relative
        assert both.smallest == near.smallest
        assert both.instances == 20
        (curve,) = both.tightness
        assert curve.smallest == near.tightness[0].smallest


def test_an_instance_is_read_from_its_json():
    number = Number(Fraction(2))
    fresh = derive_afresh(stating(lambda number: at_most(number.x, 1)), number)
    assert fresh.instance == number
    assert fresh.instance is not number
    assert fresh.derivation.violated
