"""Asking an implementation: each row once, in a process that may die, with patience that ends."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import fsum
from time import perf_counter
from typing import Protocol

import numpy as np

from drmg_check.isolation import LineProcess, LostError
from drmg_check.referee._questions import Question, question_as_given
from drmg_check.referee._requests import question_request, wire_request
from drmg_check.referee._rows import as_given
from drmg_check.runs import Speed
from drmg_check.sets import Row
from drmg_check.targets import (
    LEARNED,
    START,
    GarbageError,
    Implementation,
    Reply,
    Request,
    Target,
    answer_request,
    as_float,
    read_greeting,
    read_reply,
    set_name,
    write_request,
)
from drmg_check.vocabulary import Array, InputError, UnsupportedError
from drmg_check.words import FailureKind

MEMORY = 4 * 2**30
CALL_LIMIT = 10.0
"""Seconds for one answer; rows have at most a hundred states."""
_VALUED = ("backup", "evaluation", "best-response")
HANGS, CRASHES = 6, 60
"""After so many lost processes the implementation is not asked any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an implementation said: a value, an array of rationals, the arrays of a run, or trouble instead.

    ``value`` may be infinite or NaN; then ``trouble`` is ``"not a number"``.
    """

    value: float | None = None
    array: Array | None = None
    run: Mapping[str, Array] | None = None
    distribution: tuple[float, ...] | None = None
    trouble: FailureKind | None = None
    message: str = ""
    mutated: tuple[str, ...] = ()


class Transport(Protocol):
    """How requests reach an implementation."""

    def start(self) -> None:
        """Be ready, so that the time of the next request is its own; raise ``LostError`` if that fails."""

    def ask(self, request: Request) -> Reply:
        """Return the reply, or raise ``LostError`` or ``GarbageError``."""

    def restart(self) -> None:
        """Forget all state between requests, where that is possible; the next request may follow."""


class ProcessTransport:
    """An implementation behind the protocol, in a process of its own.

    Parameters
    ----------
    target : Target
    limit : float
        Seconds of wall time for one answer.
    memory : int
        Bytes of address space of the process.

    Raises
    ------
    InputError
        It cannot be started: no such module, file, function or command, or a wrong greeting.
    """

    def __init__(self, target: Target, *, limit: float = CALL_LIMIT, memory: int = MEMORY) -> None:
        self._process = LineProcess(target.argv, hello=START, memory=memory)
        self._limit, self._seq = limit, 0
        try:
            self.greeting = read_greeting(self._process.start())
        except (LostError, OSError) as lost:
            raise InputError(f"target={target.address!r} does not start: {lost}") from lost
        except InputError:
            self.restart()
            raise

    def start(self) -> None:
        """Start a process unless one lives."""
        self._process.start()

    def ask(self, request: Request) -> Reply:
        """Return the reply to one request; a process that gives none is replaced on the next one."""
        fresh = not self._process.alive
        self._seq += 1
        line = write_request(self._seq, request)
        try:
            answer = self._process.ask(line, self._limit)
        except LostError as lost:
            if lost.code == -24 and not fresh:  # SIGXCPU: the sum over its whole life, not this call's fault
                return self.ask(request)
            raise
        try:
            return read_reply(answer, self._seq)
        except GarbageError:
            self._process.close()  # whatever else is in the pipe belongs to no request
            raise

    def restart(self) -> None:
        """End the process; the next request starts a new one."""
        self._process.close()


class InProcess:
    """A function in this process: quick, but what it does to the process it does to the referee."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def start(self) -> None:
        """Do nothing: a function is ready."""

    def ask(self, request: Request) -> Reply:
        """Call the function."""
        reply = answer_request(self._function, request)
        return Reply(
            value=reply.get("value"),
            distribution=tuple(reply["distribution"]) if "distribution" in reply else None,
            unsupported=reply.get("unsupported", ""),
            error=reply.get("error", ""),
            kind=reply.get("kind", FailureKind.EXCEPTION),
            mutated=tuple(reply.get("mutated", ())),
        )

    def restart(self) -> None:
        """Do nothing: a function has no life of its own."""


