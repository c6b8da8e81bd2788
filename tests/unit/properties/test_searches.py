"""Searches that are no list of instances: every constant, existence, games; silent instances; neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from drmg_check.vocabulary import Bounds, InputError, Slack, Verdict
from drmg_check.zoo import good_bad_chain
from drmg_properties import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Existence,
    Generated,
    Neighbour,
    Proof,
    judge,
    judge_on_game,
)
from drmg_properties.claim import CONSTANTS, ClaimError

BUDGET = Budget(max_examples=40, size=1, seed=3)


@dataclass(frozen=True, slots=True)
class Number:
    x: Fraction


@dataclass(frozen=True, slots=True)
class Numbers:
    x: tuple[Fraction, ...]


def needs(slack: Fraction | int, silent: str = "") -> Derivation:
    """State that a slack, measured by 1, is at least 0."""
    return Derivation(Bounds.of(0), Bounds.of(slack), silent=silent, slack=Slack.of(slack), scale=Fraction(1))


def planted(search: Any, slack: Any, **options: Any) -> Claim[Number]:  # noqa: ANN401 - lambdas
    return Claim(
        id="planted",
        place="here",
        title="planted",
        statement="slack >= 0",
        latex="x",
        formalisation="as it stands",
        instance_type=Number,
        search=search,
        derive=lambda number: needs(slack(number.x)),
        **options,
    )


def up_to(n: int) -> Any:  # noqa: ANN401 - of a search
    def instances(_: Budget) -> Iterable[Number]:
        return (Number(Fraction(k)) for k in range(n))

    return instances


def test_a_constant_is_refuted_by_a_witness_for_each_size_of_it():
    """``x <= c`` is contradicted by ``x = c + 1``, whatever c is; the smallest witness is shown."""
    finding = judge(planted(EveryConstant(lambda c: Number(c + 1)), lambda x: -x), BUDGET)
    assert finding.verdict is Verdict.REFUTED
    assert finding.counterexample == Number(Fraction(2))


@pytest.mark.parametrize("last", [1, 100, 10**4])
def test_a_constant_that_one_witness_does_not_contradict_stands(last: int):
    """At c = 1 and 100 perhaps, but not at 10^6: then a constant of that size may be the one."""
    finding = judge(planted(EveryConstant(Number), lambda x: -1 if x <= last else 0), BUDGET)
    assert finding.verdict is Verdict.HOLDS
    assert "does not contradict" in finding.note


def test_existence_is_proved_by_an_example_and_refuted_by_a_complete_list_only():
    """An even square above 50 is 64; that the first seven squares are none says nothing of others."""

    def slack(x: Fraction) -> int:
        return 0 if x % 2 == 0 and x * x > 50 else -1

    example = judge(planted(Existence(up_to(20)), slack), BUDGET)
    assert (example.verdict, example.smallest) == (Verdict.PROVED, Slack.of(0))
    some = judge(planted(Existence(up_to(7)), slack), BUDGET)
    assert (some.verdict, some.instances) == (Verdict.NOT_CHECKABLE, 0)
    every = judge(planted(Existence(up_to(7), complete=True), slack), BUDGET)
    assert (every.verdict, every.counterexample) == (Verdict.REFUTED, Number(Fraction(6)))


def test_instances_on_which_nothing_is_said_do_not_count():
    """A statement with all of them silent is not checkable; with some, the others count."""

    def silent_from(n: int) -> Claim[Number]:
        claim = planted(Exhaustive(up_to(10), proves=True), lambda x: 1)
        return replace(claim, derive=lambda number: needs(1, "the bound is trivial" if number.x >= n else ""))

    none, some = judge(silent_from(0), BUDGET), judge(silent_from(4), BUDGET)
    assert (none.verdict, none.instances, none.silent) == (Verdict.NOT_CHECKABLE, 0, 10)
    assert "the bound is trivial on all 10" in none.note
    assert (some.instances, some.silent) == (4, 6)


def test_the_closest_instance_is_the_one_of_least_slack():
    finding = judge(planted(Exhaustive(up_to(9)), lambda x: (x - 5) ** 2 + 1), BUDGET)
    assert finding.smallest == Slack.of(1)
    assert finding.relative == 1.0


def test_a_proof_of_its_own_outweighs_a_refuted_step_and_so_does_a_refutation():
    """The steps are those of the published proof; the statement may be known by other means."""
    wrong = planted(Exhaustive(up_to(3)), lambda x: -1)
    for slack, verdict in ((1, Verdict.PROVED), (-1, Verdict.REFUTED)):
        own = Exhaustive(up_to(3), proves=True)
        finding = judge(planted(Proof((wrong,), own), lambda x, slack=slack: slack), BUDGET)
        assert finding.verdict is verdict
    unproved = judge(planted(Proof((wrong,), Exhaustive(up_to(3))), lambda x: 1), BUDGET)
    assert unproved.verdict is Verdict.UNPROVED


def test_a_game_is_judged_on_as_many_instances_as_the_budget_allows():
    """Spread evenly over those that the claim takes from it."""
    seen: list[Fraction] = []

    def slack(x: Fraction) -> int:
        seen.append(x)
        return 1

    claim = planted(Exhaustive(up_to(3)), slack, on_game=lambda game: up_to(400)(BUDGET))
    assert judge_on_game(claim, good_bad_chain(), BUDGET).instances == 40
    assert sorted(set(seen)) == [Fraction(10 * k) for k in range(40)]


def test_false_neighbours_are_searched_as_the_claim_is():
    """One is found out, the other survives: the finding says which."""
    neighbours = (
        Neighbour("at most 3", lambda number: needs(3 - number.x)),
        Neighbour("at most 99", lambda number: needs(99 - number.x)),
    )
    finding = judge(planted(Exhaustive(up_to(9)), lambda x: x, neighbours=neighbours), BUDGET)
    assert [(each.name, each.counterexample) for each in finding.caught] == [
        ("at most 3", Number(Fraction(4))),
        ("at most 99", None),
    ]


def test_a_family_shows_each_witness_and_the_most_violated_beside_the_smallest():
    family = EveryConstant(lambda c: Number(c + 1))
    finding = judge(planted(family, lambda x: -x), BUDGET)
    assert [witness.constant for witness in finding.family] == list(CONSTANTS)
    assert finding.telling is not None
    assert finding.telling.instance == Number(Fraction(10**6 + 1))
    assert judge(planted(family, lambda x: Fraction(-1, x)), BUDGET).telling is None


def test_a_search_keeps_the_worst_that_it_has_met_if_that_is_much_worse_than_the_smallest():
    search = Generated(lambda _: st.integers(1, 100).map(lambda n: Number(Fraction(n))))
    finding = judge(planted(search, lambda x: 40 - x), BUDGET)
    assert finding.counterexample == Number(Fraction(41))
    assert finding.telling is not None
    assert finding.telling.derivation.relative == min(finding.slacks) <= -2


def test_a_claim_names_the_instance_that_tells_most():
    search = Exhaustive(up_to(9))
    finding = judge(planted(search, lambda x: -x, telling=lambda: Number(Fraction(1000))), BUDGET)
    assert finding.counterexample == Number(Fraction(1))
    assert finding.telling is not None
    assert finding.telling.instance == Number(Fraction(1000))


def test_an_instance_that_is_said_to_tell_must_violate_the_claim():
    claim = planted(Exhaustive(up_to(9)), lambda x: -x, telling=lambda: Number(Fraction(0)))
    with pytest.raises(ClaimError, match=r'claim planted: telling=\{"x":"0"\} has a slack of 0; expected'):
        judge(claim, BUDGET)


def test_a_violation_is_made_smaller_until_no_entry_can_be_left_out():
    """Hypothesis keeps a list of three that a strategy draws; one entry is enough to violate."""
    draws = st.lists(st.integers(1, 9).map(Fraction), min_size=3, max_size=3).map(tuple)
    claim = replace(
        planted(Generated(lambda _: draws.map(Numbers)), lambda x: x),
        instance_type=Numbers,
        derive=lambda numbers: needs(-max(numbers.x)),
    )
    smallest = judge(claim, BUDGET).counterexample
    assert smallest is not None
    assert len(smallest.x) == 1


def test_a_search_that_moves_beyond_the_strategy_meets_no_error_there():
    """The dataclass refuses nothing, so that the derivation does: an empty list has no largest entry."""
    draws = st.lists(st.integers(1, 9).map(Fraction), min_size=1, max_size=3).map(tuple)

    def derive(numbers: Numbers) -> Derivation:
        if len(numbers.x) < 2:
            raise InputError("expected two numbers")
        return needs(-max(numbers.x))

    search = Generated(lambda _: draws.filter(lambda x: len(x) > 1).map(Numbers))
    claim = replace(planted(search, lambda x: x), instance_type=Numbers, derive=derive)
    finding = judge(claim, BUDGET)
    assert finding.counterexample == Numbers((Fraction(1), Fraction(1)))
    only_short = replace(claim, search=Generated(lambda _: st.just(Numbers((Fraction(1),)))))
    with pytest.raises(InputError, match="expected two numbers"):
        judge(only_short, BUDGET)
