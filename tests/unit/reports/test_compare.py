"""Two runs are compared case by case, slacks as certified intervals, and every string stays text."""

import json
import re
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from drmg_check.runs import Check, Event, Failure, Footer, Header, Result, TargetText
from drmg_check.vocabulary import InputError
from drmg_reports import (
    compare_runs,
    comparison_to_data,
    print_comparison,
    print_trend,
    render_comparison,
    render_trend,
    trend_of_runs,
    trend_to_data,
)
from drmg_reports.runs import CaseChange, RunComparison
from tests.unit.reports.sample import A3, A5, B1, P1, claim, result, sample_run

GOOD = sample_run(result(A3, "refuted"), result(A5, "holds"), result(B1, "holds"))


def only(before: Event, after: Event, *, strict: bool = False) -> CaseChange:
    (change,) = compare_runs(sample_run(before), sample_run(after), strict=strict).changes
    return change


def slack(low: str, high: str, verdict: str = "holds") -> Result:
    text = A3 if verdict == "refuted" else A5
    return result(text, verdict, smallest_slack_low=low, smallest_slack_high=high)


def check(outcome: str, **changes: object) -> Check:
    fields = {
        "case": "tv/oracle/small",
        "title": "Small rows",
        "outcome": outcome,
        "reason": "",
        "expected_to_fail": False,
        "judged": 10,
        "not_supported": 0,
        "grade": "exact",
        "failure": None,
        "replay": "drmg-check validate x:y --checks tv/oracle/small",
        "seconds": 0.5,
    }
    return Check(**(fields | changes))


def validation(*checks: Check) -> tuple[Event, ...]:
    header = GOOD[0]
    assert isinstance(header, Header)
    target = TargetText(address="x:y", name="y", declaration="{}")
    return (
        msgspec.structs.replace(header, cases=tuple(record.case for record in checks), target=target),
        *checks,
    )


def shown(comparison: RunComparison) -> str:
    stream = StringIO()
    print_comparison(Console(file=stream, width=80, markup=False, highlight=False), comparison)
    return stream.getvalue()


def test_a_run_equals_itself():
    comparison = compare_runs(GOOD, GOOD, strict=True)
    assert (comparison.changes, comparison.same, comparison.worse) == ((), 3, False)


def test_a_verdict_that_is_no_longer_as_expected_is_worse_and_the_way_back_better():
    good, bad = result(A5, "holds"), result(A5, "refuted", note="found one")
    change = only(good, bad)
    assert (change.kind, change.before, change.after) == ("verdict", "holds", "refuted, unexpected")
    assert (change.worse, change.better, change.why) == (True, False, "found one")
    assert change.replay.startswith("drmg-check claims run A5")
    back = only(bad, good)
    assert (back.worse, back.better, back.why) == (False, True, "")


@pytest.mark.parametrize(
    ("outcome", "worse"), [("skipped", True), ("error", True), ("unexpected", True), ("as expected", False)]
)
def test_losing_a_verdict_is_worse(outcome: str, worse: bool):
    after = result(A5, "vacuous" if outcome in ("as expected", "unexpected") else "", outcome=outcome)
    assert only(result(A5, "holds"), after).worse == worse


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (("1/3", "1/3"), ("1/3", "1/3"), None),
        (("1/3", "1/3"), ("0.333333333333333333", "0.333333333333333333"), "shrank"),
        (("1/3", "1/2"), ("1/4", "1/3"), None),  # the intervals meet: nothing is certain
        (("1/3", "1/2"), ("1/4", "33333/100000"), "shrank"),
        (("1/4", "1/3"), ("34/100", "1/2"), "grew"),
        (("1e-200", "1e-200"), ("2e-200", "2e-200"), "grew"),
        (("", ""), ("1", "1"), None),
        (("no number", "1"), ("0", "0"), None),
    ],
)
def test_slacks_are_compared_exactly(before: tuple[str, str], after: tuple[str, str], moved: str | None):
    changes = compare_runs(sample_run(slack(*before)), sample_run(slack(*after)), strict=True).changes
    assert [(change.kind, change.worse, change.better) for change in changes] == (
        [("slack", moved == "shrank", moved == "grew")] if moved else []
    )
    assert not compare_runs(sample_run(slack(*before)), sample_run(slack(*after))).worse


def test_a_larger_violation_of_a_refuted_claim_is_not_worse():
    change = only(slack("-1/4", "-1/4", "refuted"), slack("-1/2", "-1/2", "refuted"), strict=True)
    assert (change.kind, change.worse, change.better) == ("slack", False, False)


def test_new_cases_are_worse_only_if_they_fail_and_removed_ones_only_to_the_strict():
    more = sample_run(*GOOD[1:4], result(P1, "refuted"))
    comparison = compare_runs(GOOD, more)
    assert [(change.case, change.kind, change.worse) for change in comparison.changes] == [
        ("P1", "new", True)
    ]
    fewer = compare_runs(more, GOOD)
    assert [(change.case, change.kind, change.worse) for change in fewer.changes] == [
        ("P1", "removed", False)
    ]
    assert compare_runs(more, GOOD, strict=True).worse


