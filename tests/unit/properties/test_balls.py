"""Balls become fractions that contain them, of a size that a computer holds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from flint import arb, ctx

from drmg_check.vocabulary import NumericalError, Slack
from drmg_properties.formulas import ball, enclose_closely, enclose_formula, endpoints
from drmg_properties.formulas._balls import MAX_EXPONENT


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_tiny_is_rounded_outward(sign: int) -> None:
    """The chance of 128,001 rare draws in a row is no fraction of 200 kB."""
    tiny = (sign * ball(Fraction(1, 1000)) ** 128001) ** 3
    bounds = endpoints(tiny)
    assert sorted([abs(bounds.low), abs(bounds.high)]) == [0, Fraction(1, 2**MAX_EXPONENT)]
    assert bounds.low <= 0 <= bounds.high


def test_no_bit_is_lost_before() -> None:
    x = Fraction(3, 2**1000)
    assert endpoints(ball(x)).low == endpoints(ball(x)).high == x


@pytest.mark.parametrize("enclose", [enclose_closely, lambda formula: enclose_formula(formula, Fraction(1))])
def test_a_wide_ball_is_evaluated_with_more_bits_and_never_written(
    enclose: Callable[[Callable[[], arb]], Slack],
) -> None:
    """With 128 bits the exponent is known to 2^40 or so; its end would be a fraction of 2^(2^40)."""
    wide = ball(2**170)

    def formula() -> arb:
        return ((wide + ball(Fraction(1, 3))).sqrt() ** 2 - wide).exp()

    bounds = enclose(formula)
    assert Fraction("1.395612425086") <= bounds.low <= bounds.high <= Fraction("1.395612425087")


def test_a_ball_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(NumericalError, match="ends beyond"):
        endpoints(arb(2) ** (10 * MAX_EXPONENT))


def test_both_ends_enclose_the_number_at_any_precision() -> None:
    """The middle of a ball is nearer to 0 than the number: of a negative one it is no lower bound."""
    for bits, n, sign in product((10, 24, 53), range(2, 60), (1, -1)):
        with ctx.workprec(bits):
            bounds = endpoints(sign * ball(n).sqrt())
        near, far = sorted((abs(bounds.low), abs(bounds.high)))
        assert near**2 <= n <= far**2, (bits, n, sign)
