r"""Rounding outward: what a sum, a product or a quotient in float64 may have lost.

Arithmetic is IEEE double precision, to nearest, without flush to zero (:func:`check_arithmetic`). With
``u = 2^-53`` every operation errs by at most u of its result, unless it underflows. Error bounds in this room
are written to first order, as ``n u`` for n operations, and multiplied by :data:`SLACK`, which covers the
terms in ``u^2`` and the rounding of the bounds themselves for n < 2^30. Underflow costs an absolute
:data:`TINY`, for values that are scaled to a span of at most 1.

**Rounded weights.** A kernel reads doubles; a row of decimals is rounded entrywise, ``p' = p (1 + d)``, ``|d|
<= u``. Normalised, ``p' >= (1 - 2 u) p``, so ``p' = (1 - 2 u) p + 2 u r`` with r on the support of p. For q
in the ball of p the distribution ``(1 - 2 u) q + 2 u r`` is in the ball of p', since every set here is
jointly convex; hence the worst cases of p and p' differ by at most ``2 u (max V - sigma)``, and the other way
round alike. It fails for weights that round to subnormals: such rows have no enclosure here.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from drmg_check.kernels import forget_stale_code
from drmg_check.kernels.lanes import fma, kernel, maximum
from drmg_check.vocabulary import NumericalError

U = 2.0**-53
SLACK = 1.0 + 2.0**-20
TINY = 2.0**-900
BIG = 1e300
"""Beyond every scaled value: what a minimum over nothing starts from."""


@kernel()
def size(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return ``|x|``."""
    return maximum(x, 0.0 - x)


@kernel()
def below(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return at most each number that rounds to x: ``2 u |x|`` is an ulp at least, rounding half of one."""
    return fma(size(x), -2.0 * U, x) - TINY


@kernel()
def above(x: Any) -> Any:  # noqa: ANN401 - lanes
    """Return at least each exact number that rounds to x."""
    return fma(size(x), 2.0 * U, x) + TINY


@kernel()
def _probes(unit: float, half_ulp: float, least: float) -> tuple[float, float, float, float]:
    """Compute what depends on the rounding mode and on the treatment of subnormals, at run time."""
    return unit + half_ulp, unit + 3.0 * half_ulp, -unit - half_ulp, least * unit


def between(number: Fraction) -> tuple[float, float]:
    """Return the doubles next to a number, or that number twice.

    >>> low, high = between(Fraction(1, 3))
    >>> low < Fraction(1, 3) < high
    True
    """
    nearest = float(number)
    low = nearest if Fraction(nearest) <= number else math.nextafter(nearest, -math.inf)
    high = nearest if Fraction(nearest) >= number else math.nextafter(nearest, math.inf)
    return low, high


def check_arithmetic() -> None:
    """Refuse to prove anything in a thread whose rounding mode or subnormals are not those of IEEE.

    Raises
    ------
    NumericalError
        Rounding is not to nearest, ties to even, or subnormal numbers are flushed to zero.

    Examples
    --------
    >>> check_arithmetic()  # nothing to say
    """
    ties, odd, negative, least = _probes(1.0, U, float(np.nextafter(0.0, 1.0)))
    if not (ties == 1.0 and odd == 1.0 + 4.0 * U and negative == -1.0 and least > 0.0):
        raise NumericalError(
            f"this thread computes 1 + u = {ties!r}, 1 + 3 u = {odd!r}, -1 - u = {negative!r} and keeps "
            f"{least!r} of the least number; expected rounding to nearest, with subnormals: another "
            "library has changed the floating-point mode"
        )


forget_stale_code(Path(__file__).parent, Path(__file__).parents[1] / "kernels")
