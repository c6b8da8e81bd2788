r"""L2 and ellipsoids: exact points of the path that the worst case takes as the radius grows.

For ``t > 0`` let ``q(t)`` minimise ``E_q V + D(q, p)^2 / (2 t)``, ``D^2 = sum w (q - p)^2``, over the
distributions on the admissible states: the projection of ``p - t V / w`` onto them. On its support A it is

    q_s = p_s + (shift - t (V_s - m)) / w_s,  m = sum_A V / w / N,  shift = (1 - p(A)) / N,  N = sum_A 1 / w,

so that it is rational for rational t, and ``D(q(t))^2 = t^2 sum_A (V - m)^2 / w + (1 - p(A))^2 / N +
sum_{not A} w p^2``. ``D(q(t))`` increases with t, and a state that is empty at t stays empty: dropping from A
what the t of the radius, rounded down, makes negative never drops too much (as projections do not expand
distances, that t is at most the one sought). At the end ``q(t)`` is in the ball, and strong duality of the
penalised problem proves ``E_q V - (rho^2 - D^2) / (2 t)`` from below.
Source: Michelot (1986) for the projection; the rest is derived here.
"""

from __future__ import annotations

import math
from fractions import Fraction

from drmg_check.sets import Quadratic, Row
from drmg_oracles.rows._certificate import Certificate, Enclosure
from drmg_oracles.rows._polyhedral import ONE, ZERO, admissible, expectation

RESERVE = 20  # bits beyond those asked for: the width is at most twice the relative error of t in spans


def enclose_quadratic(uncertainty: Quadratic, row: Row, bits: int) -> Enclosure:
    """Enclose a row of L2 or an ellipsoid, to ``2^-bits`` of the span."""
    p, V, rho = row.probabilities, row.values, row.radius
    kept = admissible(row)
    floor = min(V[s] for s in kept)
    if rho == 0:
        mean = expectation(p, V)
        return Enclosure(row, mean, mean, Certificate(p, "mean"))
    inverse = [1 / w for w in uncertainty.squares(len(p))]
    inside, t = kept, ZERO
    while True:
        N = sum((inverse[s] for s in inside), ZERO)
        m = sum((V[s] * inverse[s] for s in inside), ZERO) / N
        lost = ONE - sum((p[s] for s in inside), ZERO)
        used = lost**2 / N + sum((p[s] ** 2 / inverse[s] for s in range(len(p)) if s not in inside), ZERO)
        variance = sum((inverse[s] * (V[s] - m) ** 2 for s in inside), ZERO)
        if variance:
            t = max(t, root_below(max(rho**2 - used, ZERO) / variance, bits + RESERVE))
        q = {s: p[s] + inverse[s] * (lost / N - (t * (V[s] - m) if variance else 0)) for s in inside}
        if min(q.values()) >= 0:
            break
        inside = [s for s in inside if q[s] >= 0]
    worst = tuple(q.get(s, ZERO) for s in range(len(p)))
    hi = expectation(worst, V)
    if hi == floor:
        return Enclosure(row, floor, floor, Certificate(worst, "minimum"))
    lo = hi - (rho**2 - used - t**2 * variance) / (2 * t)
    if lo < floor:
        return Enclosure(row, floor, hi, Certificate(worst, "minimum"))
    return Enclosure(row, lo, hi, Certificate(worst, "dual", 1 / (2 * t)))


def root_below(x: Fraction, bits: int) -> Fraction:
    """Return a binary number at most sqrt(x), short of it by less than ``2^-bits`` of it.

    >>> root_below(Fraction(9, 4), 8), float(root_below(Fraction(2), 60))
    (Fraction(3, 2), 1.4142135623730951)
    """
    if x == 0:
        return x
    places = bits + 1 - (x.numerator.bit_length() - x.denominator.bit_length()) // 2
    scaled = x * Fraction(4) ** places
    return math.isqrt(scaled.numerator // scaled.denominator) / Fraction(2) ** places
