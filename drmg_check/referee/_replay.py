"""A failure of a validation judged again: the answer that its record holds, another one, or that of today.

The record is enough, as it holds the question and the declaration. Code runs only if a target is named: a
record may come from anybody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from drmg_check.referee._api import open_target
from drmg_check.referee._run import is_about
from drmg_check.referee.asking import Answer, GameQuestion, Session, Subject
from drmg_check.referee.evidence import Fault, Tally
from drmg_check.referee.levels import Level, PlannedCheck, level_of
from drmg_check.runs import Check, Failure, TargetText
from drmg_check.sets import Row
from drmg_check.targets import Implementation, Reply, declaration_from_data
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.words import FailureKind
from drmg_properties.laws import LAWS

_RECORDED = (
    FailureKind.WRONG_VALUE,
    FailureKind.LAW_BROKEN,
    FailureKind.NO_EQUILIBRIUM,
    FailureKind.ILLEGAL_POLICY,
)
"""Kinds of failures that show in the answer alone; a record holds it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What judging again has found.

    Parameters
    ----------
    lines : tuple of str
        The question, the answer and what is certain, for people.
    fault : str
        What is wrong with the answer, by the name of its kind; ``""`` if nothing is.
    as_recorded : bool or None
        Whether the record certifies the same interval and found the same kind of fault; None where another
        question or answer was judged.

    Examples
    --------
    >>> Replayed(("got 0.5",), "wrong value", as_recorded=True).fault
    'wrong value'
    """

    lines: tuple[str, ...]
    fault: str
    as_recorded: bool | None


def replay_check(
    recorded: Check, target: TargetText, *, ask: str = "", value: str = "", instance: str = ""
) -> Replayed:
    """Judge the input of a failed check again.

    Parameters
    ----------
    recorded : Check
        With a failure.
    target : TargetText
        Of the header of its run: what the implementation declared.
    ask : str
        The address of an implementation to ask now; ``""`` asks nobody.
    value : str
        An answer, as JSON in rewards; by default the one that the record holds.
    instance : str
        Another row or game; by default the one that the record holds.

    Raises
    ------
    InputError
        The check has no failure, or its answer is not in the record, or something is illegal.

    Examples
    --------
    >>> from drmg_check.runs import example_validation
    >>> header, *_, failed, _ = example_validation()
    >>> replay_check(failed, header.target, value="0").fault
    ''
    """
    failure = recorded.failure
    if failure is None:
        raise InputError(f"{recorded.case} {recorded.outcome}: there is no failure to replay")
    declared = recorded_declaration(target)
    level = level_of(declared.level)
    question = level.stored(instance or failure.instance, declared)
    if ask:
        fault, subject = _asked(level, recorded.case, question, ask, declared)
        answered = not instance
    else:
        subject = Subject(address=target.address, code=target.address, declared=declared)
        fault = _told(level, recorded, declared, question, value)
        answered = not (instance or value)
    if fault is None:
        return Replayed(
            (*level.lines(question), *_got(value or failure.got, ask)), "", False if answered else None
        )
    shown = level.failure(fault, subject, "")
    same = (shown.kind, shown.low, shown.high) == (failure.kind, failure.low, failure.high)
    return Replayed(shown.lines, shown.kind, same if answered else None)


def recorded_declaration(target: TargetText) -> Implementation:
    """Return what the header of a run says that the implementation declared.

    >>> from drmg_check.runs import example_validation
    >>> recorded_declaration(example_validation()[0].target).sets
    ('tv',)
    """
    try:
        data = json.loads(target.declaration)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the declaration in the record is no JSON: {error}") from error
    return declaration_from_data(data)


def _got(answer: str, ask: str) -> list[str]:
    return [] if ask else [f"got {answer}"]


def _asked(
    level: Level[Any], case: str, question: Row | GameQuestion, address: str, declared: Implementation
) -> tuple[Fault[Any] | None, Subject]:
    """Ask an implementation, and judge its answers as the check does."""
    check = _check_of(level, case, declared)
    if not is_about(check, question):
        raise InputError(f"the check {case} is about another set than the input; give one of its set")
    members = {name: getattr(declared, name) for name in declared.__dataclass_fields__}
    with open_target(address, members) as (subject, session):
        tally = Tally()
        fault = check.judge(session, session.given(question), tally)
        if fault is None and not tally.judged:
            raise InputError(f"target={address!r} gives no answer to judge: {tally.why or 'it says nothing'}")
    return fault, subject


def _check_of(level: Level[Any], case: str, declared: Implementation) -> PlannedCheck[Any]:
    for check in level.checks(declared):
        if check.id == case:
            return check
    raise InputError(f"check={case!r} is none of this version; run the validation again")


def _told(
    level: Level[Any], recorded: Check, declared: Implementation, question: Row | GameQuestion, value: str
) -> Fault[Any] | None:
    """Judge an answer that is given, or the one that the record holds."""
    failure = recorded.failure
    assert failure is not None
    if not value and failure.kind not in _RECORDED:
        raise InputError(
            f"{recorded.case} failed by {str(failure.kind)!r} ({failure.got}), which no answer shows; "
            "ask an implementation by --target, or judge an answer by --value"
        )
    if failure.kind == FailureKind.LAW_BROKEN and not value:
        return _broken_law(recorded, failure, declared, question)
    known = replace(declared, quantity="reward", distribution=False)  # records hold answers about rewards
    answer = level.form.read(known, question, Reply(value=_parsed(value or failure.got)))
    return level.verdict(_Told(known, level, {question: answer}), question, Tally())


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"value={text[:60]!r} is no answer: {error}; expected JSON, a number or nested lists of numbers"
        ) from error


def _broken_law(
    recorded: Check, failure: Failure, declared: Implementation, question: Row | GameQuestion
) -> Fault[Any] | None:
    """Judge the answers of a row and of those that the law derives from it, in the order of the record."""
    law = next((law for law in LAWS if recorded.case.endswith(f"/law/{law.id}")), None)
    values = failure.got.split(", ")
    if law is None or not isinstance(question, Row):
        raise InputError(
            f"{recorded.case} is a law about several games, and the record holds one answer; ask an "
            "implementation by --target"
        )
    level = level_of(declared.level)
    check = _check_of(level, recorded.case, declared)
    known = replace(declared, quantity="reward", distribution=False)
    for relation in law.relations(question):
        if len(relation.rows) == len(values):
            told = dict(zip(relation.rows, map(_number, values), strict=True))
            fault: Fault[Any] | None = check.judge(_Told(known, level, told), question, Tally())
            if fault is not None:
                return fault
    return None


def _number(text: str) -> Answer:
    value = _parsed(text)
    if not isinstance(value, int | float):
        raise InputError(f"value={text!r}; expected a number")
    return Answer(value=float(value))


class _Told(Session[Any]):
    """Answers that are known beforehand; nothing else is asked."""

    def __init__(self, declared: Implementation, level: Level[Any], told: dict[Any, Answer]) -> None:
        super().__init__(_Nobody(), declared, level.form)
        self._told = told

    def answer(self, question: Row | GameQuestion) -> Answer:
        return self._told.get(question, _UNTOLD)

    def solve(self, question: Row | GameQuestion) -> float:
        answer = self.answer(question)
        if answer.value is None:
            raise UnsupportedError(answer.message)
        return answer.value


_UNTOLD = Answer(trouble=FailureKind.NOT_ASKED, message="no answer to this is given")


class _Nobody:
    """Nobody to ask."""

    def start(self, coming: object) -> None:
        """Be ready."""

    def ask(self, request: object) -> Reply:
        """Refuse."""
        return Reply(unsupported="nobody is asked")

    def restart(self) -> None:
        """Do nothing."""
