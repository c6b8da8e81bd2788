"""Fractions that a person can read, ordered so that a counterexample shrinks to the simplest of them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import ceil, floor

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


def simple_fractions(low: Fraction | int, high: Fraction | int, max_denominator: int) -> tuple[Fraction, ...]:
    """Return every fraction in ``[low, high]`` up to that denominator, the simplest first.

    Simple means a small denominator, then a small magnitude, then positive.

    >>> [str(x) for x in simple_fractions(0, 1, 3)]
    ['0', '1', '1/2', '1/3', '2/3']
    """
    numbers = {
        Fraction(n, d)
        for d in range(1, max_denominator + 1)
        for n in range(ceil(low * d), floor(high * d) + 1)
    }
    return tuple(sorted(numbers, key=lambda x: (x.denominator, abs(x), x < 0)))


@cache
def fractions(
    low: Fraction | int = 0, high: Fraction | int = 1, max_denominator: int = 12
) -> SearchStrategy[Fraction]:
    """Draw from :func:`simple_fractions`; shrinks toward its first entry.

    >>> from hypothesis import find
    >>> find(fractions(0, 1, 4), lambda x: x > Fraction(1, 2))
    Fraction(1, 1)
    """
    return st.sampled_from(simple_fractions(low, high, max_denominator))
