"""How derivations write numbers: in fractions, as with a pencil, or in decimals that are certain."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from drmg_check.vocabulary import Bounds, show

LONGEST = 60
"""Characters up to which a number is written as a fraction."""
DIGITS = 12  # enough to tell sides apart by eye, with room for outward rounding
LARGEST_EXPONENT = 10**15  # that of every number whose digits a computer holds


def vector(values: Sequence[Fraction]) -> str:
    """Write ``(1/2, 0, 1/2)``.

    >>> vector([Fraction(1, 2), Fraction(0)])
    '(1/2, 0)'
    """
    return f"({', '.join(str(value) for value in values)})"


def interval(number: Bounds) -> str:
    """Write an exact number as one short fraction, any other as two decimals rounded outward.

    >>> interval(Bounds.of(Fraction(1, 3)))
    '1/3'
    >>> interval(Bounds(Fraction(1, 3), Fraction(2, 3)))
    'in [0.333333333333, 0.666666666667]'
    """
    exact = number.low == number.high and max(map(abs, number.low.as_integer_ratio())) < 10**LONGEST
    if exact and len(text := show(number.low)) <= LONGEST:
        return text
    return f"in [{outward(number.low, -1)}, {outward(number.high, 1)}]"


def outward(value: Fraction, direction: int, digits: int = DIGITS) -> str:
    """Write a decimal that is not above (-1) or not below (+1) the value, with an exponent where it is small.

    >>> outward(Fraction(1, 3), 1, digits=3), outward(Fraction(1, 10**44), -1)
    ('0.334', '1e-44')
    """
    context = Context(
        prec=digits,
        rounding=ROUND_CEILING if direction > 0 else ROUND_FLOOR,
        Emax=LARGEST_EXPONENT,
        Emin=-LARGEST_EXPONENT,
    )
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    if not rounded or -5 <= rounded.adjusted() < digits:
        return f"{rounded:f}"
    return f"{rounded:e}".replace("e+", "e")
