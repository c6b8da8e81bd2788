r"""Certified enclosures for the smooth divergence balls (see ``_tilt.py`` for the formulas).

1. Regimes, decided exactly: ``rho = 0`` or constant V (the mean); the minimum v reached (``_regimes.py``).
2. The tilt s: closed form for chi-square; otherwise Newton for ``log D(q_s) = log rho`` in ``log s``,
   safeguarded by a bracket and stopped below ``2^-(bits+6)``: inside the ball by the duality gap
   ``E_q W - g(s)``, outside by the cost of mixing p into q until it is feasible.
   Beyond every finite s lies the boundary regime.
3. Rounding: s and q are rounded to decimals and mixed with a little p, ``(1 - t) q + t p``, whose divergence
   is at most ``(1 - t) D(q)`` by convexity. The ball evaluation of the *rounded* points decides: divergence
   from the definition <= rho, ``hi = E_q V`` exactly, ``lo = v + g(s)``. If the interval is wider than
   ``2^-bits`` span, everything is repeated with twice the precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from drmg_check.sets import PowerDivergence, Row
from drmg_check.vocabulary import NumericalError
from drmg_oracles.rows._certificate import Certificate, Enclosure
from drmg_oracles.rows._chi_square import chi_square_tilt
from drmg_oracles.rows._polyhedral import admissible, argmin, expectation
from drmg_oracles.rows._regimes import reaches_minimum
from drmg_oracles.rows._tilt import (
    Arb,
    Ball,
    ball_of,
    boundary,
    divergence,
    dot,
    rational,
    tilted,
)

# Adversarial rows of twelve states are proved by 696 bits; a search that takes so many steps lacks bits.
_MAX_PREC = 12_000
_MAX_STEPS = 400
_DIGITS_PER_BIT = 0.30103  # log10(2)


class _MorePrecisionError(Exception):
    """The balls grew too wide to decide; repeat with twice the precision."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A row on its admissible states, in the family ``f_a``, with its values scaled to [0, 1]."""

    row: Row
    states: list[int]
    floor: Fraction
    span: Fraction
    a: Fraction
    rho: Fraction
    p: list[Fraction]
    W: list[Fraction]
    bits: int

    def ball(self) -> Ball:
        """Return the problem in ball arithmetic at the current precision."""
        return Ball(self.a, ball_of(self.rho), tuple(map(ball_of, self.p)), tuple(map(ball_of, self.W)))


def enclose_smooth(uncertainty: PowerDivergence, row: Row, bits: int) -> Enclosure:
    """Enclose a row of a divergence ball within ``2**-bits`` times the span of the admissible values.

    Raises
    ------
    NumericalError
        More than 12,000 bits of working precision would be needed.
    """
    states = admissible(row)
    floor = min(row.values[s] for s in states)
    span = max(row.values[s] for s in states) - floor
    p = row.probabilities
    if span == 0:
        return Enclosure(row, floor, floor, Certificate(row.nominal, "minimum"))
    if row.radius == 0:
        mean = expectation(p, row.values)
        return Enclosure(row, mean, mean, Certificate(row.nominal, "mean"))
    if reaches_minimum(uncertainty, row):
        return Enclosure(row, floor, floor, Certificate(_on_the_argmin(row), "minimum"))
    a, scale = uncertainty.power
    W = [(row.values[s] - floor) / span for s in states]
    task = _Task(row, states, floor, span, a, scale * row.radius, [p[s] for s in states], W, bits)
    prec = bits + 64
    while prec <= _MAX_PREC:
        try:
            with ctx.workprec(prec):
                return _enclose(task)
        except _MorePrecisionError:
            prec *= 2
    raise NumericalError(
        f"{row.uncertainty} with radius {float(row.radius)!r} was not enclosed within 2^-{bits} span by "
        f"{_MAX_PREC} bits of precision; ask for fewer bits"
    )


def _on_the_argmin(row: Row) -> tuple[Fraction, ...]:
    """Return the nominal row conditioned on the argmin; where that is empty, the point mass there."""
    target = argmin(row)
    floor = row.values[target]
    weights = [w if v == floor else Fraction(0) for w, v in zip(row.nominal, row.values, strict=True)]
    if not any(weights):
        weights[target] = Fraction(1)
    return tuple(weights)


def _enclose(task: _Task) -> Enclosure:
    """Enclose at the current precision, outside the exact regimes."""
    problem = task.ball()
    tolerance = arb(2) ** -(task.bits + 6)
    if task.a == 2:
        s = chi_square_tilt(task.p, task.W, 2 * task.rho)
        q = tilted(problem, s).q
    else:
        s, q = _optimum(problem, tolerance, task.W.index(Fraction(0)))
    t = _mixing(problem, q, tolerance)
    digits = math.ceil((task.bits + 32) * _DIGITS_PER_BIT)
    while digits < _DIGITS_PER_BIT * ctx.prec:  # more would be noise, and too long for Python to read
        at = _rounded(s / ball_of(task.span), digits)
        weights = list(task.row.nominal)
        if t < 1:
            for state, x, mass in zip(task.states, q, problem.p, strict=True):
                weights[state] = _rounded((1 - t) * x + t * mass, digits)
        enclosure = _prove(task, problem, tuple(weights), at)
        if enclosure:
            return enclosure
        digits *= 2
    raise _MorePrecisionError


