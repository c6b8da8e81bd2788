r"""What a law is: linear relations between the worst-case expectations of related rows.

A law needs no oracle. From one row it derives others (shifted values, a smaller radius, merged
states, ...) and states relations

    sum_k c_k sigma(row_k) + constant >= 0      (or == 0)

that hold for the exact ``sigma``. An implementation returns ``v_k`` with
``|v_k - sigma(row_k)| <= T_k``; then the left side computed from the ``v_k`` is at least
``-sum_k |c_k| T_k``. With ``T_k = 6 k (u (span + |v_k|) + 2^-1074)``, ``k = 32 + 2S``, the most by which
:func:`drmg_oracles.agrees` lets a value differ from the truth, no law ever accuses an implementation
that agrees with the oracles. A looser :class:`Tolerance` has another u, and adds ``accuracy * span``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from drmg_check.sets import Row, UncertaintySet
from drmg_check.vocabulary import UnsupportedError, show
from drmg_oracles import rounding_allowance

Solve: TypeAlias = Callable[[Row], float]
# Of float64: half the gap at 1, and the smallest positive number.
UNIT = Fraction(1, 2**53)
UNDERFLOW = Fraction(1, 2**1074)
LAST_BITS = Fraction(1, 2**50)
"""Of values: two ulp of the largest, which is what operations on them leave."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is forgiven: rounding in one format, and a declared error.

    Parameters
    ----------
    accuracy : Fraction
        Declared error as a fraction of :func:`scale_of` the values, on top of rounding.
    unit, smallest : Fraction
        Of the format: half the gap at 1, and the smallest positive number.
    absolute : Fraction
        Declared error whatever the values are, on top of that.

    Examples
    --------
    >>> Tolerance(accuracy=Fraction(1, 10**6)).unit == FLOAT64.unit
    True
    """

    accuracy: Fraction = Fraction(0)
    unit: Fraction = UNIT
    smallest: Fraction = UNDERFLOW
    absolute: Fraction = Fraction(0)


FLOAT64 = Tolerance()


@dataclass(frozen=True, slots=True)
class Relation:
    """``sum_k coefficients[k] sigma(rows[k]) + constant >= 0``, or ``== 0`` when ``equality``.

    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> at_most(row, Fraction(1, 2), "at most the mean").words
    'at most the mean (<= 1/2)'
    """

    rows: tuple[Row, ...]
    coefficients: tuple[Fraction, ...]
    constant: Fraction
    equality: bool
    words: str


@dataclass(frozen=True, slots=True)
class Law:
    """A property of the exact worst-case expectation, so of every correct implementation.

    ``relations(row)`` yields nothing when the law says nothing about the row (or its set).

    >>> law = Law("below-1", "values in [0, 1] have a worst case of at most 1", lambda row: iter(
    ...     [at_most(row, Fraction(1), "at most 1")] if max(row.values) <= 1 else []))
    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> [relation.words for relation in law.relations(row)]
    ['at most 1 (<= 1)']
    """

    id: str
    statement: str
    relations: Callable[[Row], Iterator[Relation]]


@dataclass(frozen=True, slots=True)
class Violation:
    """Values that no correct implementation returns: the relation's left side is off by ``excess``.

    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> broken = at_most(row, Fraction(1, 2), "at most the mean")
    >>> Violation("bounds", broken, values=(0.75,), excess=Fraction(1, 4)).sentence
    'at most the mean (<= 1/2): got 0.75, off by 0.25 beyond rounding'
    """

    law: str
    relation: Relation
    values: tuple[float, ...]
    excess: Fraction

    @property
    def sentence(self) -> str:
        """What is wrong, in one sentence with the numbers."""
        got = ", ".join(repr(value) for value in self.values)
        return f"{self.relation.words}: got {got}, off by {_short(self.excess)} beyond rounding"


def _short(x: Fraction) -> str:
    try:
        return f"{float(x):.3g}"
    except OverflowError:
        return "more than any float"


def scale_of(values: Sequence[Fraction]) -> Fraction:
    """Return what a declared accuracy is a fraction of: the span, of constant values their size, of zeros 1.

    Whoever solves a row approximately stops at some error, and values that are all alike, up to their last
    bits, leave no span to measure it by.

    >>> scale_of([Fraction(2), Fraction(5)]), scale_of([Fraction(-4)] * 2), scale_of([Fraction(0)] * 2)
    (Fraction(3, 1), Fraction(4, 1), Fraction(1, 1))
    """
    span, size = max(values) - min(values), max(abs(v) for v in values)
    return span if span > LAST_BITS * size else size or Fraction(1)


def allowance(row: Row, value: float, tolerance: Tolerance = FLOAT64) -> Fraction:
    """Return the error T that a correct implementation may make on ``row`` (see the module).

    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> float(allowance(row, 0.25))
    2.9976021664879227e-14
    """
    unit = tolerance.unit * (row.span + abs(Fraction(value))) + tolerance.smallest
    declared = tolerance.accuracy * scale_of(row.values) + tolerance.absolute
    return 6 * rounding_allowance(row) * unit + declared


def check_law(law: Law, solve: Solve, row: Row, tolerance: Tolerance = FLOAT64) -> Violation | None:
    """Return the first relation of ``law`` that ``solve`` breaks on ``row``, or None.

    Parameters
    ----------
    solve : callable
        Row to float: the implementation under test. It raises UnsupportedError for a set that it does
        not offer; relations with such a row are skipped.
    tolerance : Tolerance

    Examples
    --------
    >>> from drmg_properties.laws import LAWS
    >>> from drmg_check.sets import TotalVariation
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> def optimist(row):
    ...     return float(max(row.values))
    >>> check_law(LAWS[0], optimist, row).sentence
    'the value is at most the nominal mean (<= 1/2): got 1.0, off by 0.5 beyond rounding'
    """
    for relation in law.relations(row):
        try:
            values = tuple(float(solve(derived)) for derived in relation.rows)
        except UnsupportedError:
            continue
        excess = _excess(relation, values, tolerance)
        if excess > 0:
            return Violation(law.id, relation, values, excess)
    return None


def _excess(relation: Relation, values: tuple[float, ...], tolerance: Tolerance) -> Fraction:
    if not all(math.isfinite(value) for value in values):
        return relation.rows[0].span + 1
    left = relation.constant
    allowed = Fraction(0)
    for row, c, value in zip(relation.rows, relation.coefficients, values, strict=True):
        left += c * Fraction(value)
        allowed += abs(c) * allowance(row, value, tolerance)
    off = abs(left) if relation.equality else -left
    return off - allowed


def at_least(row: Row, bound: Fraction, words: str) -> Relation:
    """``sigma(row) >= bound``."""
    return Relation((row,), (Fraction(1),), -bound, False, f"{words} (>= {show(bound)})")


def at_most(row: Row, bound: Fraction, words: str) -> Relation:
    """``sigma(row) <= bound``."""
    return Relation((row,), (Fraction(-1),), bound, False, f"{words} (<= {show(bound)})")


def ordered(smaller: Row, larger: Row, words: str) -> Relation:
    """``sigma(smaller) <= sigma(larger)``."""
    return Relation((smaller, larger), (Fraction(-1), Fraction(1)), Fraction(0), False, words)


def equal(first: Row, second: Row, words: str, shift: Fraction = Fraction(0)) -> Relation:
    """``sigma(second) == sigma(first) + shift``."""
    return Relation((first, second), (Fraction(-1), Fraction(1)), -shift, True, words)


def sets_like(uncertainty: UncertaintySet, *kinds: str) -> bool:
    """Whether the set is of one of the ``kinds`` (as files name them)."""
    return uncertainty.kind in kinds
