"""What a level is: how it is asked, what is checked, what a fault shows, what it may be mistaken for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from drmg_check.referee.asking import Form, Session, Subject
from drmg_check.referee.diagnosis import Diagnose
from drmg_check.referee.evidence import Fault
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.runs import Failure
from drmg_check.targets import Implementation
from drmg_check.words import LevelName

Q = TypeVar("Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Generic[Q]):
    """Questions that a transcript shows, with the function that answers them.

    Parameters
    ----------
    about : str
    function : callable
        A module-level function of the file of the level.
    questions : callable
    """

    about: str
    function: Callable[..., object]
    questions: Callable[[], tuple[Q, ...]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """What the tables of the documentation say of a level.

    Parameters
    ----------
    call : str
        The function with the axes of its arguments.
    returns : str
        What it returns, and what that is.
    value : str
        The ``value`` of a reply.
    """

    call: str
    returns: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Generic[Q]):
    """What the referee knows of a level.

    Parameters
    ----------
    name : LevelName
    row : TableRow
        Of the documentation.
    form : Form
        How its questions are asked and its replies read.
    checks : callable
        The checks of an implementation, set by set: smoke, contract, laws, oracles.
    verdict : callable
        The judge of one answer by itself, as transcripts show it.
    failure : callable
        The record of a fault, with a diagnosis.
    diagnose : callable
        What the implementation seems to compute instead; the function handed in diagnoses single rows.
    stored : callable
        The question that the instance of a failure means, a text, to an implementation that declares so.
    lines : callable
        The numbers of a question for people.
    examples : tuple of Example
    """

    name: LevelName
    row: TableRow
    form: Form[Q]
    checks: Callable[[Implementation], Iterator[PlannedCheck[Q]]]
    verdict: Judge[Q]
    failure: Callable[[Any, Subject, str], Failure]
    diagnose: Callable[[Session[Q], Fault[Q], Diagnose], str | None]
    stored: Callable[[str, Implementation], Q]
    lines: Callable[[Q], list[str]]
    examples: tuple[Example[Q], ...]
