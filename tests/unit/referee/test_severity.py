"""What is shown of a failure is as bad as what was seen: simpler, but no other defect."""

import json
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from drmg_check.referee import (
    check_implementation,
    explain,
    on_one_question,
    open_target,
    plan_validation,
    validate,
)
from drmg_check.referee.asking import InProcess
from drmg_check.referee.evidence import Tally, row_to_json
from drmg_check.referee.levels import level_of, session_for
from drmg_check.referee.levels._row_judges import judge_value
from drmg_check.referee.levels._row_questions import simplify
from drmg_check.runs import Check, Event
from drmg_check.sets import Row, TotalVariation
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray
from drmg_properties import Budget
from drmg_reports.runs import same_failures

TV = TotalVariation()
WIDE = Row.of(TV, ["1/8", "1/4", "1/8", "1/2"], ["1/2", 3, "5/2", 1], "1/8")


def textbook(p: FloatArray, V: FloatArray, rho: float) -> float:
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V)


def worse_with_states(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Off by 3.5 % of the span if there are three states or more, by 1e-6 of it otherwise, and at V = 0."""
    share = 0.035 if len(p) > 2 and V.any() else 1e-6
    return textbook(p, V, rho) + share * float(np.ptp(V)) + (0 if V.any() else 1e-3)


def judged(function: Callable[..., float], row: Row):
    session = session_for(InProcess(function), Implementation(sets=("tv",)))
    fault = judge_value(session, row, Tally())
    assert fault is not None
    return session, fault


def test_a_simpler_row_is_shown_only_if_it_is_half_as_bad():
    session, fault = judged(worse_with_states, WIDE)
    shown = simplify(judge_value, session, fault, fault)
    assert len(shown.question.values) == 3
    assert shown.question.span > 0
    assert shown.severity >= fault.severity / 2
    assert float(fault.severity) == pytest.approx(0.035, rel=1e-6)


def test_both_rows_stand_in_the_record():
    def far_off_on_wide_rows(p: FloatArray, V: FloatArray, rho: float) -> float:
        return textbook(p, V, rho) + (0.05 if len(p) > 4 else 0.03) * float(np.ptp(V))

    (check,) = check_implementation(
        far_off_on_wide_rows, "tv", checks=["tv/oracle/whole-simplex"], on_fail=None, diagnose=None
    )
    assert check.failure is not None
    told = [line for line in check.failure.lines if line.startswith("simplified from p = (")]
    assert len(told) == 1
    assert told[0].endswith("wrong by 3 % here, 5 % there") or told[0].endswith(
        "wrong by 3 % here, 3 % there"
    )
    assert check.failure.severity == pytest.approx(0.03, rel=1e-3)


def test_what_hypothesis_shrinks_keeps_half_of_the_severity_too():
    """An evaluation that is off by the more, the more steps there are, by 1e-3 at one step."""

    def evaluation(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
    ) -> FloatArray:
        m, H, S, _ = r.shape
        V = np.zeros((m, S))
        for i in range(m):
            for h in reversed(range(H)):
                worst = np.empty(r[i, h].shape)
                for s, a in np.ndindex(*worst.shape):
                    worst[s, a] = textbook(P[h, s, a], V[i], rho[i, h, s, a])
                V[i] = (pi[h] * (r[i, h] + worst)).sum(axis=1)
        return V + 10.0 ** (2 * H - 6)

    declared = Implementation(level="evaluation", sets=("tv",))
    session = session_for(InProcess(evaluation), declared)
    checks = level_of("evaluation").checks(declared)
    check = next(check for check in checks if check.id == "tv/oracle/generated")
    fault, _ = check.run(session, Budget(max_examples=40, size=1, seed=0))
    first = fault.first or fault
    assert fault.severity >= first.severity / 2


def test_failures_are_listed_by_severity():
    """Off by 1e-12 of the span on scaled values, and by half of it for small rows: the second comes first."""
    checks = check_implementation(
        worse_with_states, "tv", checks=["tv/law/scale", "tv/oracle/typical"], on_fail=None, diagnose=None
    )
    mild, grave = (
        replace(check, failure=replace(check.failure, severity=severity))
        for check, severity in zip(checks, (1e-12, 0.5), strict=True)
    )
    assert [group[0].case for group in same_failures([mild, grave])] == [grave.case, mild.case]
    text = explain([mild, grave])
    assert text.index(f"{grave.case}:") < text.index(f"{mild.case}:")


def test_what_is_no_answer_is_as_severe_as_can_be():
    def raises(p: FloatArray, V: FloatArray, rho: float) -> float:
        raise ValueError("no")

    (check,) = check_implementation(raises, "tv", checks=["tv/oracle/small"], on_fail=None, diagnose=None)
    assert check.failure.severity == 1


def on_row(row: Row, function: Callable[..., float] = worse_with_states) -> list[Check]:
    events: list[Event] = []
    with open_target(function, {"sets": ["tv"]}) as (subject, session):
        validation = on_one_question(plan_validation(subject, diagnose=None), row_to_json(row))
        validate(validation, session, emit=events.append)
    return [event for event in events if isinstance(event, Check)]


def test_one_row_that_is_asked_is_the_one_that_is_shown():
    shown = [json.loads(check.failure.instance) for check in on_row(WIDE) if check.failure is not None]
    assert len(shown) > 5
    assert {json.dumps(row) for row in shown} == {json.dumps(json.loads(row_to_json(WIDE)))}


def test_an_unsafe_value_is_not_excused_by_zeros():
    """The adversary is kept on the support; the hint is for those who clamp zeros: too pessimistic."""

    def confined(p: FloatArray, V: FloatArray, rho: float) -> float:
        return textbook(p[p > 0], V[p > 0], rho)

    row = Row.of(TV, ["1/2", "1/2", 0], [1, 2, 0], "1/4")
    (check,) = (check for check in on_row(row, confined) if check.case == "tv/oracle/generated")
    assert check.failure.direction == "too optimistic"
    assert not any("keep zeros" in line for line in check.failure.lines)
    assert check.failure.severity == pytest.approx(float(Fraction(1, 8)))
