"""The rows that an implementation is judged on: adversarial families, smoke rows, generated ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.referee.asking import Session, row_as_given
from drmg_check.referee.evidence import Fault, Tally
from drmg_check.referee.levels._planned import Judge
from drmg_check.sets import Row, UncertaintySet
from drmg_check.targets import SetFamily, set_family
from drmg_check.vocabulary import InputError
from drmg_oracles import rows_by_family
from drmg_properties.strategies import resized_sets, rows

MOST_STATES, MOST_PLACES = 100, 12
"""Of a row; transport problems grow faster."""
SIMPLE = ("small", "typical", "ties", "zeros")
"""The families whose rows any user would write; the others are extreme."""
MOST_STEPS = 400
"""Smaller rows that are tried to simplify one that fails."""


@lru_cache(maxsize=64)
def family_rows(name: str) -> dict[str, tuple[Row, ...]]:
    """Return the adversarial rows of a set (by its short name) by their family, rounded as they are given."""
    family = set_family(name)
    found: dict[str, dict[Row, None]] = {}
    most_states = MOST_STATES if family.make(1).n_states is None else MOST_PLACES
    for case in rows_by_family(family.make, "referee", most_states):
        with_floats = row_as_given(case.row)
        found.setdefault(case.family, {})[with_floats] = None
    return {name: tuple(distinct) for name, distinct in found.items()}


def simple_rows(family: SetFamily, most_states: int = 5) -> tuple[Row, ...]:
    """Return the rows of the simple families with few states."""
    families = family_rows(family.name)
    return tuple(row for name in SIMPLE for row in families.get(name, ()) if len(row.values) <= most_states)


def rows_to_repeat(family: SetFamily) -> tuple[Row, ...]:
    """Return rows that show whether equal rows get equal values: simple ones, and some of many states.

    An optimiser that starts at random finds the same optimum in two or three dimensions wherever it starts.
    """
    families = family_rows(family.name)
    larger = [row for name in ("typical", "zeros", "large") for row in families.get(name, ())]
    return (*simple_rows(family)[:5], *sorted(larger, key=lambda row: len(row.values))[-4:])


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
    sizes = st.just(1) if example.n_states is None else st.integers(1, max_states)
    sets = sizes.flatmap(lambda states: resized_sets(example, states))
    return sets.flatmap(lambda one: rows(one, max_states, 2) | _rough(one, max_states)).map(row_as_given)


@st.composite
def _rough(draw: DrawFn, uncertainty: UncertaintySet, max_states: int) -> Row:
    """Draw a row without structure: full mantissas, values of either sign."""
    S = uncertainty.n_states or draw(st.integers(1, max_states))
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
    try:
        changed = Row(row.uncertainty, tuple(weights), tuple(values), radius)
        yield row_as_given(changed.restrict(kept))
    except InputError:  # all weights gone, or a radius that the set does not have
        return


def simplify(judge: Judge[Row], session: Session[Row], fault: Fault[Row], first: Fault[Row]) -> Fault[Row]:
    """Return a fault as bad as the first on the simplest row nearby that a greedy descent reaches."""
    steps = 0
    improved = True
    while improved and steps < MOST_STEPS:
        improved = False
        for row in smaller_rows(fault.question):
            if complexity(row) >= complexity(fault.question):
                continue
            steps += 1
            smaller = judge(session, session.given(row), Tally())
            if smaller is not None and smaller.is_as_bad_as(first):
                fault, improved = smaller, True
                break
            if steps >= MOST_STEPS:
                break
    return fault
