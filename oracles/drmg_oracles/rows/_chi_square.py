r"""The tilt of a chi-square ball in closed form: its worst case is algebraic of degree two.

The worst case is ``q ~ p (eta - V)_+``. With ``M_k(eta) = E_p (eta - V)_+^k`` its divergence is
``M_2 / M_1^2 - 1``, decreasing in eta, so that state s is active, ``V_s < eta*``, iff
``M_2 > (1 + rho) M_1^2`` at ``eta = V_s``: a comparison of rationals. On the active states, of mass P,
conditional mean m and variance v,

    sigma = m - sqrt(v (P (1 + rho) - 1)),    eta* = m + sqrt(v / (P (1 + rho) - 1)).

Not truncated iff every state is active or on the edge: ``rho <= Var / (max V - mean)^2``.
Source: Duchi and Namkoong (2019); the active set is that of Michelot (1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, fmpq

from drmg_oracles.rows._tilt import Arb


def chi_square_tilt(p: Sequence[Fraction], W: Sequence[Fraction], rho: Fraction) -> Arb:
    """Return ``1 / eta*`` at the current precision.

    Parameters
    ----------
    p, W : sequences of Fraction
        A distribution, and values with minimum 0 that are not all equal, on the nominal support.
    rho : Fraction
        In (0, 1 / p(argmin) - 1): radius of ``sum (q - p)^2 / p``, below saturation.
    """
    radius = fmpq(rho.numerator, rho.denominator)
    P, first, second = fmpq(0), fmpq(0), fmpq(0)  # E 1_A, E W 1_A, E W^2 1_A over the prefix A
    for w, mass in sorted(
        (fmpq(w.numerator, w.denominator), fmpq(mass.numerator, mass.denominator))
        for w, mass in zip(W, p, strict=True)
    ):
        M1 = w * P - first
        M2 = w * w * P - 2 * w * first + second
        if M1 != 0 and (1 + radius) * M1 * M1 >= M2:
            break
        P, first, second = P + mass, first + mass * w, second + mass * w * w
    mean = first / P
    variance = second / P - mean * mean
    eta = arb(mean) + arb(variance / (P * (1 + radius) - 1)).sqrt()
    return 1 / eta
