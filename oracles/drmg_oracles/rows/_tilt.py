r"""The one-parameter family behind every smooth divergence ball, in ball arithmetic.

KL, reverse KL, chi-square, squared Hellinger and Cressie-Read are one family, ``D(q, p) = sum p f_a(q / p)``
with ``f_a(t) = (t^a - a t + a - 1) / (a (a - 1))``; its limits are ``t log t`` at a = 1 (KL) and
``-log t`` at a = 0 (reverse KL), chi-square is a = 2 with half its radius, squared Hellinger a = 1/2 with
twice its radius.
With ``W = V - v >= 0`` (v the smallest admissible value), ``s > 0`` and ``y = 1 - (a - 1) s W``::

    tilt        q_s = p e / Z,  e = y_+^(1/(a-1))  (exp(-s W) at a = 1),  Z = E_p e
    divergence  D(q_s) = (B / Z^a - 1) / (a (a - 1)),  B = E_p y_+^r,  r = a / (a - 1)
                D(q_s) = -s E_q W - log Z (a = 1),  log Z + E_p log y (a = 0)
    slope       d D / d log s = s^2 Z^(1-a) Cov_q(W, W / y)  >= 0
    dual        g(s) = [1 - c B^(1/r)] / ((a - 1) s),  c = (1 + a (a - 1) rho)^(1/a)
                g(s) = -(log Z + rho) / s (a = 1),  (exp(E_p log y - rho) - 1) / s (a = 0)

``sigma = v + sup_s g(s)``, attained where ``D(q_s) = rho``. Weak duality ``E_q W >= g(s)`` for every s > 0
and every q in the ball: Gibbs' inequality (a = 1), Jensen's (a = 0), Hoelder's (a > 1), its reverse (a < 1).
Where q leaves the nominal support (a < 1) the remaining mass sits on the argmin and, as s tends to
infinity, ``q = kappa p W^(1/(a-1))`` with ``kappa = c (E_p W^r)^(-1/a)``, at a = 0 ``exp(E_p log W - rho)``.

Sources: Cressie and Read (1984); Ben-Tal et al. (2013); Duchi and Namkoong (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from flint import arb, fmpq

Arb: TypeAlias = Any  # python-flint ships no type information


@dataclass(frozen=True, slots=True)
class Ball:
    """A divergence ball and a value vector, in ball arithmetic at the precision of the moment.

    ``alpha`` and ``rho`` are those of ``f_a`` above; ``p`` and ``W`` run over the admissible states, W
    scaled to [0, 1].
    """

    alpha: Fraction
    rho: Arb
    p: tuple[Arb, ...]
    W: tuple[Arb, ...]


@dataclass(frozen=True, slots=True)
class Tilted:
    """The distribution ``q_s`` and what the search needs to know of it."""

    q: tuple[Arb, ...]
    mean: Arb  # E_q W
    divergence: Arb
    slope: Arb  # d D / d log s
    dual: Arb  # g(s)

    @property
    def gap(self) -> Arb:
        """``E_q W - g(s)``: positive inside the ball, negative outside, zero at the optimum."""
        return self.mean - self.dual


def ball_of(x: Fraction) -> Arb:
    """Return the ball around a rational at the current precision.

    >>> (3 * ball_of(Fraction(1, 3))).contains(ball_of(Fraction(1)))
    True
    """
    return arb(fmpq(x.numerator, x.denominator))


def rational(x: Arb) -> Fraction:
    """Return the midpoint of a ball, exactly.

    >>> rational(ball_of(Fraction(3, 8)))
    Fraction(3, 8)
    """
    mantissa, exponent = x.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def dot(x: Sequence[Arb], y: Sequence[Arb]) -> Arb:
    """Return the inner product."""
    return sum((a * b for a, b in zip(x, y, strict=True)), arb(0))


def tilted(problem: Ball, s: Arb) -> Tilted:
    """Evaluate the family at the tilt ``s > 0``."""
    a, p, W = problem.alpha, problem.p, problem.W
    if a == 1:
        e = [(-s * w).exp() for w in W]
        y = [arb(1)] * len(W)
    else:
        step = ball_of(a - 1) * s
        y = [(1 - step * w).max(0) for w in W]
        e = [power(base, 1 / (a - 1)) for base in y]
    weighted = [mass * x for mass, x in zip(p, e, strict=True)]
    Z = sum(weighted, arb(0))
    q = [x / Z for x in weighted]
    mean = dot(q, W)
    covariance = arb(0)
    for mass, w, base in zip(q, W, y, strict=True):
        if base > 0:
            covariance += mass * (w - mean) * w / base
    slope = s * s * covariance
    if a == 1:
        divergence = -s * mean - Z.log()
        dual = -(Z.log() + problem.rho) / s
    elif a == 0:
        slope *= Z
        log_y = dot(p, [base.log() for base in y])
        divergence = Z.log() + log_y
        dual = ((log_y - problem.rho).exp() - 1) / s
    else:
        B = dot(weighted, y)
        Za = power(Z, a)
        slope *= Z / Za
        divergence = (B / Za - 1) / ball_of(a * (a - 1))
        c = power(1 + ball_of(a * (a - 1)) * problem.rho, 1 / a)
        dual = (1 - c * power(B, (a - 1) / a)) / step
    return Tilted(tuple(q), mean, divergence, slope, dual)


def boundary(problem: Ball) -> tuple[Arb, ...]:
    """Return ``q = kappa p W^(1/(a-1))`` (a < 1) on the states above the minimum, zero on it.

    The mass that is left belongs to the argmin; it is negative iff the optimal tilt is finite.
    """
    a, rho = problem.alpha, problem.rho
    support = [(mass, w) for mass, w in zip(problem.p, problem.W, strict=True) if mass > 0]
    if a == 0:
        kappa = (sum((mass * w.log() for mass, w in support), arb(0)) - rho).exp()
    else:
        moment = sum((mass * power(w, a / (a - 1)) for mass, w in support), arb(0))
        kappa = power((1 + ball_of(a * (a - 1)) * rho) / moment, 1 / a)
    return tuple(
        kappa * mass * power(w, 1 / (a - 1)) if mass > 0 else arb(0)
        for mass, w in zip(problem.p, problem.W, strict=True)
    )


def divergence(alpha: Fraction, q: Sequence[Arb], p: Sequence[Arb]) -> Arb:
    """Return ``sum p f_a(q / p)`` from its definition; off the support each q costs ``q / (1 - a)``."""
    total = arb(0)
    for x, mass in zip(q, p, strict=True):
        if mass > 0:
            t = x / mass
            if alpha == 1:
                total += x * t.log() if x > 0 else 0
            elif alpha == 0:
                total -= mass * t.log()
            else:
                f = power(t, alpha) - ball_of(alpha) * t + ball_of(alpha - 1)
                total += mass * f / ball_of(alpha * (alpha - 1))
        elif alpha != 0:
            total += x / ball_of(1 - alpha)
    return total


def power(base: Arb, exponent: Fraction) -> Arb:
    """Return ``base ** exponent`` for a base >= 0; zero has only positive powers."""
    if base.is_zero():
        return arb(0) if exponent > 0 else arb("+inf")
    return base ** fmpq(exponent.numerator, exponent.denominator)
