"""One check of an implementation: what it promises, what it asks, how it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from hypothesis.strategies import SearchStrategy

from drmg_check.referee.asking import Session
from drmg_check.referee.evidence import Fault, Tally
from drmg_properties import Budget, Objection, hunt

Q = TypeVar("Q")
Judge: TypeAlias = Callable[[Session[Q], Q, Tally], Fault[Q] | None]
Simplify: TypeAlias = Callable[[Judge[Q], Session[Q], Fault[Q], Fault[Q]], Fault[Q]]


def _nothing() -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck(Generic[Q]):
    """One check of an implementation.

    Parameters
    ----------
    about : str
        The set, by its short name, or the concept of a stage game.
    name : str
        ``group/name``, unique for what it is about.
    title : str
    judge : callable
    questions : callable
        The fixed questions.
    drawn : callable, optional
        The strategy from which Hypothesis adds questions of its own.
    simplify : callable, optional
        A fault on a simpler question nearby that is as bad as the first; what Hypothesis draws it shrinks
        itself.
    """

    about: str
    name: str
    title: str
    judge: Judge[Q]
    questions: Callable[[], Sequence[Q]] = _nothing
    drawn: Callable[[], SearchStrategy[Q]] | None = None
    simplify: Simplify[Q] | None = None

    @property
    def id(self) -> str:
        """``set/group/name``, or ``concept/group/name``."""
        return f"{self.about}/{self.name}"

    @property
    def is_smoke(self) -> bool:
        """Whether it is one of the checks without which the others mean nothing."""
        return self.name.startswith("smoke/")

    def run(self, session: Session[Q], budget: Budget) -> tuple[Fault[Q] | None, Tally]:
        """Judge the fixed questions, then generated ones, and make the first that fails simpler.

        Returns
        -------
        Fault or None
        Tally
            Of the search, making simpler left out.
        """
        tally = Tally()
        fixed = self.questions()
        for question in fixed:
            fault = self.judge(session, session.given(question), tally)
            if fault is not None:
                return (fault if self.is_smoke else self._simpler(session, fault, fault)), tally
        silent = fixed and not (tally.judged or tally.not_supported or tally.not_asked)
        if self.drawn is not None and not silent:  # what says nothing of three dozen questions never does
            return self._hunt(self.drawn(), session, budget, tally), tally
        return None, tally

    def _hunt(
        self, strategy: SearchStrategy[Q], session: Session[Q], budget: Budget, tally: Tally
    ) -> Fault[Q] | None:
        first: Fault[Q] | None = None
        last: Fault[Q] | None = None

        def test(question: Q) -> None:
            nonlocal first, last
            fault = self.judge(session, session.given(question), tally if last is None else Tally())
            if fault is not None and (first is None or fault.is_as_bad_as(first)):
                first, last = first or fault, fault
                raise Objection

        hunt(strategy, test, budget.max_examples, budget.seed)
        return None if last is None or first is None else self._simpler(session, last, first)

    def _simpler(self, session: Session[Q], fault: Fault[Q], first: Fault[Q]) -> Fault[Q]:
        """Return a simpler fault that is at least half as severe as the first, with that one."""
        if self.simplify is not None:
            fault = self.simplify(self.judge, session, fault, first)
        return fault if fault.question == first.question else replace(fault, first=first)
