"""From tables of transitions to arrays: the one rule by which rows of floats become distributions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

import numpy as np

from drmg_check.vocabulary import Array, InputError, approximately, normalise

K = TypeVar("K")

_MAX_DENOMINATOR = 1000
"""Fractions that people write have smaller ones, and two of them are a millionth apart at least."""
REMEMBERED = 2**12  # rows of a table, which repeats a few many times; about 2 MB
_ULP = Fraction(1, 2**52)  # of 1: what a probability written in 16 digits may be off


def exact_distribution(weights: Mapping[K, Fraction], states: int, name: str) -> dict[K, Fraction]:
    """Return the distribution that a row of a table means.

    1. If the fractions of denominator at most 1000 that are nearest to its entries all lie within 2^-52
       of them and sum to exactly 1, they are the row: a table that computed 1/3 as 0.3333333333333333
       or 0.33333333333333337 meant 1/3. No entry moves by more than the slack that
       :class:`RobustMarkovGame` allows a state.
    2. Otherwise it is the exact normalisation ``p / sum(p)``, if the sum is within ``S 2^-52`` of 1.

    Zeros are dropped: they are outside the support.

    Raises
    ------
    InputError
        A negative entry, or a sum further from 1.
    """
    row = {s: weight for s, weight in weights.items() if weight}
    total = sum(row.values(), Fraction(0))
    if any(weight < 0 for weight in row.values()) or abs(total - 1) > states * _ULP:
        shown = ", ".join(f"{s}: {approximately(weight)}" for s, weight in list(row.items())[:8])
        raise InputError(f"{name} is {{{shown}}}; expected probabilities that sum to 1 up to rounding")
    return dict(zip(row, _meant(tuple(row.values())), strict=True))


@lru_cache(REMEMBERED)
def _meant(row: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Apply the two rules to positive weights; tables repeat a few rows many times."""
    near = tuple(weight.limit_denominator(_MAX_DENOMINATOR) for weight in row)
    if sum(near) == 1 and all(x > 0 and abs(x - weight) <= _ULP for x, weight in zip(near, row, strict=True)):
        return near
    return normalise(row)


def kernel_array(rows: Mapping[tuple[int, int], Mapping[int, Fraction]], states: int, actions: int) -> Array:
    """Return sparse rows as an array [S, A, S], of floats where that loses nothing."""
    lossless = all(_is_float(p) for row in rows.values() for p in row.values())
    P = np.zeros((states, actions, states)) if lossless else _zeros((states, actions, states))
    for (s, a), row in rows.items():
        for t, p in row.items():
            P[s, a, t] = float(p) if lossless else p
    return P


def place_array(numbers: Mapping[tuple[int, int], Fraction], states: int, actions: int) -> Array:
    """Return one number for each (s, a), 0 by default, as an array [S, A], of floats where lossless."""
    array = _zeros((states, actions))
    for place, number in numbers.items():
        array[place] = number
    return narrow(array)


def narrow(array: Array) -> Array:
    """Return an array of Fractions as float64 if that loses nothing, else as it is."""
    return array.astype(np.float64) if all(_is_float(value) for value in array.flat) else array


def _is_float(value: Fraction) -> bool:
    return abs(value) <= sys.float_info.max and Fraction(float(value)) == value


def _zeros(shape: tuple[int, ...]) -> Array:
    return np.full(shape, Fraction(0), dtype=object)
