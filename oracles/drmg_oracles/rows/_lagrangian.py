r"""Proofs from approximate points: any distribution bounds the worst case above, any multiplier below.

With ``sigma = inf { E_q V : D(q, p) <= rho }`` and ``D`` convex, ``D(p, p) = 0``:

* **above.** ``D((1 - t) p + t q, p) <= t D(q, p)``, so mixing q with p at ``t = min(1, rho / D(q, p))``
  gives a distribution in the ball, whatever q was.
* **below.** Lemma 1 of the MORNAVI paper: for every multiplier ``lam > 0`` of the ball and every ``eta``
  with ``eta - V_s <= lam lim f(t)/t`` at each admissible state,
  ``eta - lam sum_s p_s f*((eta - V_s) / lam) - lam rho <= sigma``,
  because ``E_q V >= E_q V + lam (D(q, p) - rho)`` on the ball and ``t y - f(t) <= f*(y)``.

The conjugates are those of ``_conjugates.py``, in ball arithmetic and rounded to the safe side; the rest is
rational. Source: Ben-Tal et al. (2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
from flint import arb, ctx

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    Interval,
    Operation,
    ProbabilityBounds,
    Quadratic,
    Row,
    Scenarios,
    SmoothDivergence,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import FloatArray, normalise
from drmg_oracles.rows._conjugates import Conjugate, ball_of, conjugate
from drmg_oracles.rows._quadratic import root_below

PRECISION = 256  # bits of the balls; the points to be proved come from float64
_BISECTIONS = 200  # to the last bit of a number 2^147 times smaller than the bracket


def admissible_states(row: Row) -> list[int]:
    """Return the states on which the adversary may put mass."""
    anywhere = leaves_support(row.uncertainty)
    return [s for s, weight in enumerate(row.nominal) if weight or anywhere]


def pull_into_ball(row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return a distribution that provably lies in the ball: q mixed with as little of p as the proof needs.

    Parameters
    ----------
    row : Row
        Any set but Wasserstein, whose discrepancy is itself a linear program.
    q : distribution over the states, exactly normalised, zero where the adversary may not go

    Raises
    ------
    UnsupportedError
        The set is Wasserstein.
    """
    return member(row.uncertainty, row, q)


member: Operation[[Row, Sequence[Fraction]], tuple[Fraction, ...]] = operation(
    "nearest member", __name__, "a distribution that provably lies in the ball, near a given one"
)


