"""How exact numbers and proven intervals look to people: a short fraction, or decimals rounded outward."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

SHORT = 12  # characters up to which a fraction reads better than an interval


def bounds_text(pair: tuple[Fraction, Fraction], digits: int = 5) -> str:
    """Write one short number as it is, and any other interval in decimals, rounded outward.

    >>> bounds_text((Fraction(37, 10),) * 2), bounds_text((Fraction(1, 7**9), Fraction(2, 3)))
    ('37/10', '[2.4780e-8, 0.66667]')
    """
    low, high = pair
    if low == high and len(str(low)) <= SHORT:
        return str(low)
    return f"[{_decimal(low, digits, ROUND_FLOOR)}, {_decimal(high, digits, ROUND_CEILING)}]"


def about(value: Fraction) -> str:
    """Write a short number as it is, and any other in four digits after ``~``.

    >>> about(Fraction(9, 10)), about(Fraction(0.1))
    ('9/10', '~0.1000')
    """
    return str(value) if len(str(value)) <= SHORT // 2 else f"~{_decimal(value, 4, ROUND_HALF_EVEN)}"


def _decimal(value: Fraction, digits: int, rounding: str) -> str:
    context = Context(prec=digits, rounding=rounding)
    decimal = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    if decimal == 0:
        return "0"
    decimal = context.quantize(decimal, Decimal(1).scaleb(decimal.adjusted() - digits + 1))
    return format(decimal, "f" if -5 < decimal.adjusted() < 7 else "e")
