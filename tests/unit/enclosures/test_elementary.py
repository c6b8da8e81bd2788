"""The error constants of the exponential and the logarithm are proved, over the kernels' very operations.

The Python functions that numba compiles are run on numbers that carry a bound on their rounding error; the
polynomials are compared with the functions by Taylor expansion about the middle of short pieces, remainder
included. Everything is in ball arithmetic, so that what comes out is a theorem about IEEE arithmetic with
fused multiply-adds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb, arb_series, ctx, fmpq

from drmg_check.enclosures._exponential import EXP, EXPM1, EXPM1_ABOVE, LOG
from drmg_check.kernels import _elementary

U = arb(2) ** -53
BITS = 250
TERMS = 40  # of Taylor expansions; the remainder is below 2^-200 on every piece
LARGEST_R = Fraction(3467, 10000)  # log(2) / 2 + what a rounded n and the low word may add
OF_ARGUMENT = arb(2) ** -54 + arb(2) ** -69
"""Of r in :func:`exp_scaled` for n != 0: two sums below 1/2, and what the low words round."""


@dataclass(frozen=True)
class Computed:
    """A number as exact arithmetic gives it, and how far the computed one may be from it."""

    exact: arb
    error: arb

    def __add__(self, other: Computed | float) -> Computed:
        other = lifted(other)
        return rounded(self.exact + other.exact, self.error + other.error)

    def __sub__(self, other: Computed | float) -> Computed:
        other = lifted(other)
        return rounded(self.exact - other.exact, self.error + other.error)

    def __mul__(self, other: Computed | float) -> Computed:
        other = lifted(other)
        return rounded(self.exact * other.exact, of_product(self, other))

    def __rmul__(self, other: float) -> Computed:
        return self * other

    def __truediv__(self, other: Computed) -> Computed:
        quotient = self.exact / other.exact
        least = (abs(other.exact) - other.error).lower()
        return rounded(quotient, (self.error + largest(quotient) * other.error) / least)


def fma(x: Computed | float, y: Computed | float, z: Computed | float) -> Computed:
    x, y, z = lifted(x), lifted(y), lifted(z)
    return rounded(x.exact * y.exact + z.exact, of_product(x, y) + z.error)


def lifted(number: Computed | float) -> Computed:
    return number if isinstance(number, Computed) else Computed(arb(fmpq(*number.as_integer_ratio())), arb(0))


def of_product(x: Computed, y: Computed) -> arb:
    return largest(x.exact) * y.error + largest(y.exact) * x.error + x.error * y.error


def rounded(exact: arb, error: arb) -> Computed:
    return Computed(exact, (error + U * (largest(exact) + error)).upper())


def largest(x: arb) -> arb:
    return abs(x).upper()


def between(low: Fraction, high: Fraction) -> arb:
    middle, radius = (low + high) / 2, (high - low) / 2
    return arb(rational(middle), rational(radius))


def rational(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def far_from(polynomial: arb_series, function: arb_series, width: arb, remainder: arb) -> arb:
    """Bound a polynomial minus a function where ``|t| <= width``; both are expansions in t."""
    difference = polynomial - function
    known = sum((abs(difference[k]).upper() * width**k for k in range(TERMS)), arb(0))
    return (known + remainder * width**TERMS).upper()


@pytest.fixture(autouse=True)
def precise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_elementary, "fma", fma)
    bits, cap = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = BITS, TERMS + 1
    yield
    ctx.prec, ctx.cap = bits, cap


def in_series(
    function: Callable[[object], object], x: arb_series, monkeypatch: pytest.MonkeyPatch
) -> arb_series:
    """Run a kernel's function on a power series: its polynomial, with the coefficients of its source."""

    def plain(a: object, b: object, c: object) -> arb_series:
        return series(a) * series(b) + series(c)

    with monkeypatch.context() as patch:
        patch.setattr(_elementary, "fma", plain)
        return function(x)


def series(x: object) -> arb_series:
    return arb_series([arb(fmpq(*x.as_integer_ratio()))]) if isinstance(x, float) else x


def exp_piece(low: Fraction, high: Fraction, patch: pytest.MonkeyPatch) -> tuple[arb, arb]:
    """Return bounds on rounding and on approximation of exp(r) - 1 for r in a piece."""
    computed = _elementary.exp_less_one.py_func(Computed(between(low, high), arb(0)))
    middle, width = arb(rational((low + high) / 2)), arb(rational((high - low) / 2))
    t = arb_series([middle, 1])
    polynomial = in_series(_elementary.exp_less_one.py_func, t, patch)
    remainder = between(low, high).exp()
    for k in range(2, TERMS + 1):
        remainder /= k
    return computed.error, far_from(polynomial, t.exp() - 1, width, abs(remainder).upper())


