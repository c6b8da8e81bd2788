"""One case in, one result out, whatever the claim does."""

import re
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import count
from types import ModuleType
from typing import Any

import msgspec
import pytest

from drmg_check.runs import FamilyPoint, Result
from drmg_check.vocabulary import Slack, Verdict
from drmg_properties.audit import Case, Listed, find_claim, list_claims, plan, run_case
from drmg_properties.audit._run_case import _point
from drmg_properties.claim import Budget, Claim, Finding, Witness, at_most
from drmg_properties.claim import judge as search

EVERYTHING = "drmg_planted:everything"


def judge(
    planted: ModuleType, claim: Claim[Any], games: tuple[str, ...] = (), address: str = EVERYTHING
) -> Result:
    return run_case(plan([listed(claim, address)], games, "quick").cases[-1])


def listed(claim: Claim[Any], address: str = EVERYTHING) -> Listed:
    return find_claim(list_claims([address]), claim.id)


def test_a_claim_that_holds(planted: ModuleType):
    result = judge(planted, planted.TRUE)
    assert (result.found, result.outcome, result.counterexample) == ("holds on a list", "as expected", None)
    assert (result.smallest_slack_low, result.smallest_slack_high) == ("0", "0")
    assert result.instances == len(result.slacks) > 0


def test_a_refutation_carries_its_instance_its_derivation_and_its_replay_line(planted: ModuleType):
    result = judge(planted, planted.FALSE)
    assert (result.found, result.outcome) == ("refuted", "as expected")
    assert result.counterexample is not None
    assert result.counterexample.instance == '{"x":"8"}'
    assert result.counterexample.lines == ("x = 8", "0 = 0; the room = -1", "slack = the room - 0 = -1")
    assert result.counterexample.slack_high == "-1"
    assert result.replay == 'drmg-check replay F1 --instance \'{"x":"8"}\' --ledger drmg_planted:everything'


def test_the_same_case_gives_the_same_result_apart_from_the_time(planted: ModuleType):
    one, other = (judge(planted, planted.GENERATED) for _ in range(2))
    assert msgspec.structs.replace(one, seconds=0.0) == msgspec.structs.replace(other, seconds=0.0)


@pytest.mark.parametrize(
    ("name", "found", "outcome"),
    [
        ("WRONG", "refuted", "unexpected"),
        ("OPEN", "not checkable", "unexpected"),
        ("PROOF", "proved", "as expected"),
        ("RAISES", "", "error"),
        ("SPEECHLESS", "", "error"),
    ],
)
def test_outcomes(planted: ModuleType, name: str, found: str, outcome: str):
    result = judge(planted, getattr(planted, name))
    assert (result.found, result.outcome) == (found, outcome)


def test_an_exception_is_told_on_one_line_with_its_place_and_its_instance(planted: ModuleType):
    note = judge(planted, planted.RAISES).note
    assert re.match(r"ZeroDivisionError: no slack \(in raises, \S*drmg_planted\.py line \d+\); while", note)
    assert note.endswith('on {"x":"0"}')


@pytest.mark.parametrize(
    ("claim", "game", "found", "outcome"),
    [
        ("FALSE", "zoo:good-bad-chain", "holds", "as expected"),  # false somewhere is not false here
        ("FALSE", "zoo:frozen-lake", "refuted", "as expected"),
        ("WRONG_ON_GAMES", "zoo:frozen-lake", "refuted", "unexpected"),
        ("TRUE", "zoo:taxi", "", "skipped"),
        ("TRUE", "zoo:no-such-game", "", "skipped"),
    ],
)
def test_on_a_game_only_a_refutation_that_the_ledger_does_not_know_is_unexpected(
    planted: ModuleType, claim: str, game: str, found: str, outcome: str
):
    result = judge(planted, getattr(planted, claim), (game,))
    assert (result.found, result.outcome) == (found, outcome)
    assert (outcome == "skipped") == bool(result.note and not result.found)


