"""Checks at the level of games: exact recursions, and laws that need no reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import is_product
from drmg_check.referee._judge import Tally
from drmg_check.referee._precision import tolerance_of
from drmg_check.referee._questions import (
    Question,
    certified_answer,
    question_as_given,
    smoke_questions,
    with_radius,
    with_rewards,
)
from drmg_check.referee._session import Answer, Session
from drmg_check.sets import UncertaintySet, Wasserstein
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import Array, NumericalError, exact
from drmg_check.words import NO_FAULT, Direction, FailureKind, Grade, LevelName
from drmg_properties import Budget, Objection, hunt
from drmg_properties.strategies import games, ground_metrics, policies, value_vectors

SHIFT, SCALE, LESS = Fraction(3), Fraction(3), Fraction(1, 2)
NEARLY: tuple[tuple[Fraction, Grade], ...] = (
    (Fraction(1, 10**9), "engineering"),
    (Fraction(1, 10**6), "weak"),
)


@dataclass(frozen=True, slots=True)
class GameFinding:
    """Something that no correct implementation does to a game.

    Parameters
    ----------
    kind, message : str
        As of a :class:`~drmg_check.referee._judge.Finding`.
    question : Question
    answer : Answer
    where : tuple of int
        Of the worst entry of a wrong answer; () otherwise.
    low, high : Fraction or None
        The certified interval there.
    direction : {"", "too optimistic", "too pessimistic"}
    grade : str
    part : str
        Of a learner's run: the array at fault.
    derived : tuple of Question
        Of a broken law: what else was asked.
    """

    kind: FailureKind
    question: Question
    answer: Answer
    message: str
    where: tuple[int, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    direction: Direction | Literal[""] = ""
    grade: Grade | Literal[""] = ""
    part: str = ""
    derived: tuple[Question, ...] = ()


GameJudge: TypeAlias = Callable[[Session, Question, Tally], GameFinding | None]


@dataclass(frozen=True, slots=True)
class GameCheck:
    """One check of a set at the level of games."""

    id: str
    title: str
    judge: GameJudge
    questions: tuple[Question, ...]
    strategy: SearchStrategy[Question] | None = field(default=None)

    @property
    def is_smoke(self) -> bool:
        """Whether it is one of the checks without which the others mean nothing."""
        return "/smoke/" in self.id

    def run(self, session: Session, budget: Budget) -> tuple[GameFinding | None, Tally]:
        """Judge the fixed questions, then generated ones; Hypothesis shrinks what fails."""
        tally = Tally()
        for question in self.questions:
            if (finding := self.judge(session, session.given_question(question), tally)) is not None:
                return finding, tally
        last: GameFinding | None = None

        def test(question: Question) -> None:
            nonlocal last
            given = session.given_question(question)
            finding = self.judge(session, given, tally if last is None else Tally())
            if finding is not None and (last is None or finding.kind == last.kind):
                last = finding
                raise Objection

        if self.strategy is not None:
            hunt(self.strategy, test, budget.max_examples, budget.seed)
        return last, tally


def plan_game_checks(declared: Implementation) -> tuple[GameCheck, ...]:
    """Return every check of an implementation at the level of games, set by set."""
    return tuple(check for name in declared.sets for check in _checks_of(name, declared.level))


def _checks_of(name: str, level: LevelName) -> Iterator[GameCheck]:
    one = set_family(name).make(1)
    drawn = questions(level, one)
    for smoke, question in smoke_questions(level, one).items():
        title = f"solves {smoke.replace('-', ' ')} by hand"
        yield GameCheck(f"{name}/smoke/{smoke}", title, judge_answer, (question,))
    yield GameCheck(f"{name}/contract/answers", "every legal game gets numbers", judge_answered, (), drawn)
    yield GameCheck(f"{name}/contract/input", "leaves its input alone", judge_untouched, (), drawn)
    yield GameCheck(f"{name}/contract/deterministic", "equal games get equal answers", judge_again, (), drawn)
    for law, (title, judge) in LAWS.items():
        if law != "nonnegative" or level == "gap":
            yield GameCheck(f"{name}/law/{law}", title, judge, (), drawn)
    yield GameCheck(f"{name}/oracle/generated", "agrees with the exact recursion", judge_answer, (), drawn)


@st.composite
def questions(draw: DrawFn, level: LevelName, one: UncertaintySet) -> Question:
    """Draw a small game, a policy for it, product or correlated, and next values."""
    single = level == "backup"
    sets: UncertaintySet | SearchStrategy[UncertaintySet] = one
    least, most = 1, 3
    if isinstance(one, Wasserstein):
        least = most = draw(st.integers(1, 3))
        sets = st.builds(Wasserstein, ground_metrics(most), st.just(one.order))
    game = draw(
        games(
            uncertainty=sets,
            max_agents=1 if single else 2,
            min_states=least,
            max_states=most,
            max_horizon=1 if single else 3,
            max_radius=2,
        )
    )
    values = draw(value_vectors(game.n_states))
    return question_as_given(Question(level, game, draw(policies(game)), values))


def judge_answer(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return where an answer leaves the certified interval by more than is forgiven, or None."""
    answer = session.answer(question)
    try:
        truth = certified_answer(question, tolerance_of(session.declared))
    except NumericalError as error:
        tally.count(Answer(trouble=FailureKind.NOT_ASKED, message=str(error)))
        return None
    if not tally.count(answer):
        return None
    if answer.array is None:
        return GameFinding(answer.trouble or FailureKind.GARBAGE, question, answer, answer.message)
    lo, hi, values, span = truth.lo, truth.hi, answer.array, _span(truth.lo)
    beyond = np.maximum(lo - values, values - hi) - truth.allowed
    worst = max(np.ndindex(*question.shape), key=lambda where: beyond[where])
    grade = grade_of(beyond[worst], span)
    tally.note_grade(grade)
    if grade == "exact":
        return None
    above = values[worst] > hi[worst]
    # A gap that is too small promises an equilibrium that is none.
    unsafe = above != (question.level == "gap")
    direction: Direction = "too optimistic" if unsafe else "too pessimistic"
    return GameFinding(
        FailureKind.WRONG_VALUE,
        question,
        answer,
        f"{_place(question, worst)} is {direction} by {float(beyond[worst]):.2g} beyond rounding",
        worst,
        exact(lo[worst]),
        exact(hi[worst]),
        direction,
        grade,
    )