class Session:
    """An implementation that answers rows in the conventions of its declaration, each row once.

    Parameters
    ----------
    transport : Transport
    declared : Implementation
    """

    def __init__(self, transport: Transport, declared: Implementation) -> None:
        self.declared = declared
        self._transport = transport
        self._known: dict[Hashable, Answer] = {}
        self._seen: set[Row | Question] = set()  # by the process that lives now
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
        """Why no new row is asked any more, or ``""``."""
        if self._hangs <= 0:
            return f"the implementation hung {HANGS} times and is not asked any more"
        if self._crashes <= 0:
            return f"the implementation crashed {CRASHES} times and is not asked any more"
        return ""

    def given_row(self, row: Row) -> Row:
        """Return the row that the implementation is asked for this one, in its precision."""
        precision = self.declared.precision
        return row if precision == "float64" else as_given(row, precision)

    def given_question(self, question: Question) -> Question:
        """Return the question that it is asked for this one."""
        precision = self.declared.precision
        return question if precision == "float64" else question_as_given(question, precision)

    def answer(self, question: Row | Question) -> Answer:
        """Return the answer to a row or a question about a game, the first one that was given."""
        if isinstance(question, Question):
            return self._remember(write_request(0, question_request(self.declared, question)), question)
        return self._remember(question, question)

    def _remember(self, key: Hashable, question: Row | Question) -> Answer:
        if key not in self._known:
            self._known[key] = self._ask(question)
        return self._known[key]

    def answer_afresh(self, row: Row) -> Answer:
        """Ask again, in a process that has not seen the row."""
        if row in self._seen:
            self._transport.restart()
            self._seen.clear()
        return self._ask(row)

    def answer_again(self, question: Row | Question) -> Answer:
        """Ask again, in the same process."""
        return self._ask(question)

    def solve(self, row: Row) -> float:
        """Return the value, as laws ask for it; raise UnsupportedError where there is none."""
        answer = self.answer(row)
        if answer.trouble is not None or answer.value is None:
            raise UnsupportedError(answer.message)
        return answer.value

    def _ask(self, question: Row | Question) -> Answer:
        try:
            if isinstance(question, Question):
                request = question_request(self.declared, question)
            else:
                name = set_name(question.uncertainty)
                if name not in self.declared.sets:
                    return Answer(trouble=FailureKind.NOT_SUPPORTED, message=f"it declares no set {name}")
                request = wire_request(self.declared, question)
        except UnsupportedError as beyond:
            return Answer(trouble=FailureKind.NOT_ASKED, message=str(beyond))
        if self.exhausted:
            return Answer(trouble=FailureKind.NOT_ASKED, message=self.exhausted)
        self._seen.add(question)
        started = perf_counter()
        try:
            self._transport.start()
            started = perf_counter()
            reply = self._transport.ask(request)
            return self._read_array(reply, question) if isinstance(question, Question) else self._read(reply)
        except LostError as lost:
            self._hangs -= lost.how == "late"
            self._crashes -= lost.how != "late"
            return Answer(trouble=_trouble(lost), message=str(lost))
        except GarbageError as garbage:
            self._crashes -= 1
            return Answer(trouble=FailureKind.GARBAGE, message=str(garbage))
        finally:
            self._calls.append((perf_counter() - started, len(question.values)))

    def _read_array(self, reply: Reply, question: Question) -> Answer:
        if (refusal := _refusal(reply)) is not None:
            return refusal
        if question.level == "learner":
            return _read_run(reply, question)
        wrong, array = _as_array(reply, reply.value, question.shape)
        if array is None:
            return wrong
        costs = self.declared.quantity == "cost" and question.level in _VALUED
        return Answer(array=-array if costs else array, mutated=reply.mutated)

    def _read(self, reply: Reply) -> Answer:
        if (refusal := _refusal(reply)) is not None:
            return refusal
        value = as_float(reply.value)
        if value is None:
            return Answer(
                trouble=FailureKind.GARBAGE, message=f"the value is {reply.value!r}, which is no number"
            )
        if value - value != 0:
            return Answer(
                value=value,
                trouble=FailureKind.NOT_A_NUMBER,
                message=f"returned {value!r}",
                mutated=reply.mutated,
            )
        if self.declared.distribution and reply.distribution is None:
            return Answer(
                trouble=FailureKind.WRONG_DECLARATION,
                message="declares distribution=True but returned no distribution",
                mutated=reply.mutated,
            )
        sign = -1 if self.declared.quantity == "cost" else 1
        return Answer(value=sign * value, distribution=reply.distribution, mutated=reply.mutated)


def _read_run(reply: Reply, question: Question) -> Answer:
    if not isinstance(reply.value, dict) or set(reply.value) != set(LEARNED):
        said = f"the value is no object with {', '.join(LEARNED)}"
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated)
    run = {}
    for name, shape in question.run_shapes.items():
        wrong, array = _as_array(reply, reply.value[name], shape, name)
        if array is None:
            return wrong
        run[name] = array
    return Answer(run=run, mutated=reply.mutated)


def _as_array(
    reply: Reply, value: object, shape: tuple[int, ...], name: str = ""
) -> tuple[Answer, Array | None]:
    """Read floats as rationals; without an array the answer says what is wrong."""
    where = f" as {name}" if name else ""
    try:
        floats = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return Answer(trouble=FailureKind.GARBAGE, message=f"the value{where} is no array of numbers"), None
    if floats.shape != shape:
        said = f"returned an array of shape {floats.shape}{where}; expected {shape}"
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated), None
    if not np.isfinite(floats).all():
        said = f"returned {floats.tolist()}{where}"
        return Answer(trouble=FailureKind.NOT_A_NUMBER, message=said, mutated=reply.mutated), None
    array: Array = np.empty(shape, dtype=object)
    for at in np.ndindex(*shape):
        array[at] = Fraction(float(floats[at]))
    return Answer(), array


def _refusal(reply: Reply) -> Answer | None:
    if reply.unsupported:
        return Answer(trouble=FailureKind.NOT_SUPPORTED, message=reply.unsupported, mutated=reply.mutated)
    if reply.error:
        kinds: dict[str, FailureKind] = {
            "memory": FailureKind.OUT_OF_MEMORY,
            "declaration": FailureKind.WRONG_DECLARATION,
        }
        return Answer(
            trouble=kinds.get(reply.kind, FailureKind.EXCEPTION), message=reply.error, mutated=reply.mutated
        )
    return None


def _trouble(lost: LostError) -> FailureKind:
    if lost.how == "late":
        return FailureKind.HANG
    if lost.how == "flood":
        return FailureKind.GARBAGE
    return (
        FailureKind.OUT_OF_MEMORY
        if "MemoryError" in str(lost) or "bad_alloc" in str(lost)
        else FailureKind.CRASH
    )
