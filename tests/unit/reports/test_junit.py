"""The JUnit file is XML that says what passed, what failed and what is missing."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from drmg_check.runs import Event
from drmg_reports import render_junit
from tests.unit.reports.checks import HALVED, sample_validation
from tests.unit.reports.sample import A3, A5, B1, P1, claim, result, sample_run


def suite_of(events: tuple[Event, ...]) -> ElementTree.Element:
    root = ElementTree.fromstring(render_junit(events).encode())  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    (suite,) = root
    return suite


def test_each_outcome_is_what_a_build_server_takes_it_for():
    suite = suite_of(
        sample_run(
            result(A3, "refuted"),
            result(A5, "refuted", note="shrunk", replay="drmg-check replay A5"),
            result(B1, "", outcome="error", note="MemoryError"),
            result(P1, "", outcome="skipped", note="no game"),
            footer=False,
            more_cases=("Z1",),
        )
    )
    kinds = [[child.tag for child in case] for case in suite.iter("testcase")]
    assert kinds == [[], ["failure"], ["error"], ["skipped"], ["error"]]
    failure = suite.find("testcase/failure")
    assert failure.get("message") == "found refuted, expected holds"
    assert failure.text.endswith("drmg-check replay A5")
    assert suite.find("testcase/skipped").get("message") == "no game"


def test_the_counts_are_those_of_the_cases():
    suite = suite_of(sample_run(footer=False, more_cases=("Z1", "Z2")))
    cases = list(suite.iter("testcase"))
    assert int(suite.get("tests")) == len(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == sum(case.find(tag) is not None for case in cases)
    assert len({case.get("name") for case in cases}) == len(cases)


def test_of_a_validation_failed_checks_are_failures_and_expected_ones_are_none():
    suite = suite_of(sample_validation(footer=False))
    kinds = [[child.tag for child in case] for case in suite.iter("testcase")]
    assert kinds == [["failure"], ["failure"], ["failure"], [], [], [], ["skipped"], ["failure"]]
    assert (suite.get("name"), suite.get("failures"), suite.get("skipped")) == ("validation", "4", "1")
    case = next(suite.iter("testcase"))
    assert (case.get("classname"), case.get("name")) == (
        "a toolbox",
        "tv/smoke/two-states agrees: two-states rows",
    )
    problem = case.find("failure")
    assert (problem.get("type"), problem.get("message")) == ("wrong value", "wrong value: off by 1/8")
    assert problem.text.splitlines()[-2:] == [
        f"diagnosis: {HALVED}",
        "drmg-check validate mine.py:solve --checks tv/smoke/two-states",
    ]


def test_a_validation_that_died_misses_checks_and_an_audit_claims():
    events = sample_validation(footer=False)
    died = suite_of((events[0], *events[1:4]))
    assert {error.get("message") for error in died.iter("error")} == {
        "the run died before this check had a result"
    }
    audit = sample_run(footer=False, more_cases=("Z1",))
    assert "the run died before this claim had a result" in {
        error.get("message") for error in suite_of(audit).iter("error")
    }


def test_it_records_with_what_the_run_was_made():
    properties = {p.get("name"): p.get("value") for p in suite_of(sample_run()).iter("property")}
    assert (properties["seed"], properties["profile"], properties["numpy"]) == ("0", "ci", "2.3.4")


@given(st.text())
def test_any_string_makes_valid_xml(text: str):
    suite_of(
        sample_run(
            result(claim("A", text, text, "holds", ledger=text, statement=text), text, note=text, replay=text)
        )
    )
