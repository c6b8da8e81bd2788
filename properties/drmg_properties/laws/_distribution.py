r"""The law of the worst distribution: it is a distribution, it is in the ball, and it attains the value.

An implementation computes ``q`` in floats, so ``q`` may be off by ``k u`` relative to each ``q_s`` and to the
``p_s`` that it came from (``k = 32 + 2S``). What that can do to ``D(q, p) = sum p f(q/p)`` is at most
``k u sum_s (p_s + q_s) |f'(q_s / p_s)|`` to first order, and that is what the check forgives, twice (the
radius itself may be rounded: once more ``k u rho``). Besides, each ``q_s`` may be off by ``a = k u`` plus the
accuracy declared, absolutely: whoever completes a sum to 1 leaves an ulp of 1 somewhere, and it moves no
mean by more than ``a span``. So the point of the box ``q +- a`` nearest to p must lie in the ball; as f is
convex with its minimum at 1, no other point of the box is closer. Attaining: ``E_q V`` is within the
allowance of the value returned, and within what ``q`` itself may be off by, ``sum_s a (V_s - min V)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mpmath import mp, mpf

from drmg_check.sets import (
    L1,
    Contamination,
    Interval,
    Operation,
    ProbabilityBounds,
    Quadratic,
    Row,
    SmoothDivergence,
    TotalVariation,
    UncertaintySet,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_oracles import rounding_allowance
from drmg_properties.laws._law import FLOAT64, Tolerance, allowance

DIGITS = 50  # a sum of divergences loses few beyond the 16 of what is judged


def check_worst_distribution(
    q: Sequence[float], value: float, row: Row, tolerance: Tolerance = FLOAT64
) -> str | None:
    """Return what is wrong with ``q`` as the worst distribution of ``row`` with that value, or None.

    Parameters
    ----------
    q : sequence of float, length S
    value : float
        The worst-case expectation that the same implementation returned.
    row : Row
        Of any set but Wasserstein, whose ball takes a transport plan to check.
    tolerance : Tolerance
        Its accuracy is that of each probability, too.

    Raises
    ------
    UnsupportedError
        The set is Wasserstein.

    Examples
    --------
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> check_worst_distribution([0.75, 0.25], 0.25, row) is None
    True
    >>> check_worst_distribution([1.0, 0.0], 0.0, row)
    'the distribution is outside the ball: the distance exceeds the radius by 0.25'
    """
    if len(q) != len(row.values):
        return f"the distribution has {len(q)} states, the row has {len(row.values)}"
    slack = rounding_allowance(row) * tolerance.unit
    apart = slack + tolerance.accuracy
    if not all(abs(x) <= 1 + apart for x in q):  # refuses NaN too
        return f"the distribution {list(q)} has an entry outside [0, 1]"
    exact_q = [Fraction(x) for x in q]
    if min(exact_q) < -apart:
        return f"the distribution has the negative probability {float(min(exact_q))!r}"
    total = sum(exact_q, Fraction(0))
    if abs(total - 1) > slack + len(q) * tolerance.accuracy:
        return f"the distribution sums to {float(total)!r}"
    nearest = [min(max(x, y - apart), y + apart) for x, y in zip(row.probabilities, exact_q, strict=True)]
    with mp.workdps(DIGITS):
        beyond = excess(row.uncertainty, row.probabilities, nearest, row.radius, slack)
    if beyond > 0:
        return (
            f"the distribution is outside the ball: the distance exceeds the radius by {mp.nstr(beyond, 3)}"
        )
    floor = min(row.values)
    mean = floor + sum((x * (v - floor) for x, v in zip(exact_q, row.values, strict=True)), Fraction(0))
    of_entries = tolerance.accuracy * sum((v - floor for v in row.values), Fraction(0))
    if abs(mean - Fraction(value)) > 2 * allowance(row, value, tolerance) + of_entries:
        return f"the distribution has mean {float(mean)!r} but the value returned is {value!r}"
    return None


excess: Operation[[Sequence[Fraction], Sequence[Fraction], Fraction, Fraction], mpf] = operation(
    "distribution", __name__, "D(q, p) - rho less what rounding explains, for worst distributions"
)
"""Its arguments are p, q, rho and the rounding allowed."""


@excess.register(Contamination)
def _contamination(
    uncertainty: Contamination, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    needed = [(1 - rho) * x - y - 2 * slack * x for x, y in zip(p, q, strict=True)]
    return _mpf(max(*needed, _leak(uncertainty, p, q)))


@excess.register(Interval)
def _interval(
    uncertainty: Interval, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    apart = [abs(x - y) - rho - 2 * slack * (x + y + rho) for x, y in zip(p, q, strict=True)]
    return _mpf(max(*apart, _leak(uncertainty, p, q)))


@excess.register(WeightedInterval)
def _weighted_interval(
    uncertainty: WeightedInterval,
    p: Sequence[Fraction],
    q: Sequence[Fraction],
    rho: Fraction,
    slack: Fraction,
) -> mpf:
    apart = [
        w * abs(x - y) - rho - 2 * slack * (w * (x + y) + rho)
        for w, x, y in zip(uncertainty.weights, p, q, strict=True)
    ]
    return _mpf(max(*apart, _leak(uncertainty, p, q)))


@excess.register(ProbabilityBounds)
def _bounds(
    uncertainty: ProbabilityBounds,
    p: Sequence[Fraction],
    q: Sequence[Fraction],
    rho: Fraction,
    slack: Fraction,
) -> mpf:
    zero, beyond = Fraction(0), [Fraction(-1)]
    for x, y, low, high in zip(p, q, uncertainty.lower, uncertainty.upper, strict=True):
        least, most = x - rho * max(x - low, zero), x + rho * max(high - x, zero)
        beyond.append(max(least - y, y - most) - 2 * slack * (x + y + rho * (low + high)))
    return _mpf(max(beyond))


@excess.register(WeightedL1)
def _weighted_l1(
    uncertainty: WeightedL1, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    triples = list(zip(uncertainty.weights, p, q, strict=True))
    distance = sum((w * abs(x - y) for w, x, y in triples), Fraction(0))
    size = sum((w * (x + y) for w, x, y in triples), rho)
    return _mpf(max(distance - rho - 2 * slack * size, _leak(uncertainty, p, q)))


@excess.register(Quadratic)
def _quadratic(
    uncertainty: Quadratic, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    triples = list(zip(uncertainty.squares(len(p)), p, q, strict=True))
    distance = mp.sqrt(_mpf(sum((w * (x - y) ** 2 for w, x, y in triples), Fraction(0))))
    size = mp.sqrt(_mpf(sum((w * (x + y) ** 2 for w, x, y in triples), Fraction(0))))
    beyond = distance - _mpf(rho) - 2 * _mpf(slack) * (size + _mpf(rho))
    return max(beyond, _mpf(_leak(uncertainty, p, q)))


def _leak(uncertainty: UncertaintySet, p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    if leaves_support(uncertainty):
        return Fraction(0)
    return sum((y for x, y in zip(p, q, strict=True) if x == 0), Fraction(0))


@excess.register(TotalVariation, L1, SmoothDivergence)
def _divergence(
    uncertainty: UncertaintySet, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    divergence = uncertainty.divergence
    assert divergence is not None
    away = divergence.away if leaves_support(uncertainty) else None
    distance, forgiven = mpf(0), mpf(0)
    for x, y in zip(p, q, strict=True):
        if x == 0:
            if y > 0 and away is None:
                return mp.inf
            distance += 0 if away is None else away * _mpf(y)
            continue
        t = _mpf(y / x)
        distance += _mpf(x) * divergence.f(t)
        forgiven += _mpf(x + y) * abs(divergence.slope(t)) if y > 0 else mpf(0)
    return distance - _mpf(rho) - 2 * _mpf(slack) * (forgiven + _mpf(rho))


def _mpf(x: Fraction) -> mpf:
    return mpf(x.numerator) / x.denominator
