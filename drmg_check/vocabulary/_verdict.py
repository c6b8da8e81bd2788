"""Verdicts on claims, and the slack from which they are computed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from drmg_check.vocabulary._errors import InputError


class Verdict(StrEnum):
    """What a run found out about a claim. Computed, never typed in."""

    HOLDS = "holds"
    """On every instance tried; the run states how many and the smallest slack."""
    PROVED = "proved"
    """Symbolically, or by exhausting the (finite) statement."""
    REFUTED = "refuted"
    """By an exact counterexample that replays from one line."""
    VACUOUS = "vacuous"
    """True, but says nothing below a size that the run states."""
    UNPROVED = "unproved"
    """The statement survives, but a step of its published proof is refuted."""
    NOT_CHECKABLE = "not checkable"
    """No finite computation decides it, or this instance is too large for the checker."""


@dataclass(frozen=True, slots=True)
class Slack:
    """A certified interval for ``(what the claim allows) - (what was found)``; the claim needs it >= 0.

    Exact slacks have ``low == high``. An interval that contains 0 strictly decides nothing.
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise InputError(f"slack=[{self.low}, {self.high}] is empty; expected low <= high")

    @classmethod
    def of(cls, value: Fraction | int) -> Slack:
        """Return the exact slack ``value``."""
        return cls(Fraction(value), Fraction(value))

    @property
    def holds(self) -> bool:
        """Certainly >= 0."""
        return self.low >= 0

    @property
    def violated(self) -> bool:
        """Certainly < 0."""
        return self.high < 0


def within(x: Slack, y: Slack, room: Fraction | int = 0) -> Slack:
    """Return the slack of ``|x - y| <= room`` for two numbers that are known by intervals."""
    most = max(x.high - y.low, y.high - x.low)
    least = max(Fraction(0), x.low - y.high, y.low - x.high)
    return Slack(room - most, room - least)