def test_rounds_go_on_until_the_time_is_spent(planted: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """By a clock on which each look takes a second."""
    monkeypatch.setattr("drmg_properties.audit._run_case.perf_counter", count().__next__)
    case = plan([listed(planted.STEADY)], [], "quick", spend=2.5).cases[0]
    once = run_case(msgspec.structs.replace(case, spend=0.0))
    often = run_case(case)
    assert often.instances == 3 * once.instances
    assert often.note.endswith("3 rounds from seed 0 on")
    assert often.found == Verdict.HOLDS


def test_each_round_has_a_seed_of_its_own(planted: ModuleType, monkeypatch: pytest.MonkeyPatch):
    seeds: list[int] = []

    def noted(claim: Claim[Any], budget: Budget) -> Finding[Any]:
        seeds.append(budget.seed)
        return search(claim, budget)

    monkeypatch.setattr("drmg_properties.audit._run_case.judge", noted)
    monkeypatch.setattr("drmg_properties.audit._run_case.perf_counter", count().__next__)
    run_case(plan([listed(planted.STEADY)], [], "quick", seed=5, spend=2.5).cases[0])
    assert seeds == [5, 6, 7]


def test_a_claim_that_exits_is_an_error(planted: ModuleType, monkeypatch: pytest.MonkeyPatch):
    entry = listed(planted.TRUE)
    claim = replace(entry.claim, derive=lambda _: sys.exit("enough"), neighbours=())
    case = plan([entry], [], "quick").cases[0]
    monkeypatch.setattr("drmg_properties.audit._run_case.find_claim", lambda *_: replace(entry, claim=claim))
    result = run_case(case)
    assert (result.outcome, result.found) == ("error", "")
    assert result.note.startswith("SystemExit: enough")


def test_a_long_instance_is_replayed_from_the_run(planted: ModuleType):
    result = judge(planted, planted.LONG)
    assert result.replay == "drmg-check replay L1 --ledger drmg_planted:everything"
    case = plan([listed(planted.LONG)], [], "quick", run_file="my out/audit.ndjson")
    assert "--run 'my out/audit.ndjson'" in run_case(case.cases[0]).replay


@pytest.mark.parametrize("sign", [1, -1])
def test_the_ends_of_a_slack_are_rounded_outward(
    planted: ModuleType, monkeypatch: pytest.MonkeyPatch, sign: int
):
    """Too long to be written exactly: the interval that is written contains the one that was found."""
    slack = Slack(Fraction(sign, 3**400), Fraction(sign, 3**400) + Fraction(1, 3**401))
    entry = listed(planted.TRUE)
    claim = replace(entry.claim, derive=lambda _: planted.needs(slack, tuple), neighbours=())
    case = plan([entry], [], "quick").cases[0]
    monkeypatch.setattr("drmg_properties.audit._run_case.find_claim", lambda *_: replace(entry, claim=claim))
    result = run_case(case)
    low, high = Fraction(result.smallest_slack_low), Fraction(result.smallest_slack_high)
    assert low < slack.low < slack.high < high
    if sign < 0:
        assert result.counterexample is not None
        assert (result.counterexample.slack_low, result.counterexample.slack_high) == (
            result.smallest_slack_low,
            result.smallest_slack_high,
        )


def test_a_case_survives_json(planted: ModuleType):
    """That is how it travels to a worker."""
    case = plan([listed(planted.TRUE)], ["zoo:random?seed=3"], spend=1.5).cases[-1]
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case


def test_a_false_neighbour_is_recorded_with_the_instance_that_refutes_it(planted: ModuleType):
    (neighbour,) = judge(planted, planted.TRUE).neighbours
    assert (neighbour.name, neighbour.instance, neighbour.refuted) == ("at least one", '{"x":"0"}', True)
    assert neighbour.lines[0] == "x = 0"
    assert neighbour.slack_high == "-1"


def test_a_claim_whose_false_neighbour_survives_is_unexpected(planted: ModuleType):
    """Its search cannot tell the claim from something stronger."""
    result = judge(planted, planted.TIMID, address="drmg_planted:timid")
    assert (result.found, result.outcome) == ("holds on a list", "unexpected")
    assert [neighbour.refuted for neighbour in result.neighbours] == [False]


def test_a_claim_without_false_neighbours_records_none(planted: ModuleType):
    assert judge(planted, planted.PROOF).neighbours is msgspec.UNSET


@pytest.mark.parametrize(
    ("left", "right", "size"),
    [
        (Fraction(10) ** 900, Fraction(1), 900.0),
        (Fraction(1), Fraction(0), None),
        (Fraction(1), Fraction(-3), None),
    ],
)
def test_a_witness_is_recorded_by_the_factor_by_which_it_fails(
    left: Fraction, right: Fraction, size: float | None
):
    witness = Witness("an instance", at_most(left, right), Fraction(100))
    assert _point(witness) == FamilyPoint(constant=100.0, log10_ratio=size)
