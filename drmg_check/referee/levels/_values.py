r"""What the levels of values share: an answer is an array, and certified intervals bound its entries.

With ``V_H = 0`` and ``sigma`` the worst-case expectation over agent i's ball (eq. (12)-(13) of MORNAVI),

    Q_h(s, a) = r_h(s, a) + sigma(V_{h+1}),    V_h(s) = E_{a ~ pi_h(.|s)} Q_h(s, a),

and a best response replaces the average over agent i's own actions by a maximum. Laws need no certified
answer but to know how much rounding is forgiven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Generic, TypeVar

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.referee.asking import Answer, GameQuestion, Session, tolerance_of
from drmg_check.referee.evidence import CertifiedValues, Fault, GameFault, Tally, grade_of
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.vocabulary import Array, NumericalError, exact
from drmg_check.words import NO_FAULT, Direction, FailureKind
from drmg_properties.laws import Tolerance

Q = TypeVar("Q", bound=GameQuestion)
TELLING = "agrees where every mistake of the catalogue shows"
SHIFT, SCALE, LESS = Fraction(3), Fraction(3), Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRules(Generic[Q]):
    """What the judges of values need to know of a level.

    Parameters
    ----------
    truth : callable
        The certified answer to a question, and what is forgiven by a tolerance.
    place : callable
        What an entry of the answer is, for messages.
    rewarded : callable
        The question with rewards ``factor * r + shift``, and next values ``factor * V``.
    shrunk : callable, optional
        The question with every radius multiplied, if that lowers no value.
    rewards_in : callable
        How many rewards a value adds up, so that a shift shows as often; one number, or one for each entry.
    gap : bool
        Whether values are gaps: one that is too small promises an equilibrium that is none.
    """

    truth: Callable[[Q, Tolerance], CertifiedValues]
    place: Callable[[tuple[int, ...]], str]
    rewarded: Callable[[Q, Fraction, Fraction], Q]
    shrunk: Callable[[Q, Fraction], Q] | None
    rewards_in: Callable[[Q], int | Array]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class FixedQuestions(Generic[Q]):
    """Questions that everybody is asked at every profile.

    Parameters
    ----------
    telling : callable
        Those that tell the mistakes of the level's catalogue apart.
    repeated : callable
        Those that are asked again: some are large, because an optimiser that starts at random finds the same
        optimum in two or three dimensions wherever it starts.
    """

    telling: Callable[[], Sequence[Q]]
    repeated: Callable[[], Sequence[Q]]


def value_checks(
    rules: ValueRules[Q],
    name: str,
    smoke: Mapping[str, Q],
    asked: FixedQuestions[Q],
    drawn: Callable[[], SearchStrategy[Q]],
    further: Mapping[str, tuple[str, Judge[Q]]],
) -> Iterator[PlannedCheck[Q]]:
    """Yield the checks of a set at a level of values.

    Parameters
    ----------
    rules : ValueRules
    name : str
        Of the set.
    smoke : mapping
        Questions whose answers a reader can check, by name.
    asked : FixedQuestions
    drawn : callable
        The strategy of generated questions.
    further : mapping
        Laws of the level beside shift, scale and radius: titles and judges by name.
    """
    judged = partial(judge_values, rules)
    for each, question in smoke.items():
        title = f"solves {each.replace('-', ' ')} by hand"
        yield PlannedCheck(
            about=name, name=f"smoke/{each}", title=title, judge=judged, questions=partial(tuple, (question,))
        )
    searches: list[tuple[str, str, Judge[Q]]] = [
        ("contract/answers", "every legal game gets numbers", partial(judge_answered, rules)),
        ("contract/input", "leaves its input alone", judge_untouched),
        ("law/shift", "rewards + c add c at every step", partial(judge_shift, rules)),
        ("law/scale", "rewards times c multiply by c", partial(judge_scale, rules)),
        ("law/monotone-in-radius", "half the radius lowers no value", partial(judge_radius, rules)),
        *((f"law/{law}", title, judge) for law, (title, judge) in further.items()),
        ("oracle/generated", "agrees with the exact recursion", judged),
    ]
    for each, title, judge in searches:
        yield PlannedCheck(about=name, name=each, title=title, judge=judge, drawn=drawn)
    yield PlannedCheck(
        about=name,
        name="contract/deterministic",
        title="equal games get equal answers",
        judge=partial(judge_again, rules),
        questions=asked.repeated,
    )
    yield PlannedCheck(
        about=name, name="oracle/telling", title=TELLING, judge=judged, questions=asked.telling
    )


def judge_values(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return where an answer leaves the certified interval by more than is forgiven, or None."""
    answer = session.answer(question)
    try:
        truth = rules.truth(question, tolerance_of(session.declared))
    except NumericalError as error:
        tally.count(Answer(trouble=FailureKind.NOT_ASKED, message=str(error)))
        return None
    if not tally.count(answer):
        return None
    if answer.array is None:
        return GameFault(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    lo, hi, values = truth.lo, truth.hi, answer.array
    beyond = np.maximum(lo - values, values - hi) - truth.allowed
    worst = max(np.ndindex(*values.shape), key=lambda where: beyond[where])
    span = _span(truth.lo)
    grade = grade_of(beyond[worst], span)
    tally.note_grade(grade)
    if grade == "exact":
        return None
    above = values[worst] > hi[worst]
    direction: Direction = "too optimistic" if above != rules.gap else "too pessimistic"
    return GameFault(
        FailureKind.WRONG_VALUE,
        question,
        answer,
        f"{rules.place(worst)} is {direction} by {float(beyond[worst]):.2g} beyond rounding",
        where=worst,
        low=exact(lo[worst]),
        high=exact(hi[worst]),
        allowed=exact(truth.allowed[worst]),
        direction=direction,
        grade=grade,
        severity=_share(beyond[worst], span),
    )


def judge_answered(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return the trouble that a question or one derived from it runs into, or None."""
    laws = (*_shifted(rules, question), *_scaled(rules, question), *_shrunk(rules, question))
    for derived in (question, *laws):
        answer = session.answer(derived)
        if tally.count(answer) and answer.trouble is not None:
            return GameFault(answer.trouble, derived, answer, answer.message)
    return None


def judge_untouched(session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return whether the implementation writes into the arrays that it is given."""
    answer = session.answer(question)
    if tally.count(answer) and answer.mutated:
        said = f"it writes into {' and '.join(answer.mutated)}"
        return GameFault(FailureKind.CHANGES_ITS_INPUT, question, answer, said)
    return None


def judge_again(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return whether the same question gets answers further apart than rounding explains."""

    def apart() -> Array:
        rounding = replace(tolerance_of(session.declared), accuracy=Fraction(0))
        return 2 * rules.truth(question, rounding).allowed

    return judge_repeated(apart, session, question, tally)


def judge_repeated(
    apart: Callable[[], Array], session: Session[Q], question: Q, tally: Tally
) -> Fault[Q] | None:
    """Return whether the same question gets answers further apart than ``apart`` says, or None."""
    first = session.answer(question)
    if not tally.count(first) or first.array is None:
        return None
    for where, ask in (("a fresh", session.answer_afresh), ("the same", session.answer_again)):
        again = ask(question)
        if again.trouble == FailureKind.NOT_ASKED:
            return None
        if again.array is not None and min(_flat(apart() - abs(first.array - again.array))) >= 0:
            continue
        answers = [each.astype(float).tolist() for each in (first.array, again.array) if each is not None]
        said = f"{answers[0]}, then {again.message if again.array is None else answers[1]}"
        said = f"the same question twice, in {where} process: {said}"
        return GameFault(FailureKind.NOT_DETERMINISTIC, question, again, said)
    return None


def judge_shift(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return whether rewards + c do not add c at every step, or None."""
    return _judge_law(rules, _Law(_shifted(rules, question), _shift(rules)), session, question, tally)


def judge_scale(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return whether rewards times c do not multiply by c, or None."""
    return _judge_law(rules, _Law(_scaled(rules, question), _scale), session, question, tally)


def judge_radius(rules: ValueRules[Q], session: Session[Q], question: Q, tally: Tally) -> Fault[Q] | None:
    """Return whether half the radius lowers a value, or None."""
    law = _Law(_shrunk(rules, question), _unchanged, equal=False)
    return _judge_law(rules, law, session, question, tally)


@dataclass(frozen=True, slots=True)
class _Law(Generic[Q]):
    """``answer(derived) == expected(question, answer(question))``, or ``>=``."""

    derived: Iterable[Q]
    expected: Callable[[Q, Array], Array]
    equal: bool = True


def _judge_law(
    rules: ValueRules[Q], law: _Law[Q], session: Session[Q], question: Q, tally: Tally
) -> Fault[Q] | None:
    answer = session.answer(question)
    for derived in law.derived:
        other = session.answer(derived)
        refused = next((each for each in (answer, other) if each.trouble in NO_FAULT), None)
        tally.count(refused or answer)
        if answer.array is None or other.array is None:
            continue
        left = other.array - law.expected(question, answer.array)
        truths = [rules.truth(asked, tolerance_of(session.declared)) for asked in (question, derived)]
        allowed = truths[0].allowed + truths[1].allowed
        excess = max(_flat((abs(left) if law.equal else -left) - SCALE * allowed))
        if excess > 0:
            said = f"got {_floats(answer.array)} and {_floats(other.array)}"
            severity = _share(excess, max(_span(truth.lo) for truth in truths))
            return GameFault(
                FailureKind.LAW_BROKEN, question, answer, said, derived=(derived,), severity=severity
            )
    return None


def _shifted(rules: ValueRules[Q], question: Q) -> tuple[Q, ...]:
    return (rules.rewarded(question, Fraction(1), SHIFT),)


def _scaled(rules: ValueRules[Q], question: Q) -> tuple[Q, ...]:
    return (rules.rewarded(question, SCALE, Fraction(0)),)


def _shrunk(rules: ValueRules[Q], question: Q) -> tuple[Q, ...]:
    return () if rules.shrunk is None else (rules.shrunk(question, LESS),)


def _shift(rules: ValueRules[Q]) -> Callable[[Q, Array], Array]:
    def shifted(question: Q, values: Array) -> Array:
        moved: Array = values + SHIFT * rules.rewards_in(question)
        return moved

    return shifted


def _scale(_: Q, values: Array) -> Array:
    scaled: Array = SCALE * values
    return scaled


def _unchanged(_: Q, values: Array) -> Array:
    return values


def _share(error: Fraction, span: Fraction) -> Fraction:
    return error / span if span else error


def _span(values: Array) -> Fraction:
    flat = _flat(values)
    return max(max(flat) - min(flat), max(abs(x) for x in flat))


def _flat(values: Array) -> list[Fraction]:
    return list(values.ravel())


def _floats(values: Array) -> str:
    return str([[float(x) for x in row] for row in values])
