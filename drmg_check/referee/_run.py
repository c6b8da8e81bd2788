"""A validation: plan the checks of one implementation, run them in order, emit one record each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, Literal, TypeVar

import msgspec

from drmg_check.referee._expected import reason_to_fail, select_checks
from drmg_check.referee.asking import GameQuestion, Session, Subject
from drmg_check.referee.diagnosis import Diagnose
from drmg_check.referee.diagnosis import diagnose as by_catalogue
from drmg_check.referee.evidence import Fault, Tally, replay_line
from drmg_check.referee.levels import PlannedCheck, level_of
from drmg_check.runs import (
    Check,
    Emit,
    Event,
    Failure,
    Footer,
    Header,
    TargetText,
    check_same_plan,
    count_outcomes,
    is_complete,
    new_header,
    search_profile,
)
from drmg_check.sets import Row
from drmg_check.targets import (
    Greeting,
    Implementation,
    declaration_from_data,
    declaration_to_data,
    set_family,
)
from drmg_check.vocabulary import InputError
from drmg_check.words import CONCEPTS, SIGNATURES
from drmg_properties import Budget

Q = TypeVar("Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What is going to be run.

    >>> from drmg_check.referee import open_target
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["kl"]}) as (subject, session):
    ...     validation = plan_validation(subject, profile="quick", patterns=["kl/smoke/*"])
    ...
    >>> [check.id for check in validation.checks]
    ['kl/smoke/one-state', 'kl/smoke/radius-zero', 'kl/smoke/two-states']
    """

    subject: Subject
    header: Header
    checks: tuple[PlannedCheck[Any], ...]
    budget: Budget
    expected: Mapping[str, str]
    diagnose: Diagnose | None = None


def declared_with(greeting: Greeting, changes: Mapping[str, object]) -> Implementation:
    """Return the declaration of an implementation, with what the user adds or overrides.

    Raises
    ------
    InputError
        An illegal declaration, or none of any set.

    Examples
    --------
    >>> declared = declared_with(Greeting(declaration={"sets": ["l1"]}), {"accuracy": "1e-6"})
    >>> declared.sets, declared.accuracy
    (('l1',), Fraction(1, 1000000))
    """
    declared = declaration_from_data({**(greeting.declaration or {}), **changes})
    if not declared.sets and SIGNATURES[declared.level].sets:
        raise InputError(
            "the implementation declares no uncertainty set; say which one it solves, as in --set tv"
        )
    return declared


def plan_validation(
    subject: Subject,
    *,
    profile: str = "ci",
    seed: int = 0,
    patterns: Sequence[str] = (),
    expected: Mapping[str, str] | None = None,
    diagnose: Diagnose | None = by_catalogue,
) -> Validation:
    """Plan the checks of an implementation.

    Parameters
    ----------
    subject : Subject
    profile : {"quick", "ci", "deep"}
        How many rows Hypothesis generates for a check.
    seed : int
    patterns : sequence of str
        Shell patterns of check ids; none means all.
    expected : mapping, optional
        Patterns of checks that may fail, with reasons.
    diagnose : callable or None
        Names what an implementation computes instead (see :data:`Diagnose`); by default one of a catalogue
        of other conventions and of mistakes. None leaves whole games without a diagnosis, too.

    Raises
    ------
    InputError
        An unknown profile, or a pattern that matches no check.

    Examples
    --------
    >>> from drmg_check.referee import open_target
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     print(plan_validation(subject, patterns=["tv/smoke/*"]).header.cases)
    ...
    ('tv/smoke/one-state', 'tv/smoke/radius-zero', 'tv/smoke/two-states')
    """
    effort = search_profile(profile)
    declared = subject.declared
    checks = {check.id: check for check in level_of(declared.level).checks(declared)}
    chosen = select_checks(list(checks), patterns)
    text = TargetText(
        address=subject.address,
        name=declared.name or subject.address,
        declaration=msgspec.json.encode(declaration_to_data(declared)).decode(),
    )
    return Validation(
        subject=subject,
        header=new_header(profile, seed, chosen, target=text),
        checks=tuple(checks[check_id] for check_id in chosen),
        budget=Budget(max_examples=effort.max_examples, size=1, seed=seed),
        expected=expected or {},
        diagnose=diagnose,
    )


def on_one_question(validation: Validation, text: str) -> Validation:
    """Return the same validation with every check on one given row or game, and no search.

    Parameters
    ----------
    validation : Validation
    text : str
        The row, or the game with what is asked beside it, as the record of a failure has it.

    Raises
    ------
    InputError
        The text means no question of the level, or no check is about its set.

    Examples
    --------
    >>> from drmg_check.targets import Implementation
    >>> subject = Subject(address="m:f", code="m:f", declared=Implementation(sets=("tv",)))
    >>> row = '{"uncertainty":{"kind":"tv","support":"all"},"nominal":[1],"values":[0],"radius":0}'
    >>> len(on_one_question(plan_validation(subject, patterns=["tv/law/bounds"]), row).checks)
    1
    """
    declared = validation.subject.declared
    question = level_of(declared.level).stored(text, declared)
    checks = tuple(
        replace(
            check,
            judge=partial(_judge_this, check) if check.name == "contract/answers" else check.judge,
            questions=lambda: (question,),
            drawn=None,
            simplify=None,
        )
        for check in validation.checks
        if not check.is_smoke and is_about(check, question)
    )
    if not checks:
        raise InputError(
            f"none of the checks is about the set {_kind_of(question)!r} of the {_noun(question)}"
        )
    header = msgspec.structs.replace(validation.header, cases=tuple(check.id for check in checks))
    return replace(validation, checks=checks, header=header)