def test_the_exponential_errs_by_less_than_its_constant(monkeypatch: pytest.MonkeyPatch):
    worst = arb(0)
    cuts = [LARGEST_R * k / 32 for k in range(-32, 33)]
    for low, high in pairwise(cuts):
        rounding, approximation = exp_piece(low, high, monkeypatch)
        least = between(low, high).exp().lower()
        of_argument = OF_ARGUMENT * (1 + arb(2) ** -20)
        worst = worst.max(of_argument + (rounding + approximation) / least + U)
    assert (worst / U).upper() < EXP


def test_exp_minus_one_errs_by_less_than_its_constant_below_every_power(monkeypatch: pytest.MonkeyPatch):
    """For n <= -1 the result is -0.29 at most, and ``2^n - 1`` is exact, or rounds once below ``2^-53``."""
    worst = arb(0)
    cuts = [LARGEST_R * k / 32 for k in range(-32, 33)]
    for low, high in pairwise(cuts):
        rounding, approximation = exp_piece(low, high, monkeypatch)
        least = 1 - between(low, high).exp().upper() / 2
        absolute = (rounding + approximation + OF_ARGUMENT * arb("1.5")) / 2
        worst = worst.max(absolute / least + 2 * U)
    assert (worst / U).upper() < EXPM1


def test_exp_minus_one_errs_by_less_than_its_constant_above_every_power(monkeypatch: pytest.MonkeyPatch):
    """For n >= 1 the result is 0.41 at least; ``2^n - 1`` is exact, or rounds above ``2^53``."""
    worst = arb(0)
    cuts = [LARGEST_R * k / 32 for k in range(-32, 33)]
    for low, high in pairwise(cuts):
        rounding, approximation = exp_piece(low, high, monkeypatch)
        least = 2 * between(low, high).exp().lower() - 1
        absolute = 2 * (rounding + approximation + OF_ARGUMENT * arb("1.5"))
        worst = worst.max(absolute / least + 2 * U)
    assert (worst / U).upper() < EXPM1_ABOVE


def test_exp_minus_one_keeps_its_digits_near_zero(monkeypatch: pytest.MonkeyPatch):
    """Where n = 0 the argument errs by u of itself; below 2^-58 the polynomial is r and one rounding."""
    worst = arb(0)
    for octave in range(1, 59):
        for part in range(8):
            low, high = (Fraction(8 + k, 8) / 2 ** (octave + 1) for k in (part, part + 1))
            if low >= LARGEST_R:
                continue
            high = min(high, LARGEST_R)
            for piece in ((low, high), (-high, -low)):
                rounding, approximation = exp_piece(*piece, monkeypatch)
                value = abs(between(*piece).exp() - 1).lower()
                of_argument = U * between(*piece).exp() * largest(between(*piece)) / value
                worst = worst.max((rounding + approximation) / value + of_argument)
    assert (worst / U).upper() < EXPM1


def log_piece(low: Fraction, high: Fraction, patch: pytest.MonkeyPatch) -> arb:
    """Bound the relative error of log(1 + f) for f in a piece, from an f that errs by u of itself."""
    f = between(low, high)
    computed = _elementary.log_near_one.py_func(Computed(f, U * largest(f)))
    s_low, s_high = low / (2 + low), high / (2 + high)
    middle, width = arb(rational((s_low + s_high) / 2)), arb(rational((s_high - s_low) / 2))
    s = arb_series([middle, 1])
    polynomial = in_series(_elementary.log_near_one.py_func, 2 * s / (1 - s), patch)
    function = ((1 + s) / (1 - s)).log()
    remainder = arb(2) / TERMS / (1 - largest(between(s_low, s_high))) ** TERMS
    approximation = far_from(polynomial, function, width, remainder)
    return (computed.error + approximation) / abs((1 + f).log()).lower()


def test_the_logarithm_errs_by_less_than_its_constant(monkeypatch: pytest.MonkeyPatch):
    """Where n != 0, the result is at least 0.3465, log(1 + f) at most 0.34665, and two more fma round."""
    worst = arb(0)
    for octave in range(59):
        for part in range(8):
            low, high = (Fraction(8 + k, 8) / 2 ** (octave + 1) for k in (part, part + 1))
            for piece, edge in (
                ((low, high), Fraction(41422, 10**5)),
                ((-high, -low), Fraction(29290, 10**5)),
            ):
                inside = [max(-edge, min(edge, x)) for x in piece]
                if inside[0] < inside[1]:
                    worst = worst.max(log_piece(inside[0], inside[1], monkeypatch))
    far = (worst * arb("0.34665") + U * arb("0.3467") + arb(2) ** -100) / arb("0.3465") + U
    assert (worst.max(far) / U).upper() < LOG


def test_the_bounds_are_no_triviality(monkeypatch: pytest.MonkeyPatch):
    """A coefficient that is wrong in its eleventh digit, or an operation too many, breaks them."""
    honest = _elementary.exp_less_one.py_func
    wrong = honest.__code__.replace(
        co_consts=tuple(0.0416666666667 if x == 0.04166666666662413 else x for x in honest.__code__.co_consts)
    )
    monkeypatch.setattr(honest, "__code__", wrong)
    with pytest.raises(AssertionError):
        test_the_exponential_errs_by_less_than_its_constant(monkeypatch)
