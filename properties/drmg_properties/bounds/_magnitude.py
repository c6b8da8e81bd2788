"""Positive numbers too large or too small for a float: known by an enclosed decimal logarithm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import reduce

from flint import arb, ctx

from drmg_check.vocabulary import InputError
from drmg_properties.formulas import ball, enclose_formula, endpoints

WIDTH = Fraction(1, 2**40)  # of log10 x: twelve digits of x
PLAIN = 6  # powers of ten below which digits read better than an exponent


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A positive number x with ``low <= log10 x <= high``; the bounds are certified.

    Raises
    ------
    InputError
        ``low > high``.

    Examples
    --------
    >>> Magnitude(Fraction(13), Fraction(13)).log10
    13.0
    >>> Magnitude(Fraction(1000), Fraction(1000)).about()
    '1.00e1000'
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise InputError(f"log10 in [{self.low}, {self.high}] is empty; expected low <= high")

    @property
    def log10(self) -> float:
        """About log10 x, which is what a plot needs: x itself need not fit a float."""
        return float(self.low)

    def at_least(self, digits: int = 3) -> str:
        """Write a decimal that is not above x, as ``"2.31e13"``."""
        return _decimal(self.low, digits, ROUND_FLOOR)

    def at_most(self, digits: int = 3) -> str:
        """Write a decimal that is not below x."""
        return _decimal(self.high, digits, ROUND_CEILING)

    def about(self, digits: int = 3) -> str:
        """Write a decimal next to x."""
        return _decimal((self.low + self.high) / 2, digits, ROUND_HALF_EVEN)


def magnitude(natural_log: Callable[[], arb]) -> Magnitude:
    """Enclose a number given by a formula for its natural logarithm.

    Raises
    ------
    NumericalError
        The formula is evaluated outside its domain.
    """
    enclosure = enclose_formula(lambda: natural_log() / arb(10).log(), WIDTH)
    return Magnitude(enclosure.low, enclosure.high)


def log_of(value: Fraction | int) -> arb:
    """Return ``log(value)`` at the current precision."""
    return ball(value).log()


def log_sum(logs: Sequence[arb]) -> arb:
    """Return ``log(e^x1 + e^x2 + ...)`` without forming any of the exponentials."""
    return reduce(_log_add, logs)


def _log_add(x: arb, y: arb) -> arb:
    if x.mid() < y.mid():
        x, y = y, x
    return x + (y - x).exp().log1p()


def _decimal(log: Fraction, digits: int, rounding: str) -> str:
    exponent = log.numerator // log.denominator
    with ctx.workprec(256):  # some 77 digits, for the few that are shown
        mantissa = endpoints((ball(log - exponent) * arb(10).log()).exp())
    exact = mantissa.low if rounding == ROUND_FLOOR else mantissa.high
    digit = Decimal(1).scaleb(1 - digits)
    rounded = (
        Context(prec=80)
        .divide(Decimal(exact.numerator), Decimal(exact.denominator))
        .quantize(digit, rounding=rounding)
    )
    if rounded >= 10:
        rounded, exponent = (rounded / 10).quantize(digit, rounding=rounding), exponent + 1
    if -5 < exponent < PLAIN:
        return format(rounded.scaleb(exponent), "f")
    return f"{rounded}e{exponent}"
