"""Ball arithmetic for claims with logarithms, roots and exponentials: rationals in, rational bounds out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from flint import arb, ctx, fmpq

from drmg_check.vocabulary import Bounds, NumericalError, Slack

MAX_BITS = 4096
"""128, doubled five times; a formula that needs more cancels to nothing, and is no number to show."""
MAX_EXPONENT = 2**20
"""Ends of balls beyond ``2^MAX_EXPONENT`` are not written as fractions: those have 128 kB, and are many.

With few bits ``exp`` of a wide ball ends at ``2^(10^9)``. Ends below ``2^-MAX_EXPONENT`` are rounded outward.
"""
CLOSELY = Fraction(1, 2**80)
"""The width of a close enclosure as a share of the number: derivations show 12 digits, which are 40 bits."""
NEAR_ZERO = Fraction(1, 2**400)
"""Its width where the number may be 0. No side of a claim is positive and as small as that."""


def ball(value: Fraction | int) -> arb:
    """Return a ball that contains the rational, at the current precision.

    >>> ball(Fraction(1, 2))
    0.500000000000000
    """
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def endpoints(x: arb) -> Slack:
    """Return the ball's endpoints, rounded outward to dyadic rationals.

    Raises
    ------
    NumericalError
        The ball is not finite, or ends beyond ``2^MAX_EXPONENT``.

    Examples
    --------
    >>> endpoints(ball(Fraction(3, 4))).low
    Fraction(3, 4)
    """
    if not x.is_finite():
        raise NumericalError(f"{x} is not finite; the formula is evaluated outside its domain")
    if not _can_be_written(x):
        raise NumericalError(f"a ball ends beyond 2^{MAX_EXPONENT}; expected numbers that memory holds")
    return Slack(_dyadic(x.lower(), up=False), _dyadic(x.upper(), up=True))


def _can_be_written(x: arb) -> bool:
    return abs(x).upper() <= arb(2) ** MAX_EXPONENT


def _dyadic(x: arb, *, up: bool) -> Fraction:
    """Return an exact ball as a fraction; a tiny one is rounded up or down to one."""
    mantissa, exponent = map(int, x.man_exp())
    if exponent + mantissa.bit_length() >= -MAX_EXPONENT:
        return Fraction(mantissa) * Fraction(2) ** exponent
    if mantissa > 0:
        return Fraction(1, 2**MAX_EXPONENT) if up else Fraction(0)
    return Fraction(0) if up else Fraction(-1, 2**MAX_EXPONENT)


def enclose_formula(formula: Callable[[], arb], width: Fraction) -> Slack:
    """Evaluate a formula of balls at doubling precision until it is enclosed to the given width.

    Raises
    ------
    NumericalError
        The width is not reached at ``MAX_BITS`` bits.

    Examples
    --------
    >>> bounds = enclose_formula(lambda: ball(2).sqrt(), Fraction(1, 10**9))
    >>> bounds.low**2 < 2 < bounds.high**2
    True
    """
    bits = 128
    while bits <= MAX_BITS:
        with ctx.workprec(bits):
            value = formula()
            if value.is_finite() and _can_be_written(value):
                bounds = endpoints(value)
                if bounds.high - bounds.low <= width:
                    return bounds
        bits *= 2
    raise NumericalError(f"a formula is not enclosed to {float(width):.1e} with {MAX_BITS} bits")


def enclose_closely(formula: Callable[[], arb]) -> Slack:
    """Evaluate a formula of balls to a relative width of ``CLOSELY``, or ``NEAR_ZERO`` where it may be 0.

    >>> float(enclose_closely(lambda: ball(2).sqrt()).low)
    1.4142135623730951

    Raises
    ------
    NumericalError
        The width is not reached at ``MAX_BITS`` bits.
    """
    bits = 128
    while bits <= MAX_BITS:
        with ctx.workprec(bits):
            value = formula()
            if value.is_finite() and _can_be_written(value):
                bounds = endpoints(value)
                least = max(bounds.low, -bounds.high, Fraction(0))
                if bounds.high - bounds.low <= max(CLOSELY * least, NEAR_ZERO):
                    return bounds
        bits *= 2
    raise NumericalError(f"a formula is not enclosed to {float(CLOSELY):.1e} of it with {MAX_BITS} bits")


def root(square: Fraction | int) -> Bounds:
    """Return the square root: exactly that of a rational's square, any other closely enclosed.

    >>> root(Fraction(4, 9)).low
    Fraction(2, 3)
    """
    exact = Fraction(square)
    n, d = isqrt(exact.numerator), isqrt(exact.denominator)
    if n * n == exact.numerator and d * d == exact.denominator:
        return Bounds.of(Fraction(n, d))
    return enclose_closely(lambda: ball(exact).sqrt())


def sign(formula: Callable[[], arb]) -> int:
    """Return the certified sign of a number; 0 only when it cannot be told from zero at ``MAX_BITS`` bits.

    >>> sign(lambda: ball(2).sqrt() - ball(Fraction(7, 5)))
    1
    """
    bits = 128
    while bits <= MAX_BITS:
        with ctx.workprec(bits):
            value = formula()
            if value > 0:
                return 1
            if value < 0:
                return -1
        bits *= 4
    return 0


def exp_of(exponent: Fraction, factor: int = 1) -> Slack:
    """Return ``factor e^exponent``, enclosed to a relative 2^-80.

    >>> float(exp_of(Fraction(1)).low)
    2.718281828459045
    """

    def formula() -> arb:
        return factor * ball(exponent).exp()

    rough = enclose_formula(formula, Fraction(1))
    # below 2^-200 an absolute 2^-280 does instead
    return enclose_formula(
        formula, Fraction(1, 2**80) * min(Fraction(1), max(rough.low, Fraction(1, 2**200)))
    )
