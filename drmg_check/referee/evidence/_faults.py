"""What a check finds and counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, Literal, TypeVar

from drmg_check.referee.asking import Answer
from drmg_check.sets import Row
from drmg_check.words import GRADES, Direction, FailureKind, Grade
from drmg_oracles import Agreement
from drmg_properties.laws import Violation

Q = TypeVar("Q", covariant=True)


@dataclass(frozen=True, slots=True)
class Fault(Generic[Q]):
    """Something that no correct implementation does.

    Parameters
    ----------
    kind : FailureKind
    question : Q
    answer : Answer
    message : str
        A sentence with the numbers.
    severity : Fraction or None
        How wrong an answer is, as a share of the values in question; None of what is no answer.
    first : Fault or None
        The one that was seen first, if a simpler one is shown.
    """

    kind: FailureKind
    question: Q
    answer: Answer
    message: str
    severity: Fraction | None = field(default=None, kw_only=True)
    first: Fault[Q] | None = field(default=None, kw_only=True)

    def is_as_bad_as(self, other: Fault[object]) -> bool:
        """Return whether it is of the same kind, and at least half as severe."""
        if self.kind != other.kind or self.severity is None or other.severity is None:
            return self.kind == other.kind
        return 2 * self.severity >= other.severity


@dataclass(frozen=True, slots=True)
class RowFault(Fault[Row]):
    """A fault on one row.

    Parameters
    ----------
    agreement : Agreement or None
        Of a wrong value.
    violation : Violation or None
        Of a broken law.
    """

    agreement: Agreement | None = None
    violation: Violation | None = None


@dataclass(frozen=True, slots=True)
class GameFault(Fault[Q]):
    """A fault about a game.

    Parameters
    ----------
    where : tuple of int
        Of the worst entry of a wrong answer; () otherwise.
    low, high : Fraction or None
        The certified interval there.
    allowed : Fraction
        The error that is forgiven there.
    direction : {"", "too optimistic", "too pessimistic"}
    grade : str
    part : str
        Of a learner's run: the array at fault.
    derived : tuple of Q
        Of a broken law: what else was asked.
    """

    where: tuple[int, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    allowed: Fraction = Fraction(0)
    direction: Direction | Literal[""] = ""
    grade: Grade | Literal[""] = ""
    part: str = ""
    derived: tuple[Q, ...] = ()


@dataclass(slots=True)
class Tally:
    """What a check has seen."""

    judged: int = 0
    not_supported: int = 0
    not_asked: int = 0
    why: str = ""
    grade: Grade | Literal[""] = ""

    def count(self, answer: Answer) -> bool:
        """Count an answer; say whether there is something to judge."""
        if answer.trouble == FailureKind.NOT_SUPPORTED:
            self.not_supported += 1
            self.why = answer.message
        elif answer.trouble == FailureKind.NOT_ASKED:
            self.not_asked += 1
            self.why = self.why or answer.message
        else:
            self.judged += 1
            return True
        return False

    def note_grade(self, grade: Grade) -> None:
        """Keep the worst grade."""
        self.grade = max(self.grade, grade, key=("", *GRADES).index)
