r"""Adversarial rows, built deterministically: what random rows do not reach.

The families follow the construction of conformance suites for elementary functions: pattern values (ties,
zeros, constants, one state), the boundaries of every regime and their neighbours in float64, and extreme
magnitudes. Every number is made by operations that are exact in binary or correctly rounded, never by a
library's ``pow`` or ``log``, so that each platform builds the same rows.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from drmg_check.sets import Row, UncertaintySet
from drmg_check.vocabulary import Number, exact
from drmg_oracles.rows._regimes import saturation_radius

DENORMAL = 5e-324
LARGEST_RADIUS = Fraction(50)  # the tilt of reverse KL grows like exp(radius), and its proofs get long


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the radius that reaches the minimum (of 1 where none does), rounded to float64."""

    of_saturation: float


@dataclass(frozen=True, slots=True)
class Ulps:
    """So many float64 numbers beyond the radius that reaches the minimum.

    ``confined`` means the minimum over the nominal support: for a set whose adversary may leave it, a
    threshold that only a wrong implementation has.
    """

    count: int
    confined: bool = False


Radius: TypeAlias = Number | Share | Ulps
Sketch: TypeAlias = tuple[Sequence[Number], Sequence[Number], Radius, str]


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A row, the family that it comes from, its number there (stable) and why it is there.

    >>> from drmg_check.sets import TotalVariation
    >>> first = next(rows_by_family(lambda n_states: TotalVariation(), seed="0"))
    >>> first.family, first.number, first.comment
    ('small', 1, 'a fair coin')
    """

    family: str
    number: int
    row: Row
    comment: str


def rows_by_family(
    make: Callable[[int], UncertaintySet], seed: str, most_states: int = 100
) -> Iterator[FamilyRow]:
    """Yield the adversarial rows of a set, each row once, always the same.

    Parameters
    ----------
    make : callable
        The set for a row of so many states (a Wasserstein set needs a ground metric of that size).
    seed : str
        Two sets with the same seed get the same nominal rows and values.
    most_states : int
        Longer rows are left out; checking a ground metric takes time cubic in its size.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler
    >>> examples = rows_by_family(lambda n_states: KullbackLeibler(), "0", most_states=4)
    >>> {example.family for example in examples} >= {"saturation", "ties", "zero-radius"}
    True
    """
    seen: set[Row] = set()
    for family in FAMILIES:
        draw = Draw(random.Random(f"{seed}/{family.__name__}"))  # noqa: S311 - reproducible, not secret
        for number, (weights, values, radius, comment) in enumerate(family(draw), 1):
            if len(weights) > most_states:
                continue
            row = _row(make(len(weights)), weights, values, radius)
            if row is not None and row not in seen:
                seen.add(row)
                yield FamilyRow(family.__name__.replace("_", "-"), number, row, comment)


def _row(
    uncertainty: UncertaintySet, weights: Sequence[Number], values: Sequence[Number], radius: Radius
) -> Row | None:
    """Resolve the radius; None if the set has no such radius."""
    bare = Row.of(uncertainty, weights, values, 0)
    if isinstance(radius, Share):
        at = saturation_radius(bare) or Fraction(1)
        radius = radius.of_saturation * float(min(at, LARGEST_RADIUS))
    elif isinstance(radius, Ulps):
        if radius.confined:
            support = [k for k, weight in enumerate(bare.nominal) if weight]
            if uncertainty.n_states is not None or len(support) == len(weights):
                return None
            bare = Row.of(uncertainty, [weights[k] for k in support], [values[k] for k in support], 0)
        threshold = saturation_radius(bare)
        if not threshold or threshold > LARGEST_RADIUS:
            return None
        radius = _ulps_beyond(float(threshold), radius.count)
    top = uncertainty.max_radius
    return Row.of(uncertainty, weights, values, radius if top is None else min(exact(radius), top))


def _ulps_beyond(x: float, count: int) -> float:
    for _ in range(abs(count)):
        x = math.nextafter(x, math.inf if count > 0 else 0.0)
    return x


@dataclass(frozen=True, slots=True)
class Draw:
    """Random numbers whose bits do not depend on the platform or the version of Python."""

    rng: random.Random

    def unit(self) -> float:
        """Return a float64 in [0, 1)."""
        return self.rng.random()

    def units(self, S: int) -> list[float]:
        """Return S of them."""
        return [self.unit() for _ in range(S)]

    def weights(self, S: int) -> list[float]:
        """Return S weights that sum to 1 up to rounding: ``fsum`` and ``/`` round correctly."""
        drawn = self.units(S)
        total = math.fsum(drawn)
        return [x / total for x in drawn]

    def below(self, n: int) -> int:
        """Return an integer in [0, n)."""
        return int(self.unit() * n)

    def wide(self, bits: int) -> float:
        """Return a float64 whose binary exponent is spread over [-bits, 0]."""
        return math.ldexp(1 + self.unit(), -self.below(bits + 1))


def small(_draw: Draw) -> Iterator[Sketch]:
    """Yield fractions that a reader can check by hand."""
    half = Fraction(1, 2)
    yield [half, half], [0, 1], Fraction(1, 4), "a fair coin"
    yield [half, half], [0, 1], Fraction(2, 13), "squared Hellinger: exactly 49/338"
    yield [half, half], [0, 1], Fraction(9, 32), "Cressie-Read of order -1: exactly 1/5"
    yield [half, half], [0, 1], Fraction(1, 9), "chi-square: exactly 1/3"
    thirds = [half, Fraction(1, 3), Fraction(1, 6)]
    yield thirds, [1, 2, 4], Fraction(1, 10), "a loaded die"
    yield thirds, [4, 2, 1], Fraction(1, 10), "the rarest state is the worst"
    yield [1, 1, 2], [0, 1, 2], Fraction(1, 8), "weights 1:1:2 mean 1/4, 1/4, 1/2"
    yield [0, half, half], [0, 1, 2], Fraction(1, 10), "the worst state is outside the nominal support"
    yield [0, 1], [0, 1], Fraction(1, 4), "all the mass beside the worst state"


def typical(draw: Draw) -> Iterator[Sketch]:
    """Yield generic rows at generic radii."""
    for S in (2, 3, 5, 8, 20):
        for share in (0.01, 0.25, 0.75):
            yield draw.weights(S), draw.units(S), Share(share), f"{share} of the radius of saturation"


def ties(draw: Draw) -> Iterator[Sketch]:
    """Yield values from a few levels, so that argmin and cut are shared by several states."""
    for S in (3, 5, 8, 12):
        for share in (0.25, 0.75):
            yield draw.weights(S), [draw.below(3) for _ in range(S)], Share(share), "values in {0, 1, 2}"


def zeros(draw: Draw) -> Iterator[Sketch]:
    """Yield structural zeros, first of all at the argmin."""
    for S in (2, 3, 5, 8):
        weights, values = [0.0, *draw.weights(S - 1)], sorted(draw.units(S))
        for share in (0.125, 0.5):
            yield weights, values, Share(share), "the smallest value lies outside the nominal support"
        for count in (-1, 0, 1):
            yield (
                weights,
                values,
                Ulps(count, confined=True),
                "at the radius that reaches the smallest value of the support",
            )
        yield [*weights, 0.0], [*values, 9.0], Share(0.5), "the largest value lies outside the support, too"
    sparse = [x if k % 4 == 0 else 0.0 for k, x in enumerate(draw.weights(12))]
    yield sparse, draw.units(12), Share(0.5), "three of twelve states are in the support"


def tiny_weights(draw: Draw) -> Iterator[Sketch]:
    """Yield a weight of 5e-324 or 1e-300 at the argmin, inside the support but easily flushed."""
    for tiny in (DENORMAL, 1e-300, 1e-18):
        rest = draw.weights(2)
        for radius in (Fraction(1, 10), Share(0.5), Ulps(-1), Ulps(0), 2.0):
            yield [tiny, *rest], [0.0, 0.5, 1.0], radius, f"weight {tiny} at the argmin"
        yield [*rest, tiny], [0.0, 0.5, 1.0], Share(0.5), f"weight {tiny} at the argmax"
        yield [tiny, *rest], [0.0, 0.5, 1.0], Ulps(0, confined=True), "no state is outside the support"


def tiny_radius(draw: Draw) -> Iterator[Sketch]:
    """Yield radii at which an uncentred dual cancels like u / sqrt(radius)."""
    for radius in (DENORMAL, 1e-300, 1e-100, 1e-30, 1e-16, 1e-12, 1e-10, 1e-8):
        yield draw.weights(5), draw.units(5), radius, "tiny radius"
    sums_to_more = [0.1] * 10
    for radius in (1e-16, 1e-12):
        yield sums_to_more, draw.units(10), radius, "ten weights 0.1 do not sum to 1"


def zero_radius(draw: Draw) -> Iterator[Sketch]:
    """Yield the ball is the nominal row."""
    for S in (1, 2, 5, 20):
        yield draw.weights(S), draw.units(S), 0, "the nominal mean"
    yield [0.0, 1.0], [0.0, 1.0], 0, "the nominal mean of a point mass"


def saturation(draw: Draw) -> Iterator[Sketch]:
    """Yield the radius that reaches the minimum and its two neighbours."""
    rows: list[tuple[Sequence[Number], Sequence[Number]]] = [
        (draw.weights(2), [0, 1]),
        (draw.weights(3), draw.units(3)),
        (draw.weights(8), draw.units(8)),
        ([0.25] * 4, [0, 0, 1, 2]),
        ([*draw.weights(3), 0.0], [0.25, 0.5, 1, 2]),
    ]
    for weights, values in rows:
        for count in (-1, 0, 1):
            yield weights, values, Ulps(count), "at the radius that reaches the minimum"
    squares: list[Sequence[Number]] = [[0.25, 0.75], ["4/9", "5/9"]]
    for weights in squares:
        yield weights, [0, 1], Ulps(0), "the mass of the argmin is a square: a rational radius for most sets"
    yield [0.25, 0.75], [0, 1], Fraction(4, 3), "Cressie-Read of order 3/2 reaches the minimum exactly"
    yield ["4/9", "5/9"], [0, 1], Fraction(2, 3), "squared Hellinger reaches the minimum exactly"
    yield ["4/9", "5/9"], [0, 1], Fraction(5, 4), "chi-square reaches the minimum exactly"
    yield ["4/9", "5/9"], [0, 1], Fraction(5, 9), "total variation reaches the minimum exactly"


def constant(draw: Draw) -> Iterator[Sketch]:
    """Yield constant values, exactly or up to the last bit."""
    yield draw.weights(4), [0.3] * 4, Share(0.5), "constant"
    yield draw.weights(3), [1e12] * 3, Fraction(1, 10), "a large constant"
    yield [0.0, *draw.weights(2)], [0.0, 0.5, 0.5], Fraction(1, 10), "constant on the support"
    yield draw.weights(3), [1.0, math.nextafter(1.0, 2.0), 1.0], Share(0.5), "constant up to one bit"


def value_scale(draw: Draw) -> Iterator[Sketch]:
    """Yield tiny, huge and offset values."""
    for scale in (-40, 40, -500, 500):
        values = [math.ldexp(x, scale) for x in draw.units(4)]
        yield draw.weights(4), values, Share(0.5), f"values of the order 2^{scale}"
    for offset in (1e6, 1e12, -1e12):
        yield draw.weights(4), [offset + x for x in draw.units(4)], Share(0.5), f"values near {offset:g}"
    yield (
        draw.weights(4),
        [1 + math.ldexp(draw.below(9), -52) for _ in range(4)],
        Share(0.5),
        "bits apart",
    )
    yield (
        draw.weights(6),
        [draw.wide(900) for _ in range(6)],
        Share(0.5),
        "values over hundreds of magnitudes",
    )
    yield draw.weights(4), [-x for x in draw.units(4)], Share(0.5), "negative values"


def one_state(draw: Draw) -> Iterator[Sketch]:
    """Yield a single state."""
    for radius in (0, DENORMAL, Fraction(1, 2), 1):
        yield [1.0], [draw.unit()], radius, "only the nominal row is a distribution"


def point_mass(draw: Draw) -> Iterator[Sketch]:
    """Yield a deterministic nominal row."""
    values = sorted(draw.units(4))
    for where in (0, 1, 3):
        weights = [1.0 if k == where else 0.0 for k in range(4)]
        for radius in (1e-9, Fraction(1, 4), 1):
            yield weights, values, radius, f"all the mass on the state of rank {where}"


def scaled_weights(draw: Draw) -> Iterator[Sketch]:
    """Yield weights that mean their normalisation, from counts to percentages."""
    yield [17, 5, 0, 3], draw.units(4), Share(0.25), "visit counts"
    yield [50, 30, 20], draw.units(3), Share(0.25), "percentages"
    yield (
        [math.ldexp(x, -600) for x in draw.units(3)],
        draw.units(3),
        Share(0.25),
        "tiny weights",
    )
    yield [math.ldexp(x, 600) for x in draw.units(3)], draw.units(3), Share(0.25), "huge weights"
    yield [1.0, math.ldexp(1.0, -53)], [1.0, 0.0], 1e-14, "the sum is not a float64"


def whole_simplex(draw: Draw) -> Iterator[Sketch]:
    """Yield radii beyond every threshold."""
    for S in (3, 6):
        yield draw.weights(S), draw.units(S), LARGEST_RADIUS, "beyond every threshold"
        yield (
            [0.0, *draw.weights(S)],
            sorted(draw.units(S + 1)),
            LARGEST_RADIUS,
            "the same with a zero weight",
        )


def dynamic_range(draw: Draw) -> Iterator[Sketch]:
    """Yield weights over hundreds of orders of magnitude."""
    for bits in (60, 300, 1000):
        for share in (0.1, 0.9):
            weights = [draw.wide(bits) for _ in range(6)]
            yield weights, draw.units(6), Share(share), f"weights down to 2^-{bits}"


def large(draw: Draw) -> Iterator[Sketch]:
    """Yield a hundred states."""
    yield draw.weights(100), draw.units(100), Share(0.25), "a hundred states"


FAMILIES = (
    small,
    typical,
    ties,
    zeros,
    tiny_weights,
    tiny_radius,
    zero_radius,
    saturation,
    constant,
    value_scale,
    one_state,
    point_mass,
    scaled_weights,
    whole_simplex,
    dynamic_range,
    large,
)
