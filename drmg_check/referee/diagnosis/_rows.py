r"""Diagnosis: what an implementation seems to compute instead of what it declares.

The implementation is asked about rows that tell the alternatives of a catalogue apart, whatever the checks
asked before. With ``v`` its value, ``x`` that of an alternative and ``sigma`` the certified one, an
alternative is named if

* on every row that it speaks about, ``|v - x| <= e``, rounding forgiven, where e is 1e-6 of the span of V or
  the accuracy that is declared, if that is coarser;
* on at least :data:`FEWEST` rows it says something else, ``|x - sigma| > 20 e``: values that hit x by chance
  do so with a probability below ``20^-8``;
* it explains the failure at hand: on each of its rows as above, and on one of them v is ten times nearer to
  x than to sigma.

One counterexample rules an alternative out, so nothing is said of noise, of a mistake that the catalogue
does not have, or of two at once. Alternatives that no row tells apart are all named, unless they are many.

Real code may handle little: two outcomes, metrics that are distances of indices, positive values, a few
sizes. What it refuses is no counterexample, and :func:`plain_rows` have enough for each such kind of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, partial
from random import Random
from typing import TypeAlias

from drmg_check.referee.asking import row_as_given
from drmg_check.referee.diagnosis._alternatives import Alternative, conventions
from drmg_check.referee.diagnosis._mistakes import mistakes
from drmg_check.referee.diagnosis._naming import Comparison, Nearness, explaining, sentence
from drmg_check.referee.evidence import certified
from drmg_check.sets import Row, SetFamily, UncertaintySet
from drmg_check.targets import set_family, set_name
from drmg_check.vocabulary import DrmgError, UnsupportedError
from drmg_oracles import saturation_radius
from drmg_properties.laws import FLOAT64, Solve, Tolerance, allowance

Diagnose: TypeAlias = Callable[[Solve, UncertaintySet, Sequence[Row], Tolerance], str | None]
"""``diagnose(solve, declared, rows, tolerance)`` says what ``solve`` seems to compute instead of a set.

