r"""Laws between sets: a smaller ball has the larger worst case, and some balls are the same ball.

With ``H^2 = sum (sqrt q - sqrt p)^2``, for all distributions q and p:

* ``TV <= sqrt(KL / 2)`` in both directions of KL (Pinsker);
* ``TV <= sqrt(H^2 (1 - H^2 / 4))`` (Le Cam);
* ``H^2 <= KL`` in both directions; ``KL <= log(1 + chi2)``; ``TV <= sqrt(chi2) / 2``;
* ``max |q - p| <= TV``; a contamination ball lies in the TV ball of its radius;
* ``max |q - p| <= L2 <= L1 <= sqrt(S) L2``, and the same with weights: ``max w |q - p| <= sum w |q - p|``,
  ``sum w (q - p)^2 <= (sum sqrt(w) |q - p|)^2``;
* weights count in the unit of the radius; weighted L1 is Wasserstein-1 with the metric ``w_s + w_t``;
* ``{L1 <= 2 rho} = {TV <= rho}``, Cressie-Read 2 and 1/2 are chi-square and Hellinger rescaled,
  Wasserstein-1 on the discrete metric is TV, and with two states ``max |q - p| = TV``.

Irrational radii are rounded outward (the larger ball), by two ulp of a correctly rounded-within-one-ulp
library function. Source: Tsybakov (2009), section 2.4; Gibbs and Su (2002).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from drmg_check.sets import (
    L1,
    L2,
    ChiSquare,
    Contamination,
    CressieRead,
    Ellipsoid,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ProbabilityBounds,
    ReverseKL,
    Row,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
    uncertainty_from_data,
    uncertainty_to_data,
)
from drmg_properties.laws._law import Law, Relation, equal, ordered


def _above(x: float) -> Fraction:
    """Return a rational that is at least the real number which ``x`` approximates within an ulp."""
    return Fraction(math.nextafter(math.nextafter(x, math.inf), math.inf))


class Ball(NamedTuple):
    """A set with a radius, and why it is related to another one."""

    uncertainty: UncertaintySet
    radius: Fraction
    words: str


@dataclass(frozen=True, slots=True)
class Relatives:
    """Balls that contain a ball, and other descriptions of the same ball."""

    larger: tuple[Ball, ...] = ()
    same: tuple[Ball, ...] = ()


relatives: Operation[[int, Fraction], Relatives] = operation(
    "inclusions", __name__, "balls that contain one of a number of states and a radius, or are the same"
)


@relatives.register(TotalVariation)
def _tv(uncertainty: TotalVariation, S: int, rho: Fraction) -> Relatives:
    support = uncertainty.support
    same = [Ball(L1(support), 2 * rho, "TV rho is L1 2 rho")]
    if support == "all":
        ground = tuple(tuple(Fraction(s != t) for t in range(S)) for s in range(S))
        same.append(Ball(Wasserstein(ground), rho, "TV is Wasserstein-1 on the discrete metric"))
    if S == 2:
        same.append(Ball(Interval(support), rho, "with two states max |q - p| is TV"))
    return Relatives((Ball(Interval(support), rho, "max |q - p| <= TV"),), tuple(same))


@relatives.register(KullbackLeibler)
def _kl(_: KullbackLeibler, _S: int, rho: Fraction) -> Relatives:
    pinsker = Ball(TotalVariation(), _above(math.sqrt(rho / 2)), "TV <= sqrt(KL / 2)")
    return Relatives((pinsker, Ball(Hellinger(), rho, "squared Hellinger <= KL")))


@relatives.register(ReverseKL)
def _reverse_kl(uncertainty: ReverseKL, _S: int, rho: Fraction) -> Relatives:
    support = uncertainty.support
    pinsker = Ball(TotalVariation(support), _above(math.sqrt(rho / 2)), "TV <= sqrt(reverse KL / 2)")
    return Relatives((pinsker, Ball(Hellinger(support), rho, "squared Hellinger <= reverse KL")))


@relatives.register(ChiSquare)
def _chi_square(_: ChiSquare, _S: int, rho: Fraction) -> Relatives:
    return Relatives(
        larger=(
            Ball(KullbackLeibler(), _above(math.log1p(rho)), "KL <= log(1 + chi2)"),
            Ball(TotalVariation(), _above(math.sqrt(rho) / 2), "TV <= sqrt(chi2) / 2"),
        ),
        same=(Ball(CressieRead(Fraction(2)), rho / 2, "chi2 rho is Cressie-Read 2 with rho / 2"),),
    )


@relatives.register(Hellinger)
def _hellinger(uncertainty: Hellinger, _S: int, rho: Fraction) -> Relatives:
    support = uncertainty.support
    bound = _above(math.sqrt(rho * (1 - rho / 4)))
    half = CressieRead(Fraction(1, 2), support)
    return Relatives(
        larger=(Ball(TotalVariation(support), bound, "TV <= sqrt(H2 (1 - H2 / 4))"),),
        same=(Ball(half, 2 * rho, "Hellinger rho is Cressie-Read 1/2, 2 rho"),),
    )


@relatives.register(Contamination)
def _contamination(uncertainty: Contamination, S: int, rho: Fraction) -> Relatives:
    larger = (Ball(TotalVariation(uncertainty.support), rho, "contamination lies in the TV ball"),)
    if not uncertainty.leaves_support:
        return Relatives(larger)
    corners = Scenarios(tuple(tuple(Fraction(s == t) for t in range(S)) for s in range(S)))
    free = ProbabilityBounds((Fraction(0),) * S, (Fraction(1),) * S)
    same = (
        Ball(free, rho, "contamination is free bounds, drawn to p"),
        Ball(corners, rho, "contamination is the list of all point masses"),
    )
    return Relatives(larger, same)


@relatives.register(PowerDivergence)
def _of_power(uncertainty: PowerDivergence, _S: int, rho: Fraction) -> Relatives:
    alpha, unit = uncertainty.power
    same = CressieRead(alpha, "all" if leaves_support(uncertainty) else "nominal")
    return Relatives(same=(Ball(same, unit * rho, f"rho is Cressie-Read {alpha} with {unit} rho"),))


@relatives.register(L1)
def _l1(uncertainty: L1, S: int, rho: Fraction) -> Relatives:
    support = uncertainty.support
    ones = WeightedL1((Fraction(1),) * S, support)
    return Relatives(
        (Ball(L2(support), rho, "L2 <= L1"),), (Ball(ones, rho, "weights of 1 change nothing in L1"),)
    )


@relatives.register(L2)
def _l2(uncertainty: L2, S: int, rho: Fraction) -> Relatives:
    support = uncertainty.support
    ones = Ellipsoid((Fraction(1),) * S, support)
    root = _above(math.sqrt(S) / 2)
    return Relatives(
        larger=(
            Ball(Interval(support), min(rho, Fraction(1)), "max |q - p| <= L2"),
            Ball(TotalVariation(support), min(rho * root, Fraction(1)), "TV <= sqrt(S) L2 / 2"),
        ),
        same=(Ball(ones, rho, "weights of 1 change nothing in L2"),),
    )


@relatives.register(Interval)
def _interval(uncertainty: Interval, S: int, rho: Fraction) -> Relatives:
    ones = WeightedInterval((Fraction(1),) * S, uncertainty.support)
    return Relatives(same=(Ball(ones, rho, "weights of 1 change nothing in L-infinity"),))


@relatives.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, S: int, rho: Fraction) -> Relatives:
    w, support = uncertainty.weights, uncertainty.support
    same = [Ball(WeightedL1(_tripled(w), support), 3 * rho, "weights count in the unit of the radius")]
    if support == "all":
        ground = tuple(tuple((x + y) * (s != t) for t, y in enumerate(w)) for s, x in enumerate(w))
        same.append(Ball(Wasserstein(ground), rho, "weighted L1 is transport at the cost w_s + w_t"))
    squared = tuple(x**2 for x in w)
    return Relatives(
        larger=(
            Ball(WeightedInterval(w, support), rho, "max w |q - p| <= sum w |q - p|"),
            Ball(Ellipsoid(squared, support), rho, "the length of w (q - p) <= its L1 norm"),
        ),
        same=tuple(same),
    )


@relatives.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, _S: int, rho: Fraction) -> Relatives:
    wider = ProbabilityBounds(
        tuple(x / 2 for x in uncertainty.lower), tuple((1 + x) / 2 for x in uncertainty.upper)
    )
    return Relatives(
        (Ball(wider, rho, "wider bounds"), Ball(Interval(), rho, "no bound is farther than 1 from p"))
    )


@relatives.register(Scenarios)
def _scenarios(uncertainty: Scenarios, _S: int, rho: Fraction) -> Relatives:
    twice = Scenarios((*uncertainty.rows[::-1], uncertainty.rows[0]))
    return Relatives(
        (Ball(Contamination(), rho, "each row of the list is a contamination"),),
        (Ball(twice, rho, "the order of a list, and what it repeats, do not matter"),),
    )


@relatives.register(WeightedInterval)
def _weighted_interval(uncertainty: WeightedInterval, _S: int, rho: Fraction) -> Relatives:
    three = WeightedInterval(_tripled(uncertainty.weights), uncertainty.support)
    return Relatives(same=(Ball(three, 3 * rho, "weights count in the unit of the radius"),))


@relatives.register(Ellipsoid)
def _ellipsoid(uncertainty: Ellipsoid, _S: int, rho: Fraction) -> Relatives:
    w, support = uncertainty.weights, uncertainty.support
    nine = Ellipsoid(_tripled(_tripled(w)), support)
    narrow = L2(support)
    return Relatives(
        larger=(Ball(narrow, rho * _above(1 / math.sqrt(min(w))), "sqrt(min w) L2 <= the ellipsoid's norm"),),
        same=(Ball(nine, 3 * rho, "weights of squares count in the unit of the squared radius"),),
    )


def _tripled(weights: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(3 * w for w in weights)


@relatives.register(CressieRead, Wasserstein)
def _none(_: UncertaintySet, _S: int, _rho: Fraction) -> Relatives:
    """Say nothing: what is known of these is said of the sets above, from the other side."""
    return Relatives()


def _inclusion(row: Row) -> Iterator[Relation]:
    for uncertainty, radius, words in relatives(row.uncertainty, len(row.values), row.radius).larger:
        top = uncertainty.max_radius
        if top is None or radius <= top:
            yield ordered(Row(uncertainty, row.nominal, row.values, radius), row, words)


def _more_support(row: Row) -> Iterator[Relation]:
    data = uncertainty_to_data(row.uncertainty)
    if data.get("support") == "nominal":
        everywhere = uncertainty_from_data(data | {"support": "all"})
        yield ordered(replace(row, uncertainty=everywhere), row, "an adversary on all states is no weaker")


def _same_ball(row: Row) -> Iterator[Relation]:
    for uncertainty, radius, words in relatives(row.uncertainty, len(row.values), row.radius).same:
        yield equal(row, Row(uncertainty, row.nominal, row.values, radius), words)


INCLUSION_LAWS = (
    Law("inclusion", "a ball inside another has the larger worst case", _inclusion),
    Law("more-support", "reaching more states never raises the value", _more_support),
    Law("same-ball", "two descriptions of one ball give one value", _same_ball),
)
