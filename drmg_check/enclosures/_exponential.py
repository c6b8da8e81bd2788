r"""``exp(-s x)`` on lanes with error bounds that are proved, and those of the logarithm.

The argument is kept in two doubles, so that a large ``s x`` loses nothing; the polynomial is that of the
kernels' exponential. ``tests/unit/enclosures/test_elementary.py`` runs these very functions in ball
arithmetic and proves the constants here.
"""

from __future__ import annotations

from typing import Any

from drmg_check.kernels.lanes import (
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    SHIFTER,
    exp_less_one,
    fma,
    kernel,
    maximum,
    power_of_two,
    where_le,
)

EXP = 2.7  # in u, relative: of exp_scaled, first result
EXPM1 = 5.2  # in u, relative: of its second result, for a power 2^0, of arguments up to log(2) / 2
EXPM1_ABOVE = 9.5  # the same for any argument
LOG = 6.3  # in u, relative: of log_of_sum(x, y) for a sum x + y that is exact to the last bit of both
LOWEST = -(
    2.0**30
)  # arguments below it are clamped: their exponential is below every power of two that is kept
FEWEST_BITS = -1000.0  # exponents below it are clamped: what underflows counts as an absolute error


@kernel()
def exp_scaled(s: Any, x: Any, shift: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``exp(-s x) 2^shift`` and, for shift 0, ``exp(-s x) - 1``; s >= 0 and a whole shift >= 0."""
    high = 0.0 - s * x
    low = fma(0.0 - s, x, 0.0 - high)  # what the product rounded off, exactly
    low = where_le(high, LOWEST, 0.0, low)
    high = maximum(high, LOWEST)
    shifted = fma(high, LOG2_E, SHIFTER)
    n = shifted - SHIFTER
    r = fma(n, -LN2_HIGH, high) + fma(n, -LN2_LOW, low)
    less_one = exp_less_one(r)
    power = power_of_two(maximum(shifted + shift, SHIFTER + FEWEST_BITS))
    return fma(power, less_one, power), fma(power, less_one, power - 1.0)


@kernel()
def exp_both(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``exp(x)`` and ``exp(x) - 1`` for an x of either sign up to 700."""
    return exp_scaled(1.0, 0.0 - x, 0.0)
