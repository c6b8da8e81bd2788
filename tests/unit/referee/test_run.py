"""A validation emits each check once, resumes, and knows which failures were expected."""

import json
from importlib import import_module
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest

from drmg_check.referee import (
    Validation,
    check_implementation,
    idle_patterns,
    on_one_question,
    open_target,
    plan_validation,
    read_expected,
    reason_to_fail,
    validate,
)
from drmg_check.referee._api import NonconformanceError
from drmg_check.referee.evidence import row_from_json, row_to_json
from drmg_check.runs import Check, Event, Footer, Header, decode_event, encode_event
from drmg_check.sets import Row, TotalVariation, UncertaintySet
from drmg_check.vocabulary import FloatArray, InputError


@pytest.fixture(name="targets")
def _targets(planted: ModuleType) -> ModuleType:
    return import_module("drmg_targets")


CHECKS = ("tv/smoke/*", "tv/law/bounds", "tv/law/inclusion", "tv/oracle/small")


def run(validation: Validation, target: object, earlier: tuple[Event, ...] = ()) -> tuple[Event, ...]:
    events: list[Event] = []
    with open_target(target, {"sets": ["tv"]}) as (_, session):
        validate(validation, session, emit=events.append, resume_from=earlier)
    return tuple(events)


def planned(target: object, **options: object) -> Validation:
    with open_target(target, {"sets": ["tv"]}) as (subject, _):
        return plan_validation(subject, profile="quick", patterns=CHECKS, **options)


def timeless(events: tuple[Event, ...]) -> list[Event]:
    return [_timeless(event) for event in events]


def _timeless(event: Event) -> Event:
    if isinstance(event, Check):
        event = msgspec.structs.replace(event, speed=None)
    return event if isinstance(event, Header) else msgspec.structs.replace(event, seconds=0.0)


def outcomes(events: tuple[Event, ...]) -> dict[str, str]:
    return {event.case: event.outcome for event in events if isinstance(event, Check)}


def test_every_event_is_one_line_and_reads_back(targets: ModuleType):
    events = run(planned(targets.half_radius), targets.half_radius)
    assert [decode_event(encode_event(event)) for event in events] == list(events)
    assert isinstance(events[-1], Footer)
    assert (events[-1].results, events[-1].unexpected, events[-1].skipped) == (6, 2, 1)


@pytest.mark.parametrize("keep", range(8))
def test_a_resumed_run_emits_exactly_what_is_missing(targets: ModuleType, keep: int):
    validation = planned(targets.half_radius)
    whole = run(validation, targets.half_radius)
    rest = run(validation, targets.half_radius, whole[:keep])
    assert len(rest) == len(whole) - keep
    assert timeless((*whole[:keep], *rest)) == timeless(whole)


def test_the_run_of_another_target_is_not_resumed(targets: ModuleType):
    whole = run(planned(targets.half_radius), targets.half_radius)
    with pytest.raises(InputError, match=r"cannot resume.*target="):
        run(planned(targets.textbook), targets.textbook, whole[:2])


def test_expected_failures_fail_with_their_reason(targets: ModuleType):
    expected = {"tv/oracle/*": "reads the radius as L1", "tv/smoke/two-states": "as well"}
    events = run(planned(targets.half_radius, expected=expected), targets.half_radius)
    assert outcomes(events)["tv/oracle/small"] == "xfail"
    check = next(event for event in events if isinstance(event, Check) and event.case == "tv/oracle/small")
    assert check.reason.startswith("reads the radius as L1 (wrong value:")
    assert events[-1].unexpected == 0
    passed = run(planned(targets.textbook, expected=expected), targets.textbook)
    check = next(event for event in passed if isinstance(event, Check) and event.case == "tv/oracle/small")
    assert (check.outcome, check.reason) == (
        "passed",
        "expected to fail, but passed: reads the radius as L1",
    )


def test_a_law_about_other_sets_is_skipped_with_the_reason(targets: ModuleType):
    events = run(planned(targets.textbook), targets.textbook)
    skipped = [event for event in events if isinstance(event, Check) and event.outcome == "skipped"]
    assert [(check.case, check.reason) for check in skipped] == [
        ("tv/law/inclusion", "it declares no set interval")
    ]


def test_of_one_row_the_row_that_was_asked_is_shown_and_no_other():
    """The check of answers also asks rows that laws derive; trouble with those is no failure of the row."""

    def afraid_of_many(p: FloatArray, V: FloatArray, rho: float) -> float:
        if len(V) > 2 or abs(V).max() > 1:
            raise ValueError("not today")
        return float(p @ V) - rho * float(np.ptp(V))

    asked = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    events: list[Event] = []
    with open_target(afraid_of_many, {"sets": ["tv"]}) as (subject, session):
        everything = plan_validation(subject, patterns=["tv/contract/answers"], profile="quick")
        for validation in (on_one_question(everything, row_to_json(asked)), everything):
            validate(validation, session, emit=events.append)
    assert [event.outcome for event in events if isinstance(event, Check)] == ["passed", "failed"]