``rows`` are those of one failure; it may ask for others. ``tolerance`` is what is declared."""
ROWS, PLAIN_ROWS = 90, 60
WIDE = (2**7, 2**14, 2**20)
"""Some values are as many times as large, so that tolerances and bounds that have a unit bite."""
FEWEST = 8
NEARER = 10


def diagnose(
    solve: Solve, declared: UncertaintySet, rows: Sequence[Row], tolerance: Tolerance = FLOAT64
) -> str | None:
    """Say what an implementation seems to compute, or None.

    Parameters
    ----------
    solve : callable
        Row to float: the implementation, which may raise UnsupportedError.
    declared : UncertaintySet
        What it should solve.
    rows : sequence of Row
        Those of one failure: the row of a wrong value, or the rows of a law that is broken.
    tolerance : Tolerance
        What the implementation declares.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles import worst_case_exact
    >>> def half(row):  # the ball of L1 under the name of TV
    ...     return float(worst_case_exact(replace(row, radius=row.radius / 2)))
    ...
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> diagnose(half, TotalVariation(), [row]).partition(" (")[0]
    'agrees with half the radius'
    """
    declared = set_family(set_name(declared)).make(1)  # one catalogue for all ground metrics
    found = explaining(
        catalogue(declared),
        _answers(solve, rows),
        _answers(solve, (*discriminating_rows(declared), *plain_rows(declared))),
        partial(_compare, tolerance),
        fewest=FEWEST,
    )
    return sentence(found, "agrees with", "{it} and the declared semantics differ")


@lru_cache(maxsize=64)
def catalogue(declared: UncertaintySet) -> tuple[Alternative, ...]:
    """Return the alternatives to a set, the likeliest first."""
    return (*conventions(declared), *mistakes(declared))


@lru_cache(maxsize=64)
def discriminating_rows(declared: UncertaintySet) -> tuple[Row, ...]:
    """Return rows that tell alternatives apart: plain numbers in every regime, always the same ones.

    One in three has its minimum, and one in three another state, outside the nominal support; V lies in
    [0, 1], around 0, far above, or, in one row of four, in the thousands or millions; the radius is small,
    medium, or on either side of saturation.
    """
    chance = Random(f"diagnosis of {set_name(declared)}")  # noqa: S311 - the same rows for everybody
    return tuple(_row(chance, declared, k) for k in range(ROWS))


@lru_cache(maxsize=64)
def plain_rows(declared: UncertaintySet) -> tuple[Row, ...]:
    """Return rows for code that handles little, in every regime: three in five have two states.

    V is positive, in one row of four large, distances are those of indices, and two rows in three have full
    support.
    """
    chance = Random(f"plain diagnosis of {set_name(declared)}")  # noqa: S311 - the same rows for everybody
    family = set_family(set_name(declared))
    return tuple(_plain_row(chance, family, k) for k in range(PLAIN_ROWS))


def _plain_row(chance: Random, family: SetFamily, k: int) -> Row:
    S = (2, 2, 2, 3, 4)[k % 5]
    unit = Fraction(WIDE[k // 4 % 3] if k % 4 == 3 else 1, 32)
    values = [x * unit for x in chance.sample(range(1, 97), S)]
    weights = [Fraction(chance.randrange(4, 64)) for _ in range(S)]
    if k % 3 == 1:
        weights[chance.randrange(S)] = Fraction(0)
    row = Row(family.make(S), tuple(weights), tuple(values), Fraction(0))
    return _with_radius(chance, row, (0, 1, 2, 2, 3)[k // 5 % 5])  # fewer saturate, where entries agree


def _row(chance: Random, declared: UncertaintySet, k: int) -> Row:
    S = 3 + k % 2
    low, high = ((0, 32), (-64, 96), (256, 384))[k // 3 % 3]
    unit = Fraction(WIDE[k % 3] if k >= ROWS // 5 and k // 3 % 3 == 0 else 1, 32)
    values = [x * unit for x in chance.sample(range(low, high), S)]
    weights = [Fraction(chance.randrange(4, 64)) for _ in range(S)]
    lowest, others = values.index(min(values)), [s for s in range(S) if values[s] > min(values)]
    if k % 3:
        weights[lowest if k % 3 == 1 else chance.choice(others)] = Fraction(0)
    if declared.n_states is not None:
        declared = declared.placed([Fraction(x, 4) for x in chance.sample(range(16), S)])
    return _with_radius(chance, Row(declared, tuple(weights), tuple(values), Fraction(0)), k // 9)


def _with_radius(chance: Random, row: Row, k: int) -> Row:
    """Give a row a radius that is small, medium, or on either side of saturation."""
    top, limit = row.uncertainty.max_radius, saturation_radius(row)
    share = Fraction(chance.randrange(8, 64), 64)
    radius = (
        share / 8,
        share if top is None else share * top,
        share * (limit or 1),
        (limit or 1) * (1 + share),
        (limit or 1) * (1 + share),
    )[k % 5]
    return row_as_given(replace(row, radius=radius if top is None else min(radius, top)))


def _answers(solve: Solve, rows: Sequence[Row]) -> Iterator[tuple[Row, Fraction]]:
    for row in rows:
        try:
            yield row, Fraction(solve(row))
        except (UnsupportedError, ArithmeticError, ValueError):  # no answer, or none that is finite
            continue


def _compare(tolerance: Tolerance, alternative: Alternative, case: tuple[Row, Fraction]) -> Comparison | None:
    row, answer = case
    value = value_of(alternative, row)
    if value is None:
        return None
    near, truth = Nearness.of(tolerance), certified(row).lo
    rounding = allowance(row, float(answer), replace(tolerance, accuracy=Fraction(0), absolute=Fraction(0)))
    return Comparison(
        agrees=abs(answer - value) <= near.accepted(row.span) + rounding,
        differs=abs(value - truth) > near.telling(row.span),
        nearer=NEARER * abs(answer - value) < abs(answer - truth),
    )


@lru_cache(maxsize=65536)
def value_of(one: Alternative, row: Row) -> Fraction | None:
    """Return what an alternative says about a row, or None if it says nothing."""
    try:
        return one.value(row)
    except (DrmgError, ArithmeticError, ValueError):
        return None