@member.register(Contamination)
def _contaminated(_: Contamination, row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Keep what q puts above ``(1 - rho) p``, whatever it puts below."""
    p, rho = row.probabilities, row.radius
    rest = normalise([max(y - (1 - rho) * x, Fraction(0)) for x, y in zip(p, q, strict=True)])
    return _mix(p, rest, rho)


@member.register(Scenarios)
def _nearest_scenario(uncertainty: Scenarios, row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    p, rho = row.probabilities, row.radius
    return min(
        (p, *(_mix(p, scenario, rho) for scenario in uncertainty.rows)),
        key=lambda x: sum((abs(a - b) for a, b in zip(x, q, strict=True)), Fraction(0)),
    )


@member.register(ProbabilityBounds)
def _cut_to_bounds(uncertainty: ProbabilityBounds, row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Cut q to its bounds, then mend the sum where there is room, from the first state on."""
    p, rho, zero = row.probabilities, row.radius, Fraction(0)
    least = [x - rho * max(x - low, zero) for x, low in zip(p, uncertainty.lower, strict=True)]
    most = [x + rho * max(high - x, zero) for x, high in zip(p, uncertainty.upper, strict=True)]
    mended = [min(max(y, a), b) for y, a, b in zip(q, least, most, strict=True)]
    missing = 1 - sum(mended, zero)
    for s, y in enumerate(mended):
        moved = min(missing, most[s] - y) if missing > 0 else max(missing, least[s] - y)
        mended[s], missing = y + moved, missing - moved
    return tuple(mended)


@member.register(TotalVariation, L1, Interval, WeightedL1, WeightedInterval, Quadratic, SmoothDivergence)
def _mixed(_: UncertaintySet, row: Row, q: Sequence[Fraction]) -> tuple[Fraction, ...]:
    p, rho = row.probabilities, row.radius
    distance = discrepancy_above(row, q)
    if distance is None:  # infinite: a state was emptied that the set does not let go
        q = _mix(p, q, 1 - Fraction(1, 2**40))  # costs 2^-40 of the span
        distance = discrepancy_above(row, q)
    if distance is None:
        return p
    return tuple(q) if distance <= rho else _mix(p, q, rho / distance)


def discrepancy_above(row: Row, q: Sequence[Fraction]) -> Fraction | None:
    """Return an upper bound on ``D(q, p)`` computed from its definition, or None where it is infinite.

    Exact for TV, L1, chi-square, intervals and weighted L1.
    """
    return discrepancy(row.uncertainty, row.probabilities, q)


discrepancy: Operation[[Sequence[Fraction], Sequence[Fraction]], Fraction | None] = Operation(
    "discrepancy", __name__, "an upper bound on D(q, p) from its definition"
)
"""Not recorded: it is how those of the sets that are convex in q find a nearest member."""


@discrepancy.register(TotalVariation)
def _tv_distance(_: TotalVariation, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((abs(y - x) for x, y in zip(p, q, strict=True)), Fraction(0)) / 2


@discrepancy.register(L1)
def _l1_distance(_: L1, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((abs(y - x) for x, y in zip(p, q, strict=True)), Fraction(0))


@discrepancy.register(Interval)
def _largest_move(_: Interval, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return max(abs(y - x) for x, y in zip(p, q, strict=True))


@discrepancy.register(WeightedInterval)
def _largest_weighted_move(
    uncertainty: WeightedInterval, p: Sequence[Fraction], q: Sequence[Fraction]
) -> Fraction:
    return max(w * abs(y - x) for w, x, y in zip(uncertainty.weights, p, q, strict=True))


@discrepancy.register(WeightedL1)
def _weighted_moves(uncertainty: WeightedL1, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((w * abs(y - x) for w, x, y in zip(uncertainty.weights, p, q, strict=True)), Fraction(0))


@discrepancy.register(Quadratic)
def _length(uncertainty: Quadratic, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    w = uncertainty.squares(len(p))
    square = sum((x * (b - a) ** 2 for x, a, b in zip(w, p, q, strict=True)), Fraction(0))
    return root_below(square, PRECISION) * (1 + Fraction(1, 2 ** (PRECISION - 1)))


@discrepancy.register(ChiSquare)
def _chi_square(_: ChiSquare, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum(((y - x) ** 2 / x for x, y in zip(p, q, strict=True) if x), Fraction(0))


@discrepancy.register(SmoothDivergence)
def _smooth_divergence(
    uncertainty: SmoothDivergence, p: Sequence[Fraction], q: Sequence[Fraction]
) -> Fraction | None:
    pairs = [(x, y) for x, y in zip(p, q, strict=True) if x]
    formulas = conjugate(uncertainty)
    if formulas.holds_all and any(y == 0 for _, y in pairs):
        return None
    with _precision():
        return _upper(formulas.divergence(pairs))


def lagrangian_bound(row: Row, multiplier: Fraction, eta: Fraction | None = None) -> Fraction:
    """Return a proven lower bound on the worst case from approximate dual variables.

    Parameters
    ----------
    row : Row
        Any set.
    multiplier : Fraction
        Of the ball: value per radius, for Wasserstein per budget ``rho^p``.
    eta : Fraction, optional
        Multiplier of ``sum q = 1``, which the interval set needs; elsewhere it is optimised in floating
        point (any eta proves, so that rounding it costs accuracy only).

    Returns
    -------
    Fraction
        The smallest admissible value where the variables prove nothing better.
    """
    p, V = row.probabilities, row.values
    if row.radius == 0:
        return sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0))
    floor = min(V[s] for s in admissible_states(row))
    multiplier = max(multiplier, Fraction(0))  # a negative one proves nothing
    return max(floor, lagrangian(row.uncertainty, row, multiplier, floor if eta is None else eta))


lagrangian: Operation[[Row, Fraction, Fraction], Fraction] = operation(
    "Lagrangian bound", __name__, "a lower bound on the worst case from approximate dual variables"
)


@lagrangian.register(Contamination)
def _contamination_bound(_: Contamination, row: Row, _multiplier: Fraction, _eta: Fraction) -> Fraction:
    floor = min(row.values[s] for s in admissible_states(row))
    mean = sum((x * v for x, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return (1 - row.radius) * mean + row.radius * floor


@lagrangian.register(Interval)
def _interval_bound(_: Interval, row: Row, _multiplier: Fraction, eta: Fraction) -> Fraction:
    """``E_q V = eta + sum q (V - eta)``, and ``(p - rho)_+ <= q <= min(1, p + rho)``."""
    p, V, rho = row.probabilities, row.values, row.radius
    bound = eta
    for s in admissible_states(row):
        extreme = max(p[s] - rho, Fraction(0)) if V[s] > eta else min(p[s] + rho, Fraction(1))
        bound += extreme * (V[s] - eta)
    return bound


@lagrangian.register(WeightedInterval)
def _weighted_interval_bound(
    uncertainty: WeightedInterval, row: Row, _multiplier: Fraction, eta: Fraction
) -> Fraction:
    p, V = row.probabilities, row.values
    bound = eta
    for s in admissible_states(row):
        width = row.radius / uncertainty.weights[s]
        extreme = max(p[s] - width, Fraction(0)) if V[s] > eta else min(p[s] + width, Fraction(1))
        bound += extreme * (V[s] - eta)
    return bound


@lagrangian.register(ProbabilityBounds)
def _bounds_bound(uncertainty: ProbabilityBounds, row: Row, _multiplier: Fraction, eta: Fraction) -> Fraction:
    bound, rho = eta, row.radius
    ends = zip(row.probabilities, row.values, uncertainty.lower, uncertainty.upper, strict=True)
    for x, v, low, high in ends:
        least, most = x - rho * max(x - low, Fraction(0)), x + rho * max(high - x, Fraction(0))
        bound += (least if v > eta else most) * (v - eta)
    return bound


@lagrangian.register(Scenarios)
def _scenarios_bound(uncertainty: Scenarios, row: Row, _multiplier: Fraction, _eta: Fraction) -> Fraction:
    rows = (row.probabilities, *uncertainty.rows)
    mean, *others = (sum((x * v for x, v in zip(q, row.values, strict=True)), Fraction(0)) for q in rows)
    return (1 - row.radius) * mean + row.radius * min(mean, *others)


@lagrangian.register(WeightedL1)
def _weighted_l1_bound(uncertainty: WeightedL1, row: Row, multiplier: Fraction, _eta: Fraction) -> Fraction:
    """State by state ``q (V - eta) + lam w |q - p|``, least at 0 or at p if ``eta <= V + lam w``."""
    raised = [v + multiplier * w for v, w in zip(row.values, uncertainty.weights, strict=True)]
    eta = min(raised[s] for s in admissible_states(row))
    bound = eta - multiplier * row.radius
    for x, v, w in zip(row.probabilities, row.values, uncertainty.weights, strict=True):
        bound += x * min(v - eta, multiplier * w)
    return bound


@lagrangian.register(Quadratic)
def _quadratic_bound(uncertainty: Quadratic, row: Row, multiplier: Fraction, eta: Fraction) -> Fraction:
    """Take the multiplier ``lam / (2 rho)`` of the squared radius, and each parabola at its vertex."""
    p, V, w = row.probabilities, row.values, uncertainty.squares(len(row.values))
    x = multiplier / (2 * row.radius)
    bound = eta - x * row.radius**2
    for s in admissible_states(row):
        slope, curve = V[s] - eta, x * w[s]
        if slope >= 2 * curve * p[s]:  # the vertex is at q <= 0
            bound += curve * p[s] ** 2
        elif curve == 0:
            return min(V[k] for k in admissible_states(row))
        else:
            bound += slope * p[s] - slope**2 / (4 * curve)
    return bound


@lagrangian.register(TotalVariation)
def _tv_bound(_: TotalVariation, row: Row, multiplier: Fraction, _eta: Fraction) -> Fraction:
    return _capped_mean(row, multiplier) - multiplier * row.radius


@lagrangian.register(L1)
def _l1_bound(_: L1, row: Row, multiplier: Fraction, _eta: Fraction) -> Fraction:
    return _capped_mean(row, 2 * multiplier) - multiplier * row.radius


def _capped_mean(row: Row, height: Fraction) -> Fraction:
    """``eta + lam / 2`` caps V at ``floor + height``: ``f* = max(y, -1/2)`` up to ``y = 1/2``."""
    cap = min(row.values[s] for s in admissible_states(row)) + height
    return sum((x * min(v, cap) for x, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))


@lagrangian.register(Wasserstein)
def _transport_bound(uncertainty: Wasserstein, row: Row, multiplier: Fraction, _eta: Fraction) -> Fraction:
    V, d, k = row.values, uncertainty.ground, uncertainty.order
    bound = -multiplier * row.radius**k
    for s, mass in enumerate(row.probabilities):
        if mass:
            bound += mass * min(v + multiplier * d[s][t] ** k for t, v in enumerate(V))
    return bound


@lagrangian.register(SmoothDivergence)
def _smooth_bound(uncertainty: SmoothDivergence, row: Row, multiplier: Fraction, _eta: Fraction) -> Fraction:
    V, p = row.values, row.probabilities
    states = admissible_states(row)
    floor = min(V[s] for s in states)
    if multiplier == 0 or multiplier * 10**300 < max(V[s] for s in states) - floor:  # would overflow below
        return floor
    formulas = conjugate(uncertainty)
    weights = np.array([float(p[s]) for s in states])
    heights = np.array([float((V[s] - floor) / multiplier) for s in states])
    y = Fraction(_best_shift(formulas, weights, heights))
    with _precision():
        total = arb(0)
        for s in states:
            value = formulas.value(y - (V[s] - floor) / multiplier, p[s] > 0)
            if value is None:
                return floor
            total += ball_of(p[s]) * value
        return floor + multiplier * (y - row.radius - _upper(total))


def _best_shift(formulas: Conjugate, p: FloatArray, heights: FloatArray) -> float:
    """Return ``y = (eta - floor) / lam`` with ``E_p t(y - heights) = 1``, or the largest admissible y."""
    inside = p > 0
    low = formulas.slope_at_one + float(heights.min())
    high = formulas.slope_at_one + float(heights[inside].max())
    steepest = formulas.steepest
    if np.isfinite(steepest):  # eta - V <= lam lim f(t)/t, strictly on the support
        margin = 2.0**-50 * (1.0 + abs(steepest))  # four ulp: the proof refuses what rounds beyond
        high = min(high, steepest + float(heights.min()), steepest + float(heights[inside].min()) - margin)
    with np.errstate(all="ignore"):
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            mass = float(np.sum(p[inside] * formulas.density(middle - heights[inside])))
            low, high = (middle, high) if mass < 1.0 else (low, middle)
    return low


def _mix(p: Sequence[Fraction], q: Sequence[Fraction], t: Fraction) -> tuple[Fraction, ...]:
    return tuple(x + t * (y - x) for x, y in zip(p, q, strict=True))


def _upper(x: arb) -> Fraction:
    mantissa, exponent = x.upper().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@contextmanager
def _precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = PRECISION
    try:
        yield
    finally:
        ctx.prec = before