def _prove(task: _Task, problem: Ball, weights: tuple[Fraction, ...], at: Fraction) -> Enclosure | None:
    """Return the enclosure that the rounded points prove, if it is narrow enough."""
    budget = task.span / 2**task.bits
    total = sum(weights, Fraction(0))
    if weights != task.row.nominal:  # D(p, p) = 0
        q = [ball_of(weights[s] / total) for s in task.states]
        if not divergence(task.a, q, problem.p) <= problem.rho:
            return None
    grid = _power_of_ten(budget / 8)
    hi = math.ceil(expectation(weights, task.row.values) / total / grid) * grid
    if hi - task.floor <= budget:
        return Enclosure(task.row, task.floor, hi, Certificate(weights, "minimum"))
    below = ball_of(task.floor) + ball_of(task.span) * tilted(problem, ball_of(at * task.span)).dual
    if not below.is_finite():
        return None
    lo = (math.floor(rational(below.lower()) / grid) - 1) * grid
    return Enclosure(task.row, lo, hi, Certificate(weights, "dual", at)) if hi - lo <= budget else None


def _optimum(problem: Ball, tolerance: Arb, target: int) -> tuple[Arb, tuple[Arb, ...]]:
    """Return the optimal tilt and distribution up to a duality gap of ``tolerance``."""
    on_the_floor = sum((p for p, w in zip(problem.p, problem.W, strict=True) if w == 0), arb(0))
    if problem.alpha < 1 and on_the_floor == 0:
        q = boundary(problem)
        rest = 1 - sum(q, arb(0))
        if rest.upper() >= 0:
            mean = dot(q, problem.W)
            s = arb(1)
            while not abs(mean - tilted(problem, s).dual) <= tolerance:
                s *= 2**64  # the optimum is at infinity: any s is a proof, and a larger one a better
                if s > arb(2) ** ctx.prec:
                    raise _MorePrecisionError
            return s, tuple(rest.max(0) if k == target else x for k, x in enumerate(q))
    return _newton(problem, tolerance)


def _newton(problem: Ball, tolerance: Arb) -> tuple[Arb, tuple[Arb, ...]]:
    """Solve ``D(q_s) = rho``; the gap at the s returned is below ``tolerance``."""
    mean = dot(problem.p, problem.W)
    centred = [w - mean for w in problem.W]
    variance = dot(problem.p, [w * w for w in centred])  # arb: (a ball around 0) ** 2 is nan
    s = ((2 * problem.rho / variance).sqrt()).max(tolerance / 4).mid()
    below, above = arb(0), None
    stride = arb(2) ** 16
    best, bisected = arb("+inf"), False
    for _ in range(_MAX_STEPS):
        here = tilted(problem, s)
        if not here.divergence > 0 or not here.gap.is_finite():
            raise _MorePrecisionError
        inside = here.divergence < problem.rho
        cost = here.gap.min(here.mean) if inside else (1 - problem.rho / here.divergence) * (mean - here.mean)
        if cost <= tolerance:
            return s, here.q
        below, above = (s, above) if inside else (below, s)
        error = (problem.rho / here.divergence).log()
        stalled = not (bisected or 2 * abs(error) < best)
        best = best.min(abs(error))
        s *= (error * here.divergence / here.slope).exp()
        bisected = False
        if above is None:
            if not s < below * stride:
                s, stride = below * stride, stride**2
        elif below == 0:
            if not s > above / stride:
                s, stride = above / stride, stride**2
        elif stalled or not below < s < above:
            s, bisected = _halve(problem, below, above), True
        s = s.mid()
    raise _MorePrecisionError


def _halve(problem: Ball, below: Arb, above: Arb) -> Arb:
    """Return a tilt inside the bracket that halves what is not known of the root.

    For a > 1 the divergence is singular at the kinks ``1 / ((a - 1) W_k)``, where state k is cut off, and the
    root may lie closer to one than halving s can resolve: halve the set of kinks, then ``log y_k``.
    """
    if problem.alpha > 1:
        hair = arb(2) ** -(ctx.prec // 2)
        order = ball_of(problem.alpha - 1)
        kinks = sorted((1 / (order * w)).mid() for w in problem.W if w > 0)
        cells = [k for k in kinks if below < k and k * (1 + hair) < above]
        if cells:
            return cells[len(cells) // 2] * (1 + hair)
        ahead = [k for k in kinks if k > below]
        if ahead:
            k = ahead[0]
            return k * (1 - ((1 - below / k) * (1 - above / k).max(hair)).sqrt())
    return (below * above).sqrt()


def _mixing(problem: Ball, q: Sequence[Arb], tolerance: Arb) -> Arb:
    """Return how much of p to mix into q so that it is feasible with room to spare, for little loss."""
    loss = dot(problem.p, problem.W) - dot(q, problem.W)
    if not loss > tolerance:
        return arb(1)
    excess = 1 - problem.rho / divergence(problem.alpha, q, problem.p)
    return ((excess if excess > 0 else 0) + tolerance / loss).mid()


def _rounded(x: Arb, digits: int) -> Fraction:
    """Round the midpoint to a decimal of that many digits."""
    return Fraction(x.mid().str(digits, radius=False))


def _power_of_ten(x: Fraction) -> Fraction:
    """Return the largest power of ten that is <= x."""
    power = Fraction(10) ** (len(str(x.numerator)) - len(str(x.denominator)))
    return power if power <= x else power / 10
