"""Verdicts on claims, and the certified numbers from which they are computed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from drmg_check.vocabulary._errors import InputError


class Verdict(StrEnum):
    """What a run found out about a claim. Computed, never typed in.

    >>> [verdict.value for verdict in Verdict if verdict.is_true]
    ['holds', 'holds on a list', 'proved']
    """

    HOLDS = "holds"
    """On every instance tried; the run states how many told, and how close one came."""
    ON_A_LIST = "holds on a list"
    """On every entry of a finite list, where the statement speaks of all sizes; the run states the sizes."""
    PROVED = "proved"
    """By a proof object: an identity of sides derived apart, or a finite statement enumerated completely."""
    REFUTED = "refuted"
    """By an exact counterexample that replays from one line."""
    VACUOUS = "vacuous"
    """True, but says nothing below a size that the run states."""
    UNPROVED = "unproved"
    """The statement survives, but a step of its published proof is refuted."""
    NOT_CHECKABLE = "not checkable"
    """No finite computation decides it, or no instance within reach tells anything about it."""

    @property
    def is_true(self) -> bool:
        """Whether nothing speaks against the statement: it holds, on a list or by a proof."""
        return self in (Verdict.HOLDS, Verdict.ON_A_LIST, Verdict.PROVED)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A real number known by certified bounds ``low <= x <= high``; of an exact one they are equal.

    >>> root = Bounds(Fraction(7, 5), Fraction(3, 2))
    >>> root.magnitude, Bounds.of(2).low
    (Fraction(3, 2), Fraction(2, 1))
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            name = type(self).__name__.lower()
            raise InputError(f"{name}=[{self.low}, {self.high}] is empty; expected low <= high")

    @classmethod
    def of(cls, value: Fraction | int) -> Self:
        """Return the bounds of an exact number."""
        return cls(Fraction(value), Fraction(value))

    @property
    def magnitude(self) -> Fraction:
        """The least certain bound on the absolute value."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, slots=True)
class Slack(Bounds):
    """Bounds on ``(what the claim allows) - (what is there)``; the claim needs it >= 0.

    A slack whose bounds contain 0 strictly decides nothing.

    >>> Slack.of(0).holds, Slack(Fraction(-1), Fraction(1)).holds, Slack(Fraction(-1), Fraction(1)).violated
    (True, False, False)
    """

    @property
    def holds(self) -> bool:
        """Certainly >= 0."""
        return self.low >= 0

    @property
    def violated(self) -> bool:
        """Certainly < 0."""
        return self.high < 0


def difference(minuend: Bounds, subtrahend: Bounds) -> Slack:
    """Return bounds on ``minuend - subtrahend``.

    >>> difference(Bounds.of(3), Bounds(Fraction(1), Fraction(2)))
    Slack(low=Fraction(1, 1), high=Fraction(2, 1))
    """
    return Slack(minuend.low - subtrahend.high, minuend.high - subtrahend.low)


def distance(x: Bounds, y: Bounds) -> Bounds:
    """Return bounds on ``|x - y|``.

    >>> distance(Bounds.of(1), Bounds(Fraction(2), Fraction(3)))
    Bounds(low=Fraction(1, 1), high=Fraction(2, 1))
    """
    most = max(x.high - y.low, y.high - x.low)
    return Bounds(max(Fraction(0), x.low - y.high, y.low - x.high), most)


def within(x: Bounds, y: Bounds, room: Fraction | int = 0) -> Slack:
    """Return the slack of ``|x - y| <= room`` for two numbers that are known by bounds.

    >>> within(Bounds.of(1), Bounds(Fraction(2), Fraction(3)), room=2)
    Slack(low=Fraction(0, 1), high=Fraction(1, 1))
    """
    return difference(Bounds.of(room), distance(x, y))
