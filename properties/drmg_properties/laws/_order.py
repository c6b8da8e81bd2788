"""Laws of order: bounds, monotonicity, concavity in the values, convexity in the radius."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from drmg_check.sets import Row, leaves_support
from drmg_properties.laws._law import Law, Relation, at_least, at_most, ordered

HALF = Fraction(1, 2)


def nominal_mean(row: Row) -> Fraction:
    """Return ``E_p V`` exactly."""
    return sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


def _bounds(row: Row) -> Iterator[Relation]:
    reachable = [
        v
        for p, v in zip(row.probabilities, row.values, strict=True)
        if p > 0 or leaves_support(row.uncertainty)
    ]
    yield at_least(row, min(reachable), "the value is at least the smallest reachable V")
    yield at_most(row, nominal_mean(row), "the value is at most the nominal mean")


def _radius_zero(row: Row) -> Iterator[Relation]:
    nominal = replace(row, radius=Fraction(0))
    yield at_least(nominal, nominal_mean(row), "radius 0 leaves the adversary no choice")
    yield at_most(nominal, nominal_mean(row), "radius 0 leaves the adversary no choice")


def _monotone_in_values(row: Row) -> Iterator[Relation]:
    step = max(row.span, Fraction(1)) / 4
    for s in range(min(len(row.values), 4)):
        raised = tuple(v + step if t == s else v for t, v in enumerate(row.values))
        yield ordered(row, replace(row, values=raised), f"raising V at state {s} does not lower the value")


def _monotone_in_radius(row: Row) -> Iterator[Relation]:
    for factor in (HALF, Fraction(7, 8)):
        smaller = replace(row, radius=row.radius * factor)
        yield ordered(row, smaller, f"{factor} of the radius does not lower the value")


def _concave_in_values(row: Row) -> Iterator[Relation]:
    """Check the midpoint between V and V rotated: sigma is an infimum of linear functions of V."""
    other = row.values[1:] + row.values[:1]
    middle = tuple((v + w) * HALF for v, w in zip(row.values, other, strict=True))
    rows = (replace(row, values=middle), row, replace(row, values=other))
    yield Relation(
        rows, (Fraction(1), -HALF, -HALF), Fraction(0), False, "the value is concave in V: midpoint >= mean"
    )


def _convex_in_radius(row: Row) -> Iterator[Relation]:
    """Check the midpoint of [0, rho]: {(q, rho) : D(q, p) <= rho} is convex when D(., p) is."""
    if not row.uncertainty.is_convex_in_radius:
        return
    middle, zero = replace(row, radius=row.radius * HALF), replace(row, radius=Fraction(0))
    yield Relation(
        (row, zero, middle),
        (HALF, HALF, Fraction(-1)),
        Fraction(0),
        False,
        "the value is convex in the radius",
    )


def _constant(row: Row) -> Iterator[Relation]:
    flat = replace(row, values=(row.values[0],) * len(row.values))
    yield at_least(flat, row.values[0], "a constant V is its own worst case")
    yield at_most(flat, row.values[0], "a constant V is its own worst case")


ORDER_LAWS = (
    Law("bounds", "smallest reachable V <= value <= nominal mean", _bounds),
    Law("radius-zero", "radius 0 gives the nominal mean", _radius_zero),
    Law("constant", "a constant V is its own worst case", _constant),
    Law("monotone-in-values", "raising V nowhere lowers the value", _monotone_in_values),
    Law("monotone-in-radius", "a smaller radius never lowers the value", _monotone_in_radius),
    Law("concave-in-values", "the value is concave in V", _concave_in_values),
    Law("convex-in-radius", "the value is convex in the radius", _convex_in_radius),
)
