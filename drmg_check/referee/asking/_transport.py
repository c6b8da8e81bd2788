"""How requests reach an implementation: a process of its own that may die, or a function in this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drmg_check.isolation import START_LIMIT, LineProcess, LostError
from drmg_check.targets import (
    START,
    GarbageError,
    Reply,
    Request,
    Target,
    answer_request,
    read_greeting,
    read_reply,
    write_request,
)
from drmg_check.vocabulary import InputError

MEMORY = 4 * 2**30
CALL_LIMIT = 10.0
"""Seconds for one answer; rows have at most a hundred states."""


class Transport(Protocol):
    """How requests reach an implementation."""

    def start(self, coming: Request) -> None:
        """Be ready, so that the time of the request that comes is its own.

        Raise ``LostError`` if that fails.
        """

    def ask(self, request: Request) -> Reply:
        """Return the reply, or raise ``LostError`` or ``GarbageError``."""

    def restart(self) -> None:
        """Forget all state between requests, where that is possible; the next request may follow."""


class ProcessTransport:
    """An implementation behind the protocol, in a process of its own.

    Code that compiles itself does so at its first answer, which is no hang. So the first answer of a process
    may take as long as its start; and a process that replaces another is first asked again what was answered
    before, so that its first answer to something new has the limit of any other.

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
        self._cold = True  # the process has answered nothing yet
        self._first_limit = max(START_LIMIT, limit)
        self._answered: list[Request] = []  # two that have got an answer
        try:
            self.greeting = read_greeting(self._process.start())
        except (LostError, OSError) as lost:
            raise InputError(f"target={target.address!r} does not start: {lost}") from lost
        except InputError:
            self.restart()
            raise

    def start(self, coming: Request) -> None:
        """Start a process unless one lives, and let it answer what is known already."""
        if not self._process.alive:
            self._process.start()
            self._cold = True
        known = next((request for request in self._answered if request != coming), None)
        if self._cold and known is not None:
            try:
                self._exchange(known)
            except (LostError, GarbageError):  # it answered this before, so it has a mood: let it be asked
                self._answered.clear()
                self.restart()
                self._process.start()
                self._cold = True

    def ask(self, request: Request) -> Reply:
        """Return the reply to one request; a process that gives none is replaced on the next one."""
        aged = self._process.alive and not self._cold
        if not self._process.alive:
            self._cold = True
        try:
            reply = self._exchange(request)
        except LostError as lost:
            if lost.code == -24 and aged:  # SIGXCPU: the sum over its whole life, not this call's fault
                return self.ask(request)
            raise
        if len(self._answered) < 2 and request not in self._answered:
            self._answered.append(request)
        return reply

    def restart(self) -> None:
        """End the process; the next request starts a new one."""
        self._process.close()

    def _exchange(self, request: Request) -> Reply:
        self._seq += 1
        limit = self._first_limit if self._cold else self._limit
        try:
            answer = self._process.ask(write_request(self._seq, request), limit)
        except LostError as lost:
            if self._cold and lost.how == "late":  # it has had its time once
                self._first_limit = self._limit
            raise
        self._cold = False
        try:
            return read_reply(answer, self._seq)
        except GarbageError:
            self._process.close()  # whatever else is in the pipe belongs to no request
            self._answered.clear()  # nor is the next process asked what may have caused it
            raise


class InProcess:
    """A function in this process: quick, but what it does to the process it does to the referee."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def start(self, coming: Request) -> None:
        """Do nothing: a function is ready."""

    def ask(self, request: Request) -> Reply:
        """Call the function."""
        reply = answer_request(self._function, request)
        return Reply(
            value=reply.get("value"),
            distribution=tuple(reply["distribution"]) if "distribution" in reply else None,
            unsupported=reply.get("unsupported", ""),
            error=reply.get("error", ""),
            kind=reply.get("kind", "exception"),
            mutated=tuple(reply.get("mutated", ())),
        )

    def restart(self) -> None:
        """Do nothing: a function has no life of its own."""
