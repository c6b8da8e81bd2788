"""Laws of symmetry: shift, scale, relabelling, merging states, states of zero mass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from drmg_check.sets import Contamination, Row, leaves_support
from drmg_properties.laws._law import Law, Relation, equal, ordered


def _shift(row: Row) -> Iterator[Relation]:
    for b in (Fraction(-3), Fraction(1024)):
        moved = replace(row, values=tuple(v + b for v in row.values))
        yield equal(row, moved, f"adding {b} to V adds {b} to the value", shift=b)


def _scale(row: Row) -> Iterator[Relation]:
    """Powers of two scale exactly, and 3 catches absolute tolerances hidden by them."""
    # a thousandth shows an absolute tolerance of 1e-6; smaller ones are for the next law
    return _scaled(row, Fraction(3), Fraction(1, 2**10), Fraction(2**10))


def _scale_far(row: Row) -> Iterator[Relation]:
    """Values of 1e12 and 1e-12, which no absolute tolerance survives."""
    return _scaled(row, Fraction(1, 2**40), Fraction(2**40))  # 2^40 is 1e12


def _scaled(row: Row, *factors: Fraction) -> Iterator[Relation]:
    for a in factors:
        scaled = replace(row, values=tuple(a * v for v in row.values))
        yield Relation(
            (row, scaled), (-a, Fraction(1)), Fraction(0), True, f"scaling V by {a} scales the value by {a}"
        )


def _relabel(row: Row) -> Iterator[Relation]:
    S = len(row.values)
    for name, order in (("reversed", range(S)[::-1]), ("rotated", [*range(1, S), 0])):
        moved = row.restrict(order)
        yield equal(row, moved, f"states in {name} order have the same value")


def _split(row: Row) -> Iterator[Relation]:
    """Split state 0 into two halves with the same V, which changes nothing (data processing).

    True for every f-divergence and for contamination; false for the L-infinity and the L2 ball, which
    look at each state alone, and meaningless without distances or weights of the new state.
    """
    if row.uncertainty.divergence is None and not isinstance(row.uncertainty, Contamination):
        return
    half = row.nominal[0] / 2
    split = replace(row, nominal=(half, *row.nominal[1:], half), values=(*row.values, row.values[0]))
    yield equal(row, split, "splitting state 0 into two halves with the same V changes nothing")


def _zero_mass(row: Row) -> Iterator[Relation]:
    """Add a bad state of zero mass, invisible to an adversary who may not leave the support."""
    if row.uncertainty.n_states is not None:  # nobody says how far the new state is
        return
    low = min(row.values) - max(row.span, Fraction(1))
    grown = replace(row, nominal=(*row.nominal, Fraction(0)), values=(*row.values, low))
    if leaves_support(row.uncertainty):
        yield ordered(grown, row, "an unvisited bad state never raises the value")
    else:
        yield equal(row, grown, "an unvisited bad state changes nothing: the adversary cannot reach it")


def _unvisited_good_state(row: Row) -> Iterator[Relation]:
    """Add a good state of zero mass; no adversary moves mass to it."""
    if row.uncertainty.n_states is not None:  # nobody says how far the new state is
        return
    high = max(row.values) + max(row.span, Fraction(1))
    grown = replace(row, nominal=(*row.nominal, Fraction(0)), values=(*row.values, high))
    yield equal(row, grown, "an unvisited state better than all others changes nothing")


SYMMETRY_LAWS = (
    Law("shift", "sigma(V + b) = sigma(V) + b", _shift),
    Law("scale", "sigma(a V) = a sigma(V) for a > 0", _scale),
    Law("extreme-scale", "sigma(a V) = a sigma(V) for a = 2^40 and 2^-40", _scale_far),
    Law("relabel", "the order of the states does not matter", _relabel),
    Law("split", "splitting a state into equal-valued parts changes nothing", _split),
    Law("zero-mass", "states of zero nominal mass matter iff the adversary may reach them", _zero_mass),
    Law(
        "unvisited-good-state", "an unvisited state with the largest V changes nothing", _unvisited_good_state
    ),
)
