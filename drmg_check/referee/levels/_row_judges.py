"""Judging an answer for one row: by backward error against a certified interval, or by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from drmg_check.referee.asking import Answer, Session, tolerance_of
from drmg_check.referee.evidence import RowFault, Tally, certified
from drmg_check.sets import Row
from drmg_check.vocabulary import NumericalError
from drmg_check.words import NO_FAULT, FailureKind
from drmg_oracles import agrees
from drmg_properties.laws import (
    FLOAT64,
    LAWS,
    Law,
    Relation,
    allowance,
    check_law,
    check_worst_distribution,
    scale_of,
)

EXTREME_LAWS = ("extreme-scale",)
"""Laws that derive rows which an implementation for ordinary inputs need not handle."""


def judge_value(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return what is wrong with the value for a row, or None.

    The value is right if backward error explains it (:func:`drmg_oracles.agrees`), or if it is off by at
    most what the implementation declares: ``accuracy`` of the span, on top of what laws forgive in its
    precision.
    """
    answer = session.answer(row)
    try:
        truth = certified(row)
    except NumericalError as error:  # no truth, no judgement
        tally.count(Answer(trouble=FailureKind.NOT_ASKED, message=str(error)))
        return None
    if not tally.count(answer):
        return None
    if answer.trouble is not None or answer.value is None:
        return in_trouble(row, answer)
    agreement = agrees(answer.value, row, truth)
    tally.note_grade(agreement.grade)
    tolerance = tolerance_of(session.declared)
    off = max(truth.lo - Fraction(answer.value), Fraction(answer.value) - truth.hi)
    looser = tolerance != FLOAT64
    if agreement.accepted or (looser and off <= allowance(row, answer.value, tolerance)):
        return None
    return RowFault(
        FailureKind.WRONG_VALUE,
        row,
        answer,
        agreement.reason,
        agreement,
        severity=off / scale_of(row.values),
    )


def judge_answered(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return the trouble that a row, or one that a law derives from it, runs into, or None."""
    for derived in derived_rows(row):
        answer = session.answer(derived)
        if tally.count(answer) and answer.trouble is not None:
            return in_trouble(derived, answer)
    return None


def judge_untouched(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return whether the implementation writes into the arrays that it is given."""
    answer = session.answer(row)
    if tally.count(answer) and answer.mutated:
        return RowFault(
            FailureKind.CHANGES_ITS_INPUT, row, answer, f"it writes into {' and '.join(answer.mutated)}"
        )
    return None


def judge_deterministic(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return whether the same row gets values further apart than rounding explains.

    Differences in the last bits are forgiven: threads add in any order.
    """
    first = session.answer(row)
    if not tally.count(first) or first.value is None or first.trouble is not None:
        return None
    rounding = replace(tolerance_of(session.declared), accuracy=Fraction(0))
    for where, ask in (("a fresh", session.answer_afresh), ("the same", session.answer_again)):
        again = ask(row)
        if again.value is None:
            said = f"a value, then {again.trouble}: {again.message}"
        elif abs(Fraction(first.value) - Fraction(again.value)) > 2 * allowance(row, first.value, rounding):
            said = f"{first.value!r}, then {again.value!r}"
        else:
            continue
        if again.trouble != FailureKind.NOT_ASKED:
            return RowFault(
                FailureKind.NOT_DETERMINISTIC, row, again, f"the same row twice, in {where} process: {said}"
            )
    return None


def judge_distribution(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return what is wrong with the worst distribution for a row, or None."""
    answer = session.answer(row)
    if reason := row.uncertainty.without.get("distribution"):
        answer = Answer(trouble=FailureKind.NOT_SUPPORTED, message=reason)
    if not tally.count(answer) or answer.value is None or answer.distribution is None:
        return None
    tolerance = tolerance_of(session.declared)
    wrong = check_worst_distribution(answer.distribution, answer.value, row, tolerance)
    return RowFault(FailureKind.ILLEGAL_DISTRIBUTION, row, answer, wrong) if wrong else None


def judge_law(law: Law, session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return how a law is broken on a row and those that it derives, or None.

    Answers that are no value are the business of other checks.
    """
    for relation in law.relations(row):
        answers = [session.answer(derived) for derived in relation.rows]
        missing = next((one for one in answers if one.trouble is not None), None)
        tally.count(missing if missing is not None and missing.trouble in NO_FAULT else answers[0])
        if missing is not None:
            continue
        one = replace(law, relations=partial(_only, relation))
        violation = check_law(one, session.solve, row, tolerance_of(session.declared))
        if violation is not None:
            return RowFault(
                FailureKind.LAW_BROKEN,
                row,
                answers[0],
                violation.sentence,
                violation=violation,
                severity=violation.excess / _scale_of(relation),
            )
    return None


def _scale_of(relation: Relation) -> Fraction:
    """Return the largest scale among the rows of a relation, each with its coefficient."""
    pairs = zip(relation.coefficients, relation.rows, strict=True)
    return max(abs(c) * scale_of(row.values) for c, row in pairs)


def _only(relation: Relation, _row: Row) -> Iterator[Relation]:
    yield relation


def derived_rows(row: Row) -> tuple[Row, ...]:
    """Return the row and every row of its set that the laws derive from it, extreme ones left out."""
    found: dict[Row, None] = {row: None}
    for law in (law for law in LAWS if law.id not in EXTREME_LAWS):
        for relation in law.relations(row):
            found |= dict.fromkeys(
                one for one in relation.rows if one.uncertainty.kind == row.uncertainty.kind
            )
    return tuple(found)


def in_trouble(row: Row, answer: Answer) -> RowFault:
    """Return the fault that there is no value to judge."""
    return RowFault(answer.trouble or FailureKind.GARBAGE, row, answer, answer.message)