def _judge_this(check: PlannedCheck[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Judge as the check does, but for what becomes of questions that laws derive from the one given."""
    fault = check.judge(session, question, tally)
    return fault if fault is not None and fault.question == question else None


def is_about(check: PlannedCheck[Any], question: Row | GameQuestion) -> bool:
    """Return whether a check is about the set of a question; every one is about a stage game."""
    if check.about in CONCEPTS:
        return True
    size = len(question.values) if isinstance(question, Row) else question.game.n_states
    return set_family(check.about).make(size).kind == _kind_of(question)


def _kind_of(question: Row | GameQuestion) -> str:
    ball = question.uncertainty if isinstance(question, Row) else question.game.uncertainty[0]
    return ball.kind


def _noun(question: Row | GameQuestion) -> str:
    return "row" if isinstance(question, Row) else "game"


def validate(
    validation: Validation, session: Session[Any], *, emit: Emit, resume_from: Sequence[Event] = ()
) -> None:
    """Run the checks in order and emit the header, one record a check, and the footer.

    When every smoke check of a set fails, its other checks are skipped: they would say nothing.

    Parameters
    ----------
    validation : Validation
    session : Session
        Of the same implementation.
    emit : callable
        Receives each event that is not in ``resume_from``.
    resume_from : sequence of Event
        What an earlier run of the same plan left; its checks are kept.

    Raises
    ------
    InputError
        ``resume_from`` comes from another plan.

    Examples
    --------
    >>> from drmg_check.referee import open_target
    >>> events = []
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     validate(plan_validation(subject, patterns=["tv/smoke/*"]), session, emit=events.append)
    ...
    >>> [type(event).__name__ for event in events]
    ['Header', 'Check', 'Check', 'Check', 'Footer']
    """
    started = perf_counter()
    done = {event.case: event for event in resume_from if isinstance(event, Check)}
    if resume_from:
        check_same_plan(validation.header, resume_from)
    else:
        emit(validation.header)
    if is_complete(resume_from):
        return
    for check in validation.checks:
        if check.id not in done:
            done[check.id] = run_check(validation, session, check, smoke=_smoke(check, done))
            emit(done[check.id])
    emit(Footer(**count_outcomes(done.values()), seconds=perf_counter() - started))


def run_check(
    validation: Validation, session: Session[Any], check: PlannedCheck[Any], *, smoke: str = ""
) -> Check:
    """Run one check; ``smoke`` says why it would mean nothing, if so.

    >>> from drmg_check.referee import open_target
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     validation = plan_validation(subject, patterns=["tv/smoke/two-states"])
    ...     check = run_check(validation, session, validation.checks[0])
    ...
    >>> check.outcome, check.failure.got
    ('failed', '0.5')
    """
    started = perf_counter()
    fault, tally = (None, Tally()) if smoke else check.run(session, validation.budget)
    excuse = reason_to_fail(validation.expected, check.id)
    outcome, reason = _outcome(fault, tally, excuse, smoke or session.exhausted)
    failure = None if fault is None else _failure(validation, session, fault)
    pasted = session.declared.level == "worst-case" and not check.is_smoke
    return Check(
        case=check.id,
        title=check.title,
        outcome=outcome,
        reason=reason,
        expected_to_fail=excuse is not None,
        judged=tally.judged,
        not_supported=tally.not_supported,
        grade=tally.grade,
        failure=failure,
        replay=replay_line(
            validation.subject,
            check.id,
            failure.instance if failure and pasted else "",
            validation.header,
        ),
        seconds=perf_counter() - started,
        speed=session.speed(),
    )


def _outcome(
    fault: Fault[Any] | None, tally: Tally, excuse: str | None, no_chance: str
) -> tuple[Literal["passed", "failed", "skipped", "xfail"], str]:
    if fault is not None:
        said = f"{fault.kind}: {fault.message}"
        return ("failed", said) if excuse is None else ("xfail", f"{excuse} ({said})")
    if tally.judged == 0:
        return "skipped", no_chance or tally.why or "the check says nothing about this set"
    if tally.not_asked and no_chance:
        return "skipped", no_chance
    return "passed", "" if excuse is None else f"expected to fail, but passed: {excuse}"


def _failure(validation: Validation, session: Session[Any], fault: Fault[Any]) -> Failure:
    level, diagnosis = level_of(session.declared.level), ""
    if validation.diagnose is not None:
        diagnosis = level.diagnose(session, fault, validation.diagnose) or ""
    return level.failure(fault, validation.subject, diagnosis)


def _smoke(check: PlannedCheck[Any], done: Mapping[str, Check]) -> str:
    if check.is_smoke:
        return ""
    smoked = [done[each] for each in done if each.startswith(f"{check.about}/smoke/")]
    if not smoked or any(each.failure is None for each in smoked):  # what is refused is no failure
        return ""
    return f"no smoke check passed ({smoked[0].reason}); mend the adapter first"
