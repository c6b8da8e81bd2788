"""The committed sample of a report is what the claims of today give; ``make sample`` rebuilds it."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from drmg_check.runs import Header, Result, is_complete, read_events
from drmg_properties.audit import AuditPlan, Listed, claim_text, list_claims, run_case
from drmg_reports import render_html
from make_sample import planned_sample, without_times
from tests.unit.reports.test_html import ADDRESS, assert_harmless

FOLDER = Path(__file__).parents[3] / "reports/sample"
EVENTS = read_events(FOLDER / "audit.ndjson")
AGAIN = "run `make sample`, or `make sample ARGS=--new` for new claims and ARGS=--render for a new page"


@pytest.fixture(scope="module")
def planned() -> AuditPlan:
    return planned_sample()


@pytest.fixture(scope="module")
def ledger() -> Mapping[str, Listed]:
    return {entry.claim.id: entry for entry in list_claims()}


def test_the_page_is_rendered_from_the_record_byte_by_byte():
    assert (FOLDER / "audit.html").read_bytes() == render_html(EVENTS).encode(), AGAIN


def test_the_record_is_complete_and_holds_nothing_that_varies():
    assert is_complete(EVENTS)
    assert without_times(EVENTS) == EVENTS


def test_slacks_that_are_only_drawn_are_short():
    slacks = [slack for event in EVENTS if isinstance(event, Result) for slack in event.slacks]
    assert slacks
    assert all(slack == float(f"{slack:.6g}") for slack in slacks)


def test_every_case_of_today_is_in_it(planned: AuditPlan):
    header = EVENTS[0]
    assert isinstance(header, Header)
    assert (header.tool_version, header.profile, header.seed) == (
        planned.header.tool_version,
        planned.header.profile,
        planned.header.seed,
    ), AGAIN
    missing, gone = (
        set(planned.header.cases) - set(header.cases),
        set(header.cases) - set(planned.header.cases),
    )
    assert (missing, gone) == (set(), set()), AGAIN
    assert header.cases == planned.header.cases, AGAIN


def test_every_claim_is_stated_as_today_and_has_the_verdict_expected(ledger: Mapping[str, Listed]):
    for event in EVENTS:
        if not isinstance(event, Result):
            continue
        assert event.claim == claim_text(ledger[event.claim.id]), f"{event.case}: {AGAIN}"
        assert event.outcome in ("as expected", "skipped"), event.case
        if event.subject == "generated" and event.outcome != "skipped":
            assert event.found == event.claim.expected, event.case


@pytest.mark.parametrize("case", ["A3", "D8"])
def test_judging_a_case_again_gives_the_same_record(planned: AuditPlan, case: str):
    (again,) = (run_case(planned_case) for planned_case in planned.cases if planned_case.id == case)
    (kept,) = (event for event in EVENTS if isinstance(event, Result) and event.case == case)
    assert msgspec.structs.replace(again, seconds=0.0) == kept, AGAIN


def test_the_page_of_the_whole_ledger_is_small_and_offline():
    """It opens from disk, mails and loads at once, and asks nobody for anything: 8 kB for each result.

    A tenth of a kB more since DISCOUNT-19, whose certificates of fifteen states take 80 kB of the record.
    """
    html = (FOLDER / "audit.html").read_text(encoding="utf-8")
    assert len(html.encode()) < 8_100 * sum(isinstance(event, Result) for event in EVENTS)
    assert not re.search(r"\n +<", html)  # the indentation of templates would be a twentieth of it
    assert ADDRESS.findall(html) == []
    assert_harmless(html)
