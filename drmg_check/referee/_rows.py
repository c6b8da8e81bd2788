"""The rows that an implementation is judged on: in float64, so that both sides mean the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.referee._precision import FORMATS, rounded
from drmg_check.sets import Row, UncertaintySet, Wasserstein
from drmg_check.targets import SetFamily
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.words import Precision
from drmg_oracles import cases
from drmg_properties.strategies import ground_metrics, rows

MOST_STATES, MOST_PLACES = 100, 12
"""Of a row; transport problems grow faster."""
SIMPLE = ("small", "typical", "ties", "zeros")
"""The families whose rows any user would write; the others are extreme."""


def as_given(row: Row, precision: Precision = "float64") -> Row:
    """Return the row that an implementation of that precision is given for this one.

    Values and radius are rounded. Probabilities are rounded to multiples of 2^-53 (2^-24), those below it to
    the format, and the largest completes the sum to exactly 1 (as nearly as the format allows beside tiny
    ones): otherwise it would matter, at tiny radii, whether an implementation normalises.
    """
    top = row.uncertainty.max_radius
    radius = rounded(row.radius, precision)
    return Row(
        row.uncertainty,
        given_probabilities(row.probabilities, precision),
        tuple(rounded(v, precision) for v in row.values),
        radius if top is None else min(radius, top),
    )


def given_probabilities(p: Sequence[Fraction], precision: Precision = "float64") -> tuple[Fraction, ...]:
    """Return the probabilities that stand for p, as :func:`as_given` rounds them."""
    largest = max(range(len(p)), key=p.__getitem__)
    weights = [_on_grid(x, precision) for x in p]
    weights[largest] = Fraction(0)
    weights[largest] = rounded(1 - sum(weights, Fraction(0)), precision)
    return tuple(weights)


def _on_grid(x: Fraction, precision: Precision) -> Fraction:
    grid = 2 ** FORMATS[precision].digits
    return Fraction(round(x * grid), grid) if x * grid >= 1 else rounded(x, precision)


def float_parts(row: Row, precision: Precision = "float64") -> tuple[list[float], list[float], float]:
    """Return ``(p, V, rho)`` of a row derived from a given one: each number within half an ulp.

    Raises
    ------
    UnsupportedError
        A number is beyond the precision, or rounds like a subnormal: then the floats mean another row.
    """
    nominal = [_float(x, precision) for x in row.nominal]
    return nominal, [_float(v, precision) for v in row.values], _float(row.radius, precision)


def _float(x: Fraction, precision: Precision) -> float:
    used = FORMATS[precision]
    if abs(x) > used.largest or (abs(x) < used.smallest_normal and rounded(x, precision) != x):
        raise UnsupportedError(f"a number of the row is beyond {precision}")
    return float(x)


@lru_cache(maxsize=64)
def family_rows(family: SetFamily) -> dict[str, tuple[Row, ...]]:
    """Return the adversarial rows of a set by their family, as given to an implementation."""
    found: dict[str, dict[Row, None]] = {}
    most_states = MOST_PLACES if isinstance(family.make(1), Wasserstein) else MOST_STATES
    for case in cases(family.make, "referee", most_states):
        with_floats = as_given(case.row)
        found.setdefault(case.family, {})[with_floats] = None
    return {name: tuple(distinct) for name, distinct in found.items()}


def simple_rows(family: SetFamily, most_states: int = 5) -> tuple[Row, ...]:
    """Return the rows of the simple families with few states."""
    families = family_rows(family)
    return tuple(row for name in SIMPLE for row in families.get(name, ()) if len(row.values) <= most_states)


def smoke_rows(family: SetFamily) -> dict[str, Row]:
    """Return the three rows that show whether an adapter works at all."""
    two = family.make(2)
    half = Fraction(1, 2)
    return {
        "one-state": Row.of(family.make(1), [1], [3], 0),
        "radius-zero": Row.of(family.make(3), ["1/2", "1/4", "1/4"], [1, 2, 4], 0),
        "two-states": Row(two, (half, half), (Fraction(0), Fraction(1)), Fraction(1, 4)),
    }


def generated_rows(family: SetFamily, max_states: int = 4) -> SearchStrategy[Row]:
    """Draw simple rows on the borders between regimes, or rows of arbitrary floats."""
    example = family.make(1)
    if isinstance(example, Wasserstein):
        sets: SearchStrategy[UncertaintySet] = (
            st.integers(1, max_states)
            .flatmap(ground_metrics)
            .map(lambda ground: Wasserstein(ground, example.order))
        )
    else:
        sets = st.just(example)
    return sets.flatmap(lambda one: rows(one, max_states, 2) | _rough(one, max_states)).map(as_given)


@st.composite
def _rough(draw: DrawFn, uncertainty: UncertaintySet, max_states: int) -> Row:
    """Draw a row without structure: full mantissas, values of either sign."""
    S = len(uncertainty.ground) if isinstance(uncertainty, Wasserstein) else draw(st.integers(1, max_states))
    # Tiny numbers are the business of the extreme families.
    unit = st.floats(0, 1, width=32).map(lambda x: x if x > 2.0**-20 else 0.0)
    real = st.floats(-8, 8).map(lambda x: x if abs(x) > 2.0**-20 else 0.0)
    weights = draw(st.lists(unit, min_size=S, max_size=S).filter(any))
    values = draw(st.lists(real, min_size=S, max_size=S))
    top = uncertainty.max_radius
    radius = draw(st.floats(0, 2 if top is None else float(top)))
    return Row.of(uncertainty, weights, values, radius if radius > 2.0**-20 else 0.0)


def smaller_rows(row: Row) -> Iterator[Row]:
    """Yield simpler rows nearby, the boldest first: fewer states, then simpler numbers."""
    S = len(row.values)
    for s in range(S):
        if S > 1 and row.nominal[s] < 1:
            yield from _built(row, [t for t in range(S) if t != s], row.nominal, row.values, row.radius)
    everything = list(range(S))
    for radius in _simpler(row.radius):
        yield from _built(row, everything, row.nominal, row.values, radius)
    uniform = tuple(Fraction(x > 0) for x in row.nominal)
    ranks = sorted(set(row.values))
    yield from _built(row, everything, uniform, row.values, row.radius)
    yield from _built(
        row, everything, row.nominal, [Fraction(ranks.index(v)) for v in row.values], row.radius
    )
    for s in range(S):
        for weight in _simpler(row.nominal[s]):
            changed = [weight if t == s else x for t, x in enumerate(row.nominal)]
            yield from _built(row, everything, changed, row.values, row.radius)
        for value in _simpler(row.values[s]):
            changed = [value if t == s else x for t, x in enumerate(row.values)]
            yield from _built(row, everything, row.nominal, changed, row.radius)


def complexity(row: Row) -> tuple[int, int]:
    """Return what a smaller row has less of: states, then digits."""
    numbers = (*row.probabilities, *row.values, row.radius)
    return len(row.values), sum(
        x.numerator.bit_length() + x.denominator.bit_length() + (x < 0) for x in numbers
    )


def _simpler(x: Fraction) -> Iterator[Fraction]:
    yield Fraction(0)
    yield Fraction(1)
    yield Fraction(round(x))
    for denominator in (4, 64, 1024):
        yield Fraction(round(x * denominator), denominator)


def _built(
    row: Row, kept: Sequence[int], weights: Sequence[Fraction], values: Sequence[Fraction], radius: Fraction
) -> Iterator[Row]:
    uncertainty = row.uncertainty
    if isinstance(uncertainty, Wasserstein):
        ground = uncertainty.ground
        uncertainty = replace(uncertainty, ground=tuple(tuple(ground[s][t] for t in kept) for s in kept))
    try:
        yield as_given(
            Row(uncertainty, tuple(weights[s] for s in kept), tuple(values[s] for s in kept), radius)
        )
    except InputError:  # all weights gone, or a radius that the set does not have
        return