def judge_answered(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return the trouble that a question or one derived from it runs into, or None."""
    for derived in (question, *(one for law in DERIVED for one in law(question))):
        answer = session.answer(derived)
        if tally.count(answer) and answer.trouble is not None:
            return GameFinding(answer.trouble, derived, answer, answer.message)
    return None


def judge_untouched(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return whether the implementation writes into the arrays that it is given."""
    answer = session.answer(question)
    if tally.count(answer) and answer.mutated:
        said = f"it writes into {' and '.join(answer.mutated)}"
        return GameFinding(FailureKind.CHANGES_ITS_INPUT, question, answer, said)
    return None


def judge_again(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    """Return whether the same question gets answers further apart than is forgiven."""
    first = session.answer(question)
    if not tally.count(first) or first.array is None:
        return None
    again = session.answer_again(question)
    if again.trouble == FailureKind.NOT_ASKED:
        return None
    if again.array is not None:
        rounding = replace(tolerance_of(session.declared), accuracy=Fraction(0))
        allowed = certified_answer(question, rounding).allowed
        if min(_flat(2 * allowed - abs(first.array - again.array))) >= 0:
            return None
    said = again.message if again.array is None else f"{_floats(first.array)}, then {_floats(again.array)}"
    return GameFinding(FailureKind.NOT_DETERMINISTIC, question, again, f"the same question twice: {said}")


def _law(
    derive: Callable[[Question], Iterable[Question]],
    expected: Callable[[Question, Array], Array],
    *,
    equal: bool,
) -> GameJudge:
    """Return the judge of ``answer(derived) == expected(answer)``, or ``>=``.

    Exact values enter only into how much rounding is forgiven.
    """

    def judge(session: Session, question: Question, tally: Tally) -> GameFinding | None:
        answer = session.answer(question)
        for derived in derive(question):
            other = session.answer(derived)
            refused = next((one for one in (answer, other) if one.trouble in NO_FAULT), None)
            tally.count(refused or answer)
            if answer.array is None or other.array is None:
                continue
            left = other.array - expected(question, answer.array)
            truths = [certified_answer(one, tolerance_of(session.declared)) for one in (question, derived)]
            allowed = truths[0].allowed + truths[1].allowed
            if max(_flat((abs(left) if equal else -left) - SCALE * allowed)) > 0:
                said = f"got {_floats(answer.array)} and {_floats(other.array)}"
                return GameFinding(FailureKind.LAW_BROKEN, question, answer, said, derived=(derived,))
        return None

    return judge


def _shifted(question: Question, values: Array) -> Array:
    steps = {"gap": 0, "backup": 1}.get(question.level, question.game.horizon)
    shifted: Array = values + SHIFT * steps
    return shifted


def _scaled(_: Question, values: Array) -> Array:
    scaled: Array = SCALE * values
    return scaled


def _nonnegative(session: Session, question: Question, tally: Tally) -> GameFinding | None:
    if question.game.n_agents > 1 and not is_product(question.policy):
        return None
    answer = session.answer(question)
    if not tally.count(answer) or answer.array is None:
        return None
    allowed = certified_answer(question, tolerance_of(session.declared)).allowed
    if min(_flat(answer.array + allowed)) < 0:
        return GameFinding(FailureKind.LAW_BROKEN, question, answer, f"got {_floats(answer.array)}")
    return None


DERIVED: tuple[Callable[[Question], tuple[Question, ...]], ...] = (
    lambda question: (with_rewards(question, Fraction(1), SHIFT),),
    lambda question: (with_rewards(question, SCALE, Fraction(0)),),
    lambda question: () if question.level == "gap" else (with_radius(question, LESS),),
)
LAWS: dict[str, tuple[str, GameJudge]] = {
    "shift": ("rewards + c add c at every step", _law(DERIVED[0], _shifted, equal=True)),
    "scale": ("rewards times c multiply by c", _law(DERIVED[1], _scaled, equal=True)),
    "monotone-in-radius": ("half the radius lowers no value", _law(DERIVED[2], lambda _, V: V, equal=False)),
    "nonnegative": ("no gap of a product policy is negative", _nonnegative),
}


def grade_of(beyond: Fraction, span: Fraction) -> Grade:
    """Grade an error beyond what is forgiven by its share of the span."""
    if beyond <= 0:
        return "exact"
    return next((grade for bound, grade in NEARLY if beyond <= bound * span), "wrong")


def _span(values: Array) -> Fraction:
    flat = _flat(values)
    return max(max(flat) - min(flat), max(abs(x) for x in flat))


def _flat(values: Array) -> list[Fraction]:
    return list(values.ravel())


def _floats(values: Array) -> str:
    return str([[float(x) for x in row] for row in values])


def _place(question: Question, where: tuple[int, ...]) -> str:
    if question.level == "backup":
        return f"Q(s{where[0]}, a{where[1]})"
    name = {"evaluation": "V", "best-response": "V^dagger", "gap": "the gap"}[question.level]
    return f"{name} of agent {where[0]} in s{where[1]}"
