r"""The law of the worst distribution: it is a distribution, it is in the ball, and it attains the value.

An implementation computes ``q`` in floats, so ``q`` may be off by ``k u`` relative to each ``q_s`` and to the
``p_s`` that it came from (``k = 32 + 2S``). What that can do to ``D(q, p) = sum p f(q/p)`` is at most
``k u sum_s (p_s + q_s) |f'(q_s / p_s)|`` to first order, and that is what the check forgives, twice (the
radius itself may be rounded: once more ``k u rho``). Besides, each ``q_s`` may be off by ``a = k u`` plus the
accuracy declared, absolutely: whoever completes a sum to 1 leaves an ulp of 1 somewhere, and it moves no
mean by more than ``a span``. So the point of the box ``q +- a`` nearest to p must lie in the ball; as f is
convex with its minimum at 1, no other point of the box is closer. Attaining: ``E_q V`` is within the
allowance of the value returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from mpmath import mp, mpf

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
)
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import rounding_allowance
from drmg_properties.laws._law import FLOAT64, Tolerance, allowance

Worst: TypeAlias = Callable[[Row], Sequence[float]]
DIGITS = 50


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
    excess = _excess(row.uncertainty, row.probabilities, nearest, row.radius, slack)
    if excess > 0:
        return (
            f"the distribution is outside the ball: the distance exceeds the radius by {mp.nstr(excess, 3)}"
        )
    floor = min(row.values)
    mean = floor + sum((x * (v - floor) for x, v in zip(exact_q, row.values, strict=True)), Fraction(0))
    if abs(mean - Fraction(value)) > 2 * allowance(row, value, tolerance):
        return f"the distribution has mean {float(mean)!r} but the value returned is {value!r}"
    return None


def _excess(
    uncertainty: UncertaintySet, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    """Return ``D(q, p) - rho`` less what rounding explains."""
    with mp.workdps(DIGITS):
        match uncertainty:
            case Contamination(support=support):
                needed = [(1 - rho) * x - y - 2 * slack * x for x, y in zip(p, q, strict=True)]
                leak = _leak(p, q) if support == "nominal" else Fraction(0)
                return _mpf(max(*needed, leak))
            case Interval(support=support):
                apart = [abs(x - y) - rho - 2 * slack * (x + y + rho) for x, y in zip(p, q, strict=True)]
                leak = _leak(p, q) if support == "nominal" else Fraction(0)
                return _mpf(max(*apart, leak))
            case _:
                return _divergence_excess(uncertainty, p, q, rho, slack)


def _leak(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((y for x, y in zip(p, q, strict=True) if x == 0), Fraction(0))


def _divergence_excess(
    uncertainty: UncertaintySet, p: Sequence[Fraction], q: Sequence[Fraction], rho: Fraction, slack: Fraction
) -> mpf:
    f, derivative, recession = _divergence(uncertainty)
    distance, forgiven = mpf(0), mpf(0)
    for x, y in zip(p, q, strict=True):
        if x == 0:
            if y > 0 and recession is None:
                return mp.inf
            distance += 0 if recession is None else recession * _mpf(y)
            continue
        if y == 0 and isinstance(uncertainty, ReverseKL):
            return mp.inf
        t = _mpf(y / x)
        distance += _mpf(x) * f(t)
        forgiven += _mpf(x + y) * abs(derivative(t)) if y > 0 else mpf(0)
    return distance - _mpf(rho) - 2 * _mpf(slack) * (forgiven + _mpf(rho))


def _divergence(
    uncertainty: UncertaintySet,
) -> tuple[Callable[[mpf], mpf], Callable[[mpf], mpf], mpf | None]:
    """Return ``f``, ``f'`` and ``lim f(t) / t`` (None where the adversary may not leave the support)."""
    stays = getattr(uncertainty, "support", "all") == "nominal"
    match uncertainty:
        case TotalVariation():
            return lambda t: abs(t - 1) / 2, lambda t: mpf(0.5), None if stays else mpf(0.5)
        case L1():
            return lambda t: abs(t - 1), lambda t: mpf(1), None if stays else mpf(1)
        case KullbackLeibler():
            return lambda t: t * mp.log(t) - t + 1 if t else mpf(1), mp.log, None
        case ReverseKL():
            return lambda t: t - 1 - mp.log(t), lambda t: 1 - 1 / t, None if stays else mpf(1)
        case ChiSquare():
            return lambda t: (t - 1) ** 2, lambda t: 2 * (t - 1), None
        case Hellinger():
            return lambda t: (mp.sqrt(t) - 1) ** 2, lambda t: 1 - 1 / mp.sqrt(t), None if stays else mpf(1)
        case CressieRead(alpha=alpha):
            a = _mpf(alpha)
            away = None if stays or alpha > 1 else 1 / (1 - a)
            return (
                lambda t: (t**a - a * t + a - 1) / (a * (a - 1)) if t or a > 0 else mp.inf,
                lambda t: (t ** (a - 1) - 1) / (a - 1),
                away,
            )
        case _:
            raise UnsupportedError(f"the {uncertainty.kind} ball takes a transport plan to check")


def _mpf(x: Fraction) -> mpf:
    return mpf(x.numerator) / x.denominator
