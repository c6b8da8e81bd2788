"""Rows on which an enclosing kernel is likely to be wrong: ties, wide weights, thresholds, offsets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import accumulate
from random import Random
from types import ModuleType

import numpy as np

from drmg_check.models import DenseRows
from drmg_check.sets import CressieRead, Row, UncertaintySet, Wasserstein, leaves_support
from drmg_check.vocabulary import UnsupportedError, exact, normalise
from drmg_oracles import enclose
from drmg_oracles.rows import rows_by_family

SIZES = (1, 2, 3, 4, 5, 5, 5, 8, 8, 13, 16, 30, 40)
RADII = (0, 1e-300, 1e-16, 1e-12, 1e-9, 1e-4, 0.01, 0.1, 0.5, 1.0, 5.0)


def hard_rows(uncertainty: UncertaintySet, seed: str, count: int) -> Iterator[Row]:
    """Yield rows of weights over up to 280 decades, decimals that no double is, and values of every kind."""
    chance = Random(seed)  # noqa: S311 - the same rows for everybody
    for _ in range(count):
        weights, values = _weights(chance), []
        values = _values(chance, len(weights))
        radius = _radius(chance, uncertainty, weights, values)
        if leaves_support(uncertainty) and chance.randrange(2):
            weights, values = [*weights, Fraction(0)], [*values, min(values) - 0.25]
        yield Row.of(placed(uncertainty, chance, len(values)), weights, values, radius)


def placed(uncertainty: UncertaintySet, chance: Random, n: int) -> UncertaintySet:
    """Give a Wasserstein set n states on a line, some at places that no double is."""
    if not isinstance(uncertainty, Wasserstein):
        return uncertainty
    steps = [Fraction(chance.randrange(1, 9), chance.choice((1, 7, 8))) for _ in range(n)]
    places = list(accumulate(steps))
    chance.shuffle(places)
    return uncertainty.placed(places)


def _weights(chance: Random) -> list[Fraction]:
    n, wide = chance.choice(SIZES), chance.choice((1, 1, 4, 30, 200, 280))
    style = chance.randrange(5)
    if style == 0:
        drawn = [Fraction(chance.choice((1, 2, 4)), 8) for _ in range(n)]
    elif style == 1:
        drawn = [Fraction(chance.randrange(1, 30)) for _ in range(n)]
    else:
        drawn = [exact(10.0 ** (-wide * chance.random()) * (chance.random() + 1e-3)) for _ in range(n)]
    total = sum(drawn)
    if style < 3:
        return [weight / total for weight in drawn]
    return [exact(float(weight) / float(total)) for weight in drawn]


def _values(chance: Random, n: int) -> list[float]:
    drawn = [chance.random() for _ in range(n)]
    ways: list[Callable[[], list[float]]] = [
        lambda: drawn,
        lambda: [float(chance.randrange(3)) for _ in drawn],
        lambda: [1 + chance.randrange(9) * 2.0**-52 for _ in drawn],
        lambda: [1e9 + x for x in drawn],
        lambda: [10.0 ** (-12 * x) * chance.choice((-1, 1)) for x in drawn],
        lambda: [-50.0 * x for x in drawn],
        lambda: [10.0 ** (-100 * x) for x in drawn],
        lambda: [1e-310 * x for x in drawn],
    ]
    return chance.choice(ways)()


def _radius(
    chance: Random, uncertainty: UncertaintySet, weights: list[Fraction], values: list[float]
) -> Fraction:
    """Draw a radius, often next to one at which the worst case changes its kind."""
    least = min(values)
    bottom = sum(w for w, v in zip(weights, values, strict=True) if v == least) / sum(weights)
    share = weights[chance.randrange(len(weights))] / sum(weights)
    rare = max(float(bottom), 1e-290)
    thresholds = {"kl": -math.log(rare), "chi2": 1 / rare - 1, "hellinger": 2 - 2 * math.sqrt(rare)}
    threshold = thresholds.get(uncertainty.kind, float(1 - share))
    if isinstance(uncertainty, CressieRead) and uncertainty.alpha > 0:
        a = float(uncertainty.alpha)
        threshold = min((rare ** (1 - a) - 1) / (a * (a - 1)), 1e300) if a * rare > 1e-30 else 1e9
    near = [threshold, threshold * (1 - 1e-15), threshold * (1 + 1e-15), threshold * chance.random()]
    radius = exact(chance.choice((*RADII, *near, float(share))))
    if chance.random() < 0.3:
        radius *= Fraction(chance.randrange(1, 10), 10)
    most = uncertainty.max_radius
    return radius if most is None else min(radius, most)


def family_rows(uncertainty: UncertaintySet, seed: str) -> Iterator[Row]:
    """Yield the adversarial families of the certified vectors."""

    def of_size(states: int) -> UncertaintySet:
        return placed(uncertainty, Random(seed), states)  # noqa: S311 - the same rows for everybody

    for case in rows_by_family(of_size, seed):
        values = tuple(
            Fraction(float(value)) for value in case.row.values
        )  # an enclosing kernel takes doubles
        yield Row(case.row.uncertainty, case.row.nominal, values, case.row.radius)


def bounds_of(enclosures: ModuleType, row: Row) -> tuple[float, float] | None:
    """Return what a room of enclosing kernels says of a row, or None if it refuses it."""
    weights = np.array([[normalise(row.nominal)]], dtype=object)
    try:
        entries = enclosures.entries_of(DenseRows(weights))
    except UnsupportedError:
        return None
    radii = enclosures.radii_between(np.array([row.radius], dtype=object))
    values = np.array([float(value) for value in row.values])
    lo, hi = enclosures.enclosed_expectations(row.uncertainty, entries, radii, values)
    return float(lo[0]), float(hi[0])


def is_missed(row: Row, lo: float, hi: float) -> bool:
    """Whether bounds certainly exclude the worst case."""
    truth = enclose(row, bits=100)
    return Fraction(lo) > truth.hi or Fraction(hi) < truth.lo
