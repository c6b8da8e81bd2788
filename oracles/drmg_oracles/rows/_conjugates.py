r"""The convex conjugates of the smooth divergences, each from its own definition.

From ``f*(y) = sup_{t >= 0} t y - f(t)``, with the derivative ``t(y)`` of f*:

    KL              f = t log t               e^(y-1)                              e^(y-1)
    reverse KL      f = -log t                -1 - log(-y),  y < 0                 -1/y
    chi-square      f = (t-1)^2               y + y^2/4 if y > -2, else -1         (1 + y/2)_+
    Hellinger       f = (sqrt t - 1)^2        y/(1-y),  y < 1                      (1-y)^-2
    Cressie-Read a  (in its docstring)        ((1+(a-1)y)_+^(a/(a-1)) - 1)/a       (1+(a-1)y)_+^(1/(a-1))

Transcendental functions are evaluated in ball arithmetic; the rest is rational.
Source: Ben-Tal et al. (2013).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import TypeAlias

import numpy as np
from flint import arb, fmpq

from drmg_check.sets import (
    ChiSquare,
    Hellinger,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ReverseKL,
    SmoothDivergence,
    operation,
)
from drmg_check.vocabulary import FloatArray

Pairs: TypeAlias = Sequence[tuple[Fraction, Fraction]]  # (p, q) on the nominal support


@dataclass(frozen=True, slots=True)
class Conjugate:
    """What the proofs of ``_lagrangian.py`` need to know of a divergence.

    Attributes
    ----------
    divergence : callable
        Encloses ``D(q, p)``, given the pairs of the nominal support and that D is finite.
    slope_at_one, steepest : float
        ``f'(1)`` and ``lim f(t)/t``.
    density : callable
        ``t(y)``, with which the adversary answers, in float64.
    value : callable
        Encloses ``f*(y)``, or None where it is infinite; outside the support only finiteness counts.
    holds_all : bool
        Whether D is infinite where a state of the support is emptied.
    """

    divergence: Callable[[Pairs], arb]
    slope_at_one: float
    steepest: float
    density: Callable[[FloatArray], FloatArray]
    value: Callable[[Fraction, bool], arb | None]
    holds_all: bool = False


conjugate: Operation[[], Conjugate] = operation(
    "conjugate",
    __name__,
    "f and its convex conjugate, for proofs from rough points",
    of=SmoothDivergence,
)


@conjugate.register(KullbackLeibler)
def _kl(_: KullbackLeibler) -> Conjugate:
    return Conjugate(
        divergence=lambda pairs: sum((ball_of(y) * ball_of(y / x).log() for x, y in pairs if y), arb(0)),
        slope_at_one=1.0,
        steepest=inf,
        density=lambda y: np.exp(y - 1.0),
        value=lambda y, _inside: ball_of(y - 1).exp(),
    )


@conjugate.register(ReverseKL)
def _reverse_kl(_: ReverseKL) -> Conjugate:
    def value(y: Fraction, inside: bool) -> arb | None:
        if inside:
            return -1 - ball_of(-y).log() if y < 0 else None
        return arb(0) if y <= 0 else None

    return Conjugate(
        divergence=lambda pairs: sum((ball_of(x) * ball_of(x / y).log() for x, y in pairs), arb(0)),
        slope_at_one=-1.0,
        steepest=0.0,
        density=lambda y: -1.0 / y,
        value=value,
        holds_all=True,
    )


@conjugate.register(ChiSquare)
def _chi_square(_: ChiSquare) -> Conjugate:
    return Conjugate(
        divergence=lambda pairs: ball_of(sum(((y - x) ** 2 / x for x, y in pairs), Fraction(0))),
        slope_at_one=0.0,
        steepest=inf,
        density=lambda y: np.maximum(1.0 + 0.5 * y, 0.0),
        value=lambda y, _inside: ball_of(y + y * y / 4 if y > -2 else Fraction(-1)),
    )


@conjugate.register(Hellinger)
def _hellinger(_: Hellinger) -> Conjugate:
    def value(y: Fraction, inside: bool) -> arb | None:
        if inside:
            return ball_of(y / (1 - y)) if y < 1 else None
        return arb(0) if y <= 1 else None

    return Conjugate(
        divergence=lambda pairs: 2 - 2 * sum((ball_of(x * y).sqrt() for x, y in pairs), arb(0)),
        slope_at_one=0.0,
        steepest=1.0,
        density=lambda y: (1.0 - y) ** -2,
        value=value,
    )


@conjugate.register(PowerDivergence)
def _of_power(uncertainty: PowerDivergence) -> Conjugate:
    """Take those of Cressie-Read in the unit u of the set: ``f = f_a / u`` and ``f*(y) = f_a*(u y) / u``."""
    a, unit = uncertainty.power

    def divergence(pairs: Pairs) -> arb:
        moment = sum((ball_of(x) * _power(y / x, a) for x, y in pairs), arb(0))
        return (moment - 1) / ball_of(unit * a * (a - 1))

    def value(y: Fraction, inside: bool) -> arb | None:
        base = 1 + (a - 1) * unit * y
        if a > 1:
            return (_power(max(base, Fraction(0)), a / (a - 1)) - 1) / ball_of(unit * a)
        if base < 0 or (base == 0 and inside and a > 0):
            return None
        return (_power(base, a / (a - 1)) - 1) / ball_of(unit * a) if inside else arb(0)

    return Conjugate(
        divergence=divergence,
        slope_at_one=0.0,
        steepest=float(1 / (unit * (1 - a))) if a < 1 else inf,
        density=lambda y: np.maximum(1.0 + float((a - 1) * unit) * y, 0.0) ** float(1 / (a - 1)),
        value=value,
        holds_all=a < 0,
    )


def ball_of(x: Fraction) -> arb:
    """Return the ball around a rational at the current precision."""
    return arb(fmpq(x.numerator, x.denominator))


def _power(x: Fraction, exponent: Fraction) -> arb:
    return ball_of(x) ** ball_of(exponent) if x else arb(0)
