r"""Worst cases of total variation, L1 and contamination rows in integers: exact, without a gcd a term.

Weights ``p = w / W``, values ``V = v / D`` and the radius ``rho = n / d`` are ratios of integers, the
weights of a row over one denominator and the values of a step over one. With b the smallest v that the
adversary may reach,

* TV: cut mass from the largest values, ``W n`` in units of ``1 / (W d)``, and put it on b, so that
  ``sigma = (d sum w v - sum cut (v - b)) / (W d D)``;
* contamination: ``sigma = ((d - n) sum w v + n W b) / (W d D)``.

A row costs about its support's length in integer products, where fractions would cost as many gcds.
L1 rows are TV rows of half the radius. Other sets have no worst case in integers; see :func:`in_integers`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import lshift, mul

import numpy as np

from drmg_check.sets import (
    Contamination,
    Operation,
    TotalVariation,
    UncertaintySet,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import Array, IntArray


@dataclass(frozen=True, slots=True)
class IntegerRow:
    """A distribution by its support: states in their order, positive weights, and their sum.

    >>> IntegerRow(states=(0, 2), weights=(1, 3), total=4).probabilities
    {0: Fraction(1, 4), 2: Fraction(3, 4)}
    """

    states: tuple[int, ...]
    weights: tuple[int, ...]
    total: int

    @property
    def probabilities(self) -> dict[int, Fraction]:
        """The exact probability of each state of the support."""
        return {s: Fraction(w, self.total) for s, w in zip(self.states, self.weights, strict=True)}


@dataclass(frozen=True, slots=True)
class IntegerValues:
    """Next values ``numerators / denominator``, their smallest, and the states from the largest on.

    ``rank[s]`` is the place of s in ``order``.
    """

    numerators: tuple[int, ...]
    denominator: int
    lowest: int
    order: tuple[int, ...]
    rank: tuple[int, ...]


def integer_row(states: IntArray, positive: Array) -> IntegerRow:
    """Return the exact weights of the states of a support, floats or Fractions, on a common scale.

    >>> import numpy as np
    >>> integer_row(np.array([0, 2]), np.array([0.25, 0.75]))
    IntegerRow(states=(0, 2), weights=(4503599627370496, 13510798882111488), total=18014398509481984)
    """
    if positive.dtype == np.float64:  # mantissa 2^-53 2^exponent
        mantissa, exponent = np.frexp(positive)
        whole = np.ldexp(mantissa, 53).astype(np.int64).tolist()
        weights = list(map(lshift, whole, (exponent - exponent.min()).tolist()))
    else:
        weights, _ = over_common_denominator(positive.tolist())
    return IntegerRow(tuple(states.tolist()), tuple(weights), sum(weights))


def integer_values(values: Sequence[Fraction]) -> IntegerValues:
    """Return the values of a step on a common scale, sorted once for all rows.

    >>> integer_values([Fraction(1, 2), Fraction(1, 3)])
    IntegerValues(numerators=(3, 2), denominator=6, lowest=2, order=(0, 1), rank=(0, 1))
    """
    numerators, denominator = over_common_denominator(values)
    order = sorted(range(len(numerators)), key=numerators.__getitem__, reverse=True)
    rank = [0] * len(order)
    for place, s in enumerate(order):
        rank[s] = place
    return IntegerValues(tuple(numerators), denominator, min(numerators), tuple(order), tuple(rank))


@dataclass(frozen=True, slots=True)
class IntegerAdversary:
    """How a set treats a row whose weights, values and radius are ratios of integers.

    Attributes
    ----------
    value : callable
        Row, values on its support, floor, all values, radius to the worst case.
    left : callable
        Row, all values, radius to the mass that stays on each state of the support, in units of
        ``1 / (row.total * radius.denominator)``; the rest goes to the floor.
    """

    value: Callable[[IntegerRow, Sequence[int], int, IntegerValues, Fraction], Fraction]
    left: Callable[[IntegerRow, IntegerValues, Fraction], dict[int, int]]


integers: Operation[[], IntegerAdversary] = operation(
    "integers", __name__, "exact worst cases without a gcd a term, for whole games", canonical=True
)


def in_integers(uncertainty: UncertaintySet) -> bool:
    """Whether the set's worst cases are computed in integers.

    >>> from drmg_check.sets import L1, KullbackLeibler
    >>> in_integers(L1()), in_integers(KullbackLeibler())
    (True, False)
    """
    canonical, _ = uncertainty.canonical(Fraction(0))
    return integers.has(type(canonical))


def worst_case_in_integers(
    uncertainty: UncertaintySet, row: IntegerRow, values: IntegerValues, radius: Fraction
) -> Fraction:
    """Return the exact worst case of one row.

    Raises
    ------
    UnsupportedError
        The set is not :func:`in_integers`.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> values = integer_values([Fraction(0), Fraction(1)])
    >>> worst_case_in_integers(TotalVariation(), IntegerRow((0, 1), (1, 1), 2), values, Fraction(1, 4))
    Fraction(1, 4)
    """
    uncertainty, radius = uncertainty.canonical(radius)
    everywhere = len(row.states) == len(values.numerators)
    v = values.numerators if everywhere else tuple(values.numerators[s] for s in row.states)
    floor = values.lowest if leaves_support(uncertainty) else min(v)
    return integers.function(uncertainty)(uncertainty).value(row, v, floor, values, radius)


def worst_row_in_integers(
    uncertainty: UncertaintySet, row: IntegerRow, values: IntegerValues, radius: Fraction
) -> IntegerRow:
    """Return a distribution of the ball that attains :func:`worst_case_in_integers`, by its support.

    The mass that the adversary moves goes to the first of the smallest admissible values.

    Raises
    ------
    UnsupportedError
        The set is not :func:`in_integers`.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> values = integer_values([Fraction(0), Fraction(1)])
    >>> worst_row_in_integers(TotalVariation(), IntegerRow((0, 1), (1, 1), 2), values, Fraction(1, 4))
    IntegerRow(states=(0, 1), weights=(6, 2), total=8)
    """
    uncertainty, radius = uncertainty.canonical(radius)
    n, d = radius.as_integer_ratio()
    admissible = range(len(values.numerators)) if leaves_support(uncertainty) else row.states
    target = min(admissible, key=values.numerators.__getitem__)
    mass = integers(uncertainty).left(row, values, radius)
    mass[target] = mass.get(target, 0) + n * row.total
    kept = sorted(s for s, weight in mass.items() if weight)
    return IntegerRow(tuple(kept), tuple(mass[s] for s in kept), d * row.total)


def _tv_value(
    row: IntegerRow, v: Sequence[int], floor: int, values: IntegerValues, radius: Fraction
) -> Fraction:
    n, d = radius.as_integer_ratio()
    left, gain = n * row.total, 0
    rank = values.rank
    everywhere = len(v) == len(rank)
    order = values.order if everywhere else sorted(range(len(v)), key=lambda k: rank[row.states[k]])
    for k in order if left else ():
        cut = min(left, d * row.weights[k])
        gain += cut * (v[k] - floor)
        left -= cut
        if not left:
            break
    return Fraction(d * sum(map(mul, row.weights, v)) - gain, row.total * d * values.denominator)


def _tv_left(row: IntegerRow, values: IntegerValues, radius: Fraction) -> dict[int, int]:
    n, d = radius.as_integer_ratio()
    mass = {s: d * w for s, w in zip(row.states, row.weights, strict=True)}
    left = n * row.total
    for s in sorted(row.states, key=values.rank.__getitem__):
        cut = min(left, mass[s])
        mass[s] -= cut
        left -= cut
    return mass


def _contamination_value(
    row: IntegerRow, v: Sequence[int], floor: int, values: IntegerValues, radius: Fraction
) -> Fraction:
    n, d = radius.as_integer_ratio()
    mean = sum(map(mul, row.weights, v))
    return Fraction((d - n) * mean + n * row.total * floor, row.total * d * values.denominator)


def _contamination_left(row: IntegerRow, _values: IntegerValues, radius: Fraction) -> dict[int, int]:
    n, d = radius.as_integer_ratio()
    return {s: (d - n) * w for s, w in zip(row.states, row.weights, strict=True)}


_TV = IntegerAdversary(_tv_value, _tv_left)
_CONTAMINATION = IntegerAdversary(_contamination_value, _contamination_left)
integers.register(TotalVariation)(lambda _: _TV)
integers.register(Contamination)(lambda _: _CONTAMINATION)


def over_common_denominator(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return numerators and the least denominator that all have.

    >>> over_common_denominator([Fraction(1, 2), Fraction(1, 3)])
    ([3, 2], 6)
    """
    ratios = [x.as_integer_ratio() for x in numbers]
    denominator = lcm(*(q for _, q in ratios))
    return [p * (denominator // q) for p, q in ratios], denominator
