"""Transcripts of the protocol: a session asks a worker, and what passes between them is written down.

Nothing is composed for show. The lines of the referee are those that a :class:`Session` sends, the lines
of the target those with which a worker answers for the example of a level or for ``_careless.py``, and the
verdicts those of the checks; only the pipe between two processes is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from drmg_check.referee.asking import Session
from drmg_check.referee.evidence import Tally
from drmg_check.referee.levels import Level, level_of, session_for
from drmg_check.sets import Row, TotalVariation
from drmg_check.targets import (
    START,
    Reply,
    Request,
    answerer,
    declaration_from_data,
    read_greeting,
    read_reply,
    write_request,
)
from drmg_check.vocabulary import InputError
from drmg_check.words import LEVELS, LevelName

Speaker: TypeAlias = Literal["referee", "target", "verdict"]
Transcript: TypeAlias = LevelName | Literal["trouble"]
TRANSCRIPTS: tuple[Transcript, ...] = (*LEVELS, "trouble")
"""What there are transcripts of: every level, and all that is no answer."""
CARELESS = "drmg_check.referee._careless"
"""The module that answers where trouble is shown."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One session: what it is about, and its lines in order, each with who says it.

    A line of the ``"verdict"`` is what the referee makes of the reply above; it is not sent.

    >>> Dialogue("one row", (("target", '{"value": 0.25}'), ("verdict", "right"))).lines[-1]
    ('verdict', 'right')
    """

    about: str
    lines: tuple[tuple[Speaker, str], ...]


class _Recorder:
    """A worker whose every line is kept; a :class:`~drmg_check.referee.asking.Transport`."""

    def __init__(self, address: str) -> None:
        self.lines: list[tuple[Speaker, str]] = []
        self._answer = answerer(address)
        self._seq = 0

    def start(self, coming: Request) -> None:
        """Do nothing: the worker is here."""

    def ask(self, request: Request) -> Reply:
        """Pass a request on."""
        self._seq += 1
        return read_reply(self.exchange(write_request(self._seq, request)), self._seq)

    def restart(self) -> None:
        """Do nothing: nothing is asked twice."""

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return the answer."""
        reply = self._answer(line)
        self.lines += [("referee", line.decode().rstrip()), ("target", reply.decode().rstrip())]
        return reply


def transcripts(name: Transcript) -> tuple[Dialogue, ...]:
    """Run the sessions of a level, or those that show ``"trouble"``, and return what was said.

    Raises
    ------
    InputError
        None of :data:`TRANSCRIPTS`.

    Examples
    --------
    >>> [speaker for speaker, _ in transcripts("gap")[0].lines]
    ['referee', 'target', 'referee', 'target', 'verdict']
    """
    if name not in TRANSCRIPTS:
        raise InputError(f"level={name!r} has no transcript; expected one of {', '.join(TRANSCRIPTS)}")
    if name == "trouble":
        rows = [Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], Fraction(k, 4)) for k in range(5)]
        level: Level[Row] = level_of("worst-case")
        about = "an implementation that goes wrong in another way at each radius"
        return (
            _dialogue(level, about, f"{CARELESS}:worst_case", rows),
            _dialogue(level, "an implementation that cannot be loaded", f"{CARELESS}:nothing", ()),
        )
    level = level_of(name)
    return tuple(
        _dialogue(level, example.about, address_of(example.function), example.questions())
        for example in level.examples
    )


def address_of(function: Callable[..., object]) -> str:
    """Return the address of a module-level function.

    >>> address_of(address_of)
    'drmg_check.referee.transcripts._transcript:address_of'
    """
    return f"{function.__module__}:{function.__qualname__}"


def _dialogue(level: Level[Any], about: str, address: str, asked: Sequence[object]) -> Dialogue:
    recorder = _Recorder(address)
    greeting = recorder.exchange(START)
    try:
        declared = declaration_from_data(read_greeting(greeting).declaration or {})
    except InputError as error:
        recorder.lines.append(("verdict", f"does not start: {error}"))
        return Dialogue(about, tuple(recorder.lines))
    session = session_for(recorder, declared)
    for question in asked:
        recorder.lines.append(("verdict", _verdict(level, session, question)))
    return Dialogue(about, tuple(recorder.lines))


def _verdict(level: Level[Any], session: Session[Any], question: object) -> str:
    fault = level.verdict(session, question, Tally())
    if fault is not None:
        return f"{fault.kind}: {fault.message}"
    answer = session.answer(question)
    return "right" if answer.trouble is None else f"{answer.trouble}: {answer.message}"