def test_one_row_is_judged_by_every_check_but_smoke(targets: ModuleType):
    row = row_to_json(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    validation = on_one_question(planned(targets.half_radius), row)
    assert outcomes(run(validation, targets.half_radius)) == {
        "tv/law/bounds": "passed",
        "tv/law/inclusion": "skipped",
        "tv/oracle/small": "failed",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[]", "expected an object with"),
        ('{"uncertainty":"tv","nominal":1,"values":[1],"radius":0}', "arrays"),
        ('{"uncertainty":"kl","nominal":[1],"values":[1],"radius":0}', "none of the checks"),
        ('{"uncertainty":"tv","nominal":[1],"values":[1],"radius":2}', "radius"),
    ],
)
def test_a_row_that_means_nothing_is_refused(targets: ModuleType, text: str, words: str):
    with pytest.raises(InputError, match=words):
        on_one_question(planned(targets.textbook), text)


def test_rows_read_back_as_they_were_written():
    row = Row.of(TotalVariation(), [0.1, 0.9], [5e-324, -1e300], 0.3)
    assert row_from_json(row_to_json(row)) == row
    plain = '{"uncertainty":"tv","nominal":[0.1,0.9],"values":["1/3",2],"radius":1e-3}'
    assert row_from_json(plain) == Row.of(TotalVariation(), ["0.1", "0.9"], ["1/3", 2], "0.001")


def test_a_diagnosis_is_asked_for_on_wrong_values_and_shown(targets: ModuleType):
    seen: list[UncertaintySet] = []

    def diagnose(solve: object, declared: UncertaintySet, rows: object, tolerance: object) -> str:
        assert callable(solve)
        assert solve(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")) == 0.375
        seen.append(declared)
        return "reads the radius as L1"

    with pytest.raises(NonconformanceError, match="diagnosis: reads the radius as L1"):
        check_implementation(targets.half_radius, "tv", checks=CHECKS, profile="quick", diagnose=diagnose)
    assert set(seen) == {TotalVariation()}


def test_on_fail_says_what_a_failure_does(targets: ModuleType):
    options = {"checks": ["tv/smoke/*"], "profile": "quick"}
    results = check_implementation(targets.half_radius, "tv", on_fail=None, **options)
    assert [check.outcome for check in results] == ["passed", "passed", "failed"]
    with pytest.warns(UserWarning, match="certified 1/4"):
        check_implementation(targets.half_radius, "tv", on_fail="warn", **options)
    with pytest.raises(InputError, match="on_fail"):
        check_implementation(targets.half_radius, "tv", on_fail="never", **options)
    with pytest.warns(UserWarning, match="did you mean 'tv/smoke/one-state'"):
        check_implementation(
            targets.textbook, "tv", expected_failed_checks={"tv/smoke/one-stat": "?"}, **options
        )


def test_expected_failures_are_read_from_toml(tmp_path: Path):
    path = tmp_path / "xfails.toml"
    path.write_text('"tv/law/s*" = "because"\n', encoding="utf-8")
    expected = read_expected(path)
    assert reason_to_fail(expected, "tv/law/scale") == "because"
    assert reason_to_fail(expected, "tv/law/bounds") is None
    assert idle_patterns(expected, ["tv/law/bounds"]) == [
        "expected failure 'tv/law/s*' matches no check; did you mean 'tv/law/bounds'?"
    ]
    for text in ("nonsense", '"a" = 1', '"a" = ""'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError):
            read_expected(path)


def test_every_new_answer_is_timed_in_the_check_that_asked_for_it(targets: ModuleType):
    events = run(planned(targets.textbook), targets.textbook)
    checks = {event.case: event for event in events if isinstance(event, Check)}
    smoke = checks["tv/smoke/two-states"].speed
    assert smoke is not None
    assert (smoke.calls, smoke.size) == (1, 2)
    assert 0 < smoke.slowest == smoke.seconds
    speeds = [check.speed for check in checks.values() if check.speed is not None]
    assert all(speed.slowest <= speed.seconds for speed in speeds)
    assert checks["tv/law/bounds"].speed is not None
    assert checks["tv/oracle/small"].speed is None, "it asks nothing new"


def test_the_declaration_is_part_of_the_record(targets: ModuleType):
    header = planned(targets.textbook).header
    assert not isinstance(header.target, msgspec.UnsetType)
    assert json.loads(header.target.declaration)["sets"] == ["tv"]
