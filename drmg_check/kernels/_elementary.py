"""Exponential and logarithm on lanes, to about two ulp and without branches.

Numba cannot use a vector mathematics library, and a call of the scalar one per state costs twenty times
the rest of a tilt. Both functions reduce by powers of two and evaluate a Chebyshev interpolant whose
error is below 2^-56 of the result, as a tree (Estrin), so that the chain of operations is short.
"""

from __future__ import annotations

from typing import Any

from drmg_check.kernels._jit import kernel
from drmg_check.kernels._simd import SHIFTER, exponent, fma, maximum, power_of_two, where_le

# log 2 in two parts, the second what the first rounds off, so that ``x - n log 2`` is exact to an ulp of x
# (Cody and Waite, 1980).
LOG2_E = 1.4426950408889634
LN2_HIGH = 0.6931471805599453
LN2_LOW = 2.3190468138462996e-17
LOWEST = -708.0  # exp below is flushed to 0


@kernel()
def exp_less_one(r: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``exp(r) - 1`` for ``|r| <= log(2) / 2``."""
    r2 = r * r
    r4 = r2 * r2
    # Chebyshev interpolant of (exp(r) - 1 - r) / r^2 on |r| <= log(2) / 2
    q0 = fma(r2, fma(r, 0.008333333333330062, 0.04166666666662413), fma(r, 0.16666666666666669, 0.5))
    # the next four orders
    q1 = fma(
        r2,
        fma(r, 2.7557268459997064e-06, 2.4801521295954376e-05),
        fma(r, 0.00019841269863053618, 0.0013888888917213717),
    )
    # and the last two
    q2 = fma(r, 2.510038549551032e-08, 2.7620088445409746e-07)
    q = fma(r4 * r4, q2, fma(r4, q1, q0))
    return fma(r2, q, r)


@kernel()
def _reduced(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``2^n`` and ``exp(x) / 2^n - 1`` for the integer n nearest to ``x / log 2``."""
    shifted = fma(x, LOG2_E, SHIFTER)
    n = shifted - SHIFTER
    r = fma(n, -LN2_HIGH, x)
    r = fma(n, -LN2_LOW, r)
    return power_of_two(shifted), exp_less_one(r)


@kernel()
def exp_within(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``exp(x)`` for -708 <= x <= 709."""
    power, less_one = _reduced(x)
    return fma(power, less_one, power)


@kernel()
def exp_and_expm1(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``exp(x)`` and ``exp(x) - 1`` for x <= 709; the first is 0 below -708."""
    power, less_one = _reduced(maximum(x, LOWEST))
    return where_le(x, LOWEST, 0.0, fma(power, less_one, power)), fma(power, less_one, power - 1.0)


@kernel()
def log_near_one(f: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``log(1 + f)`` for ``sqrt(1/2) <= 1 + f <= sqrt(2)``."""
    s = f / (f + 2.0)
    z = s * s
    z2 = z * z
    # Chebyshev interpolant of (2 atanh(s) - 2 s) / s^3 in s^2, for sqrt(1/2) <= 1 + f <= sqrt(2)
    q0 = fma(
        z2, fma(z, 0.2222222239180047, 0.2857142857080323), fma(z, 0.4000000000000088, 0.6666666666666666)
    )
    # the higher orders
    q1 = fma(
        z2, fma(z, 0.13086767009948175, 0.13268759668560612), fma(z, 0.15386240205813478, 0.18181795630884753)
    )
    q = fma(z2 * z2, q1, q0)
    half_square = 0.5 * f * f
    return f - (half_square - s * fma(z, q, half_square))


@kernel()
def log_of_sum(x: Any, y: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``log(x + y)`` for x >= |y| and a normal x + y, as exact for x = 1 and tiny y as log1p."""
    total = x + y
    lost = y - (total - x)
    n = exponent(total)
    power = power_of_two(SHIFTER - n)
    f = fma(total, power, -1.0) + lost * power
    return fma(n, LN2_HIGH, fma(n, LN2_LOW, log_near_one(f)))