def test_a_run_that_died_lost_results():
    comparison = compare_runs(GOOD, GOOD[:2])
    assert [(change.case, change.after, change.worse) for change in comparison.changes] == [
        ("A5", "no result", True),
        ("B1", "no result", True),
    ]
    assert comparison.died == (False, True)
    assert "The second run did not finish." in shown(comparison)


def test_checks_are_compared_by_outcome_and_accuracy():
    passed = check("passed")
    failure = Failure(
        kind="wrong value",
        instance="{}",
        got="1",
        low="0",
        high="0",
        direction="too optimistic",
        grade="wrong",
        lines=("1 > 0",),
        diagnosis="half the radius",
        snippet="",
    )
    failed = check("failed", failure=failure, grade="wrong", reason="wrong value")
    change = compare_runs(validation(passed), validation(failed)).changes[0]
    assert (change.worse, change.before, change.after) == (True, "passed", "failed")
    assert change.why == "half the radius"
    declared = check("xfail", failure=failure, grade="wrong", expected_to_fail=True)
    assert compare_runs(validation(passed), validation(declared)).worse
    assert not compare_runs(validation(failed), validation(declared)).worse
    weaker = compare_runs(validation(passed), validation(check("passed", grade="engineering")))
    assert [(change.kind, change.worse) for change in weaker.changes] == [("accuracy", False)]
    assert compare_runs(validation(passed), validation(check("passed", grade="weak")), strict=True).worse


def test_an_audit_and_a_validation_are_not_compared():
    with pytest.raises(InputError, match="two of a kind"):
        compare_runs(GOOD, validation(check("passed")))
    with pytest.raises(InputError, match="without a header"):
        compare_runs(GOOD, ())


def test_times_are_told_and_not_judged():
    slow = sample_run(
        *(msgspec.structs.replace(record, seconds=9.0) for record in GOOD if isinstance(record, Result))
    )
    comparison = compare_runs(GOOD, slow)
    assert [case for case, _, _ in comparison.slower] == ["A3", "A5", "B1"]
    assert not comparison.worse
    assert "3.8 s -> 27.0 s of work" in shown(comparison)


HOSTILE = "x](http://evil) <script>\n| `\x1b[31m\u202e @all $x$"


def test_hostile_strings_stay_text_everywhere():
    text = claim(HOSTILE, HOSTILE, HOSTILE, "holds")
    good = result(text, "holds", smallest_slack_low=HOSTILE, smallest_slack_high=HOSTILE)
    bad = result(text, "refuted", note=HOSTILE, replay=HOSTILE)
    comparison = compare_runs(sample_run(good), sample_run(bad))
    for page in (shown(comparison), render_comparison(comparison)):
        assert not re.search("[\x1b\u202e]", page)
    assert "\nFAILURE" not in shown(comparison)
    page = render_comparison(comparison)
    assert "<script>" not in re.sub(r"(?s)```.*?```", "", page)
    assert not re.search(r"(?<!\\)\]\(", re.sub(r"(?s)```.*?```", "", page))
    assert json.loads(json.dumps(comparison_to_data(comparison)))["worse"] is True
    moments = trend_of_runs([(HOSTILE, sample_run(good)), (HOSTILE, sample_run(bad))])
    assert "<script>" not in render_trend(moments)
    stream = StringIO()
    print_trend(Console(file=stream, width=80, markup=False), moments)
    assert not re.search("[\x1b\u202e]", stream.getvalue())


def test_a_trend_counts_the_changes_since_the_run_before():
    worse = sample_run(result(A3, "refuted"), result(A5, "refuted"), result(B1, "holds"))
    moments = trend_of_runs([("a", GOOD), ("b", worse), ("c", GOOD)])
    assert [(moment.worse, moment.better) for moment in moments] == [(0, 0), (1, 0), (0, 1)]
    assert [row["unexpected"] for row in trend_to_data(moments)] == [0, 1, 0]
    picture = render_trend(moments)
    assert picture == render_trend(moments)
    assert "Audits, 3 runs" in picture


def test_a_trend_draws_the_slacks_that_moved():
    runs = [("r", sample_run(slack(x, x))) for x in ("1/2", "1/4", "1/8")]
    assert "smallest slack" in render_trend(trend_of_runs(runs))
    assert "smallest slack" not in render_trend(trend_of_runs([("a", GOOD), ("b", GOOD)]))


def test_one_run_is_no_trend():
    with pytest.raises(InputError, match="two or more"):
        trend_of_runs([("a", GOOD)])


def test_markdown_says_what_is_worse_with_the_line_that_reproduces_it():
    page = render_comparison(compare_runs(GOOD, sample_run(*GOOD[1:3], result(B1, "refuted"))))
    assert page.startswith("# 1 worse, 2 the same;")
    assert "| ✗ | B1 Span of the robust value | holds | refuted, unexpected |" in page
    assert "```text\ndrmg-check claims run B1 --profile ci --seed 0\n```" in page
    assert isinstance(GOOD[-1], Footer)
