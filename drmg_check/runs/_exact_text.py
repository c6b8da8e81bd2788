"""Rationals as text of bounded length that still bounds them."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from drmg_check.vocabulary import show

MAX_EXACT = 120
"""Characters up to which a rational is written exactly."""
DIGITS = 40
"""Significant digits of the bound that is written for a longer one."""


def rational_below(value: Fraction) -> str:
    """Write ``value`` exactly if that is short, else a decimal <= ``value`` that agrees to 39 digits.

    >>> rational_below(Fraction(1, 3)), rational_below(Fraction(1, 3**300))
    ('1/3', '730505658114782000701300678186091520271e-182')
    """
    if _is_short(value):
        return show(value)
    exponent = _decimal_exponent(value) - DIGITS
    mantissa = floor(value / Fraction(10) ** exponent)
    return f"{mantissa}e{exponent}"


def rational_above(value: Fraction) -> str:
    """Write ``value`` exactly if that is short, else a decimal >= ``value`` that agrees to 39 digits.

    >>> rational_above(Fraction(1, 3)), rational_above(Fraction(1, 3**300))
    ('1/3', '730505658114782000701300678186091520272e-182')
    """
    if _is_short(value):
        return show(value)
    text = rational_below(-value)
    return text[1:] if text.startswith("-") else f"-{text}"


def _is_short(value: Fraction) -> bool:
    # A digit is worth 3.32 bits; bits are counted because writing out a huge integer is refused by Python.
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return bits < 3.3 * MAX_EXACT  # rounded down: so no longer one is written out


def _decimal_exponent(value: Fraction) -> int:
    # floor(log10) up to one unit, from bit lengths alone: floats would overflow.
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    return int(bits * 0.30103)  # log10 2
