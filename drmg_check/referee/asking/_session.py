"""Asking an implementation: each question once, in a process that may die, with patience that ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import fsum
from time import perf_counter
from typing import Generic, TypeVar

from drmg_check.isolation import LostError
from drmg_check.referee.asking._answers import Answer, kind_of_loss, refusal_in
from drmg_check.referee.asking._transport import Transport
from drmg_check.runs import Speed
from drmg_check.targets import GarbageError, Implementation, Reply, Request, write_request
from drmg_check.vocabulary import UnsupportedError
from drmg_check.words import FailureKind, Precision

Q = TypeVar("Q")
HANGS, CRASHES = 6, 60
"""After so many lost processes the implementation is not asked any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[Q]):
    """How the questions of a level are put to an implementation.

    Parameters
    ----------
    given : callable
        A question, rounded to a precision.
    request : callable
        The request for a question in the conventions declared, or the answer that stands in its place.
        It raises ``UnsupportedError`` if a number is beyond the precision.
    read : callable
        The answer that a reply means; one that refuses is read before.
    states : callable
        The number of states in question, the measure of its size.
    """

    given: Callable[[Q, Precision], Q]
    request: Callable[[Implementation, Q], Request | Answer]
    read: Callable[[Implementation, Q, Reply], Answer]
    states: Callable[[Q], int]


class Session(Generic[Q]):
    """An implementation that answers in the conventions of its declaration, each question once.

    Parameters
    ----------
    transport : Transport
    declared : Implementation
    form : Form
        Of the level that is declared.

    Examples
    --------
    >>> from drmg_check.referee import open_target
    >>> from drmg_check.sets import Row, TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     print(session.answer(row).value)
    ...
    0.5
    """

    def __init__(self, transport: Transport, declared: Implementation, form: Form[Q]) -> None:
        self.declared = declared
        self._transport, self._form = transport, form
        self._known: dict[bytes, Answer] = {}  # by what was sent
        self._seen: set[bytes] = set()  # by the process that lives now
        self._hangs, self._crashes = HANGS, CRASHES
        self._calls: list[tuple[float, int]] = []  # seconds and states of each since the last look

    def close(self) -> None:
        """End the process, if there is one; a later question starts another."""
        self._transport.restart()

    def speed(self) -> Speed | None:
        """Return how fast it answered since this was last asked; None if nothing was."""
        calls, self._calls = self._calls, []
        if not calls:
            return None
        slowest, size = max(calls)
        return Speed(calls=len(calls), seconds=fsum(s for s, _ in calls), slowest=slowest, size=size)

    @property
    def exhausted(self) -> str:
        """Why nothing new is asked any more, or ``""``."""
        if self._hangs <= 0:
            return f"the implementation hung {HANGS} times and is not asked any more"
        if self._crashes <= 0:
            return f"the implementation crashed {CRASHES} times and is not asked any more"
        return ""

    def given(self, question: Q) -> Q:
        """Return the question that the implementation is asked for this one, in its precision."""
        precision = self.declared.precision
        return question if precision == "float64" else self._form.given(question, precision)

    def answer(self, question: Q) -> Answer:
        """Return the answer to a question, the first one that was given."""
        request = self._request(question)
        if isinstance(request, Answer):
            return request
        line = write_request(0, request)
        if line not in self._known:
            self._known[line] = self._ask(question, request)
        return self._known[line]

    def answer_afresh(self, question: Q) -> Answer:
        """Ask again, in a process that has not seen the question."""
        request = self._request(question)
        if isinstance(request, Answer):
            return request
        if write_request(0, request) in self._seen:
            self._transport.restart()
            self._seen.clear()
        return self._ask(question, request)

    def answer_again(self, question: Q) -> Answer:
        """Ask again, in the same process."""
        request = self._request(question)
        return request if isinstance(request, Answer) else self._ask(question, request)

    def solve(self, question: Q) -> float:
        """Return the value, as laws ask for it; raise UnsupportedError where there is none."""
        answer = self.answer(question)
        if answer.trouble is not None or answer.value is None:
            raise UnsupportedError(answer.message)
        return answer.value

    def _request(self, question: Q) -> Request | Answer:
        try:
            return self._form.request(self.declared, question)
        except UnsupportedError as beyond:
            return Answer(trouble=FailureKind.NOT_ASKED, message=str(beyond))

    def _ask(self, question: Q, request: Request) -> Answer:
        if self.exhausted:
            return Answer(trouble=FailureKind.NOT_ASKED, message=self.exhausted)
        self._seen.add(write_request(0, request))
        started = perf_counter()
        try:
            self._transport.start(request)
            started = perf_counter()
            reply = self._transport.ask(request)
            return refusal_in(reply) or self._form.read(self.declared, question, reply)
        except LostError as lost:
            self._hangs -= lost.how == "late"
            self._crashes -= lost.how != "late"
            return Answer(trouble=kind_of_loss(lost), message=str(lost))
        except GarbageError as garbage:
            self._crashes -= 1
            return Answer(trouble=FailureKind.GARBAGE, message=str(garbage))
        finally:
            self._calls.append((perf_counter() - started, self._form.states(question)))
