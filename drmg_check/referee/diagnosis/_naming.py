"""Which alternatives explain all answers of an implementation, and the sentence that says so.

An alternative is named if it gives the answer wherever it speaks, says something else than the truth in
enough of these cases, and explains the failure at hand. One counterexample rules it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

from drmg_properties.laws import Tolerance

ACCEPTED = Fraction(1, 10**6)
"""The share by which an answer may miss an alternative, if no coarser accuracy is declared."""
APART = 20
"""How many times as much an alternative has to differ from the truth to tell."""
MOST_NAMES = 3
"""Alternatives that no case tells apart are all named, unless they are more."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near an answer has to be to what an alternative says.

    >>> coarse = Nearness.of(Tolerance(accuracy=Fraction(1, 1000)))
    >>> float(coarse.accepted(Fraction(2))), float(coarse.telling(Fraction(2)))
    (0.002, 0.04)

    Parameters
    ----------
    share, absolute : Fraction
        The error that is accepted, as a share of the values in question and besides.
    """

    share: Fraction = ACCEPTED
    absolute: Fraction = Fraction(0)

    @classmethod
    def of(cls, tolerance: Tolerance) -> Nearness:
        """Return what code can keep that declares such an accuracy."""
        return cls(max(ACCEPTED, tolerance.accuracy), tolerance.absolute)

    def accepted(self, size: Fraction) -> Fraction:
        """Return by how much an answer may miss an alternative."""
        return self.share * size + self.absolute

    def telling(self, size: Fraction) -> Fraction:
        """Return by how much an alternative differs from the truth in a case that tells."""
        return APART * self.accepted(size)


class Named(Protocol):
    """What an entry of any catalogue has."""

    @property
    def name(self) -> str:
        """A few words, unique in its catalogue."""

    @property
    def words(self) -> str:
        """What it means, or how it comes about."""

    @property
    def remedy(self) -> str:
        """How to declare it, or ``""``."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer beside an alternative and the truth.

    Parameters
    ----------
    agrees : bool
        The answer is what the alternative says.
    differs : bool
        The truth is something else.
    nearer : bool
        The answer is so near to the alternative that the truth does not explain it.
    """

    agrees: bool
    differs: bool
    nearer: bool


Entry = TypeVar("Entry", bound=Named)
Case = TypeVar("Case")


def explaining(
    catalogue: Iterable[Entry],
    failed: Iterable[Case],
    asked: Iterable[Case],
    compare: Callable[[Entry, Case], Comparison | None],
    *,
    fewest: int,
) -> dict[Entry, int]:
    """Return the alternatives that explain all answers, with the number of cases in which they differ.

    Parameters
    ----------
    catalogue : iterable of alternatives
    failed, asked : iterable of cases
        Answers of the failure at hand, and to questions that tell alternatives apart. An alternative has to
        speak about all of the former. The latter are consumed only while an alternative is left.
    compare : callable
        None where the alternative says nothing.
    fewest : int
        Cases in which an alternative has to differ from the truth.
    """
    cases = list(failed)
    counts = {one: 0 for one in catalogue if cases and _explains([compare(one, case) for case in cases])}
    if not counts:
        return {}
    for case in asked:
        compared = {one: compare(one, case) for one in counts}
        counts = {
            one: counts[one] + (found is not None and found.differs)
            for one, found in compared.items()
            if found is None or found.agrees
        }
        if not counts:
            break
    return {one: n for one, n in counts.items() if n >= fewest}


def _explains(compared: list[Comparison | None]) -> bool:
    return all(one is not None and one.agrees for one in compared) and any(
        one is not None and one.nearer for one in compared
    )


def sentence(found: Mapping[Entry, int], says: str, than: str) -> str | None:
    """Say what was found: ``says`` X on n cases where it and the declared semantics differ; None if nothing.

    Parameters
    ----------
    found : mapping
        As :func:`explaining` returns it.
    says : str
        What the implementation does, as in ``"agrees with"``.
    than : str
        How it and the declared semantics part, as in ``"{it} and the declared semantics differ"``.
    """
    if not found or len(found) > MOST_NAMES:
        return None
    which = "it" if len(found) == 1 else "that"
    parts = [
        f"{one.name} ({one.words}) on 100 % of {cases} cases where {than.format(it=which)}"
        for one, cases in found.items()
    ]
    said = f"{says} {', and with '.join(parts)}"
    if len(found) > 1:
        return f"{said}; none of the cases tells these apart"
    remedy = next(iter(found)).remedy
    return f"{said}; if that is meant, {remedy}" if remedy else said
