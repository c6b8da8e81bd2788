"""Mistakes: the wrong formulas of ``_formulas.py``, with names, for the sets for which each makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from math import log

from drmg_check.referee.diagnosis._alternatives import Alternative, Particulars, particulars, solved
from drmg_check.referee.diagnosis._by_state import BOXES
from drmg_check.referee.diagnosis._formulas import (
    Dual,
    capped_deviation,
    capped_mean,
    clipped,
    discounted,
    discounted_mean,
    discounted_mixture,
    kept_above,
    kept_below,
    less_deviation,
    less_rho_deviation,
    less_span,
    less_span_of_support,
    lower_tail,
    mean,
    n_states,
    of_indices,
    of_order,
    on_grid,
    one_way,
    revalued,
    reweighted,
    saturated,
    smallest,
    smallest_on_support,
    soft_minimum,
    variance,
    with_added,
)
from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    PowerDivergence,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    leaves_support,
)

DISCOUNTS = ("1/2", "8/10", "9/10", "95/100", "97/100", "98/100", "99/100", "995/1000", "999/1000")
INNER_DISCOUNTS = ("9/10", "95/100", "99/100")
GRIDS = (10, 11, 20, 21, 50, 51, 100, 101, 200, 201, 500, 501, 1000, 1001)
SMOOTH_GRIDS = GRIDS[:4]
"""At a smooth maximum a grid of n points costs 1 / n^2 only: finer ones are right for most purposes."""
ADDED = (4, 6, 8, 10, 12, 16)
SMALLEST_MULTIPLIERS = ("1", "1/10", "1/100")
LARGEST_MULTIPLIERS = (1, 10, 100, 1000)


_WITHOUT_SIGNS = "the closed form without q >= 0"


def mistakes(declared: UncertaintySet) -> Iterator[Alternative]:
    """Yield the mistakes that make sense for a set."""
    yield from _ignored(declared)
    yield from _changed_values()
    yield from _relaxed(declared)
    yield from particulars(declared).mistakes


def _ignored(declared: UncertaintySet) -> Iterator[Alternative]:
    yield Alternative("the nominal mean", "the radius is ignored", mean)
    yield Alternative(
        "the smallest value", "the minimum over all states, as if the radius were infinite", smallest
    )
    words = "the minimum over the nominal support, as if the radius were infinite"
    yield Alternative("the smallest value of the support", words, smallest_on_support)
    uniform = "the nominal probabilities are ignored"
    yield Alternative(
        "a uniform nominal row", uniform, lambda row: reweighted(row, [Fraction(1)] * n_states(row))
    )
    words = "V is sorted without p"
    yield Alternative("V sorted upwards", words, lambda row: solved(revalued(row, sorted(row.values))))
    yield Alternative(
        "V sorted downwards", words, lambda row: solved(revalued(row, sorted(row.values, reverse=True)))
    )
    if not declared.saturates:
        return
    where = "right for smaller radii, but where the radius reaches the minimum"
    yield Alternative("the mean when saturated", f"{where}, the nominal mean", partial(saturated, mean))
    if leaves_support(declared):
        other, words = smallest_on_support, f"{where}, the minimum over the nominal support"
    else:
        other, words = smallest, f"{where}, the minimum over all states, p = 0 included"
    yield Alternative("another minimum when saturated", words, partial(saturated, other))


def _changed_values() -> Iterator[Alternative]:
    for text in DISCOUNTS:
        gamma = Fraction(text)
        words = f"the value times {float(gamma):g}, which a finite horizon does not have"
        yield Alternative(f"a discount of {float(gamma):g}", words, partial(discounted, gamma))
    yield Alternative("a value clipped to [0, 1]", "min(max(value, 0), 1)", lambda row: clipped(solved(row)))
    yield Alternative(
        "V clipped to [0, 1]",
        "V cut to [0, 1] before the minimum is taken",
        lambda row: solved(revalued(row, map(clipped, row.values))),
    )
    yield Alternative("no negative value", "max(value, 0)", lambda row: max(solved(row), Fraction(0)))


def _relaxed(declared: UncertaintySet) -> Iterator[Alternative]:
    own = particulars(declared)
    meant = {
        "mean - sqrt(rho Var)": "the closed form of chi-square",
        "mean - rho span": "a penalty on the span",
        **own.closed_forms,
    }
    name = "mean - sqrt(rho Var)"
    yield Alternative(name, meant[name], partial(less_deviation, 1))
    words = "the first-order expansion of a KL ball"
    yield Alternative("mean - sqrt(2 rho Var)", words, partial(less_deviation, 2))
    yield Alternative("mean - rho std", "a penalty on the standard deviation", less_rho_deviation)
    yield Alternative(
        "mean - rho Var", "a penalty on the variance", lambda row: mean(row) - row.radius * variance(row)
    )
    name = "mean - rho span"
    yield Alternative(name, meant[name], partial(less_span, Fraction(1)))
    for factor in own.spans:
        name = f"mean - rho span / {1 / factor}"
        yield Alternative(name, _WITHOUT_SIGNS, partial(less_span, factor))
    for factor in (Fraction(1), *own.spans):
        name = f"mean - rho span{'' if factor == 1 else f' / {1 / factor}'} of the support"
        words = "the span of V where p > 0 as a penalty"
        yield Alternative(name, words, partial(less_span_of_support, factor))
    words = "the radius is a temperature: a penalty in place of the ball"
    yield Alternative("-rho log E exp(-V / rho)", words, lambda row: soft_minimum(row, 1 / float(row.radius)))
    words = "the radius is a risk aversion: a penalty in place of the ball"
    yield Alternative("-log E exp(-rho V) / rho", words, lambda row: soft_minimum(row, float(row.radius)))


def _moved_mass() -> Iterator[Alternative]:
    words = "the mass rho is cut from the largest values"
    yield Alternative("the lower tail", f"{words} and the rest scaled up", partial(lower_tail, scaled=True))
    yield Alternative("a lost mass", f"{words} and put nowhere", partial(lower_tail, scaled=False))
    yield Alternative(
        "(1 - rho) mean", "the worst state is left out", lambda row: (1 - row.radius) * mean(row)
    )
    yield Alternative(
        "mean + rho min",
        "the nominal mass is not scaled down",
        lambda row: mean(row) + row.radius * smallest(row),
    )


def _inner_discounts(value: Callable[[Fraction, Row], Fraction]) -> Iterator[Alternative]:
    for text in INNER_DISCOUNTS:
        gamma = Fraction(text)
        words = f"{float(gamma):g} V in the expectation, and V in its least value"
        name = f"a discount of {float(gamma):g} inside the dual only"
        yield Alternative(name, words, partial(value, gamma))


@particulars.register(TotalVariation)
def _tv(_: TotalVariation) -> Particulars:
    taken = "rho taken for an L1 distance, or the dual with rho / 2 of eq. (10) of MORNAVI"
    return Particulars(
        origins={"half the radius": taken},
        closed_forms={"mean - rho span": _WITHOUT_SIGNS},
        mistakes=(*_moved_mass(), *_grids(GRIDS, capped_mean), *_inner_discounts(discounted_mean)),
    )


@particulars.register(L1)
def _l1(_: L1) -> Particulars:
    return Particulars(
        origins={"twice the radius": "rho taken for a total variation distance, half of L1"},
        spans=(Fraction(1, 2),),
        mistakes=(*_moved_mass(), *_grids(GRIDS, capped_mean), *_inner_discounts(discounted_mean)),
    )


@particulars.register(Contamination)
def _contamination(_: Contamination) -> Particulars:
    return Particulars(mistakes=(*_moved_mass(), *_inner_discounts(discounted_mixture)))


_BITS = ("the radius in bits", Fraction(log(2)), Fraction(1))


def _not_maximised() -> Alternative:
    words = "the dual at multiplier 1, not maximised"
    return Alternative("-log E exp(-V) - rho", words, lambda row: soft_minimum(row, 1.0) - row.radius)


@particulars.register(KullbackLeibler)
def _kl(_: KullbackLeibler) -> Particulars:
    kept = tuple(
        Alternative(
            f"a multiplier of at least {least}",
            f"the dual variable kept at {least} or more",
            partial(kept_above, Fraction(least)),
        )
        for least in SMALLEST_MULTIPLIERS
    ) + tuple(
        Alternative(
            f"a multiplier of at most {most}",
            f"the dual variable sought up to {most}, which large values exceed",
            partial(kept_below, most),
        )
        for most in LARGEST_MULTIPLIERS
    )
    return Particulars(
        radii=(_BITS,),
        origins={"half the radius": "twice the divergence"},
        mistakes=(_not_maximised(), *kept, *_padded(ADDED)),
    )


@particulars.register(ReverseKL)
def _reverse_kl(_: ReverseKL) -> Particulars:
    return Particulars(radii=(_BITS,), mistakes=(_not_maximised(),))


@particulars.register(ChiSquare)
def _chi_square(_: ChiSquare) -> Particulars:
    return Particulars(
        origins={
            "twice the radius": "the divergence with the factor 1/2",
            "the squared radius": "the root of the divergence",
        },
        closed_forms={"mean - sqrt(rho Var)": _WITHOUT_SIGNS},
        mistakes=(*_grids(SMOOTH_GRIDS, capped_deviation), *_padded(ADDED[:2])),
    )


@particulars.register(Hellinger)
def _hellinger(_: Hellinger) -> Particulars:
    return Particulars(
        radii=(("twice the squared radius", Fraction(2), Fraction(2)),),
        origins={
            "twice the radius": "the distance with the factor 1/2",
            "the squared radius": "the distance without the square",
        },
    )


@particulars.register(PowerDivergence)
def _nothing_of_its_own(_: PowerDivergence) -> Particulars:
    """Leave it at what every set may be taken for: twice the radius, its root, another set."""
    return Particulars()


@particulars.register(CressieRead)
def _cressie_read(declared: CressieRead) -> Particulars:
    factor = 1 / abs(declared.alpha * (declared.alpha - 1))
    name = "a divergence without 1 / (alpha (alpha - 1))"
    return Particulars(
        radii=() if factor in (Fraction(1, 2), 1, 2) else ((name, factor, Fraction(1)),),
        mistakes=() if leaves_support(declared) else tuple(_padded(ADDED[:2])),
    )


@particulars.register(Interval)
def _interval(_: Interval) -> Particulars:
    return Particulars(mistakes=BOXES)


@particulars.register(Wasserstein)
def _wasserstein(declared: Wasserstein) -> Particulars:
    root = "for order 2, the cost compared with rho instead of rho^2"
    further = ("a cost compared with rho", Fraction(1), Fraction(1, declared.order))
    order = 2 if declared.order == 1 else 1
    one_direction = "mass moves in one direction"
    return Particulars(
        radii=(further,) if declared.order > 2 else (),
        origins={"the root of the radius": root},
        others=(
            Alternative(f"order {order}", f"Wasserstein-{order}", partial(of_order, order), "declare it"),
            Alternative("the distance of indices", "|s - t| in place of the ground metric", of_indices),
        ),
        mistakes=(
            Alternative("transport to lower indices", one_direction, partial(one_way, -1)),
            Alternative("transport to higher indices", one_direction, partial(one_way, 1)),
        ),
    )


def _grids(sizes: Sequence[int], dual: Dual) -> Iterator[Alternative]:
    for n in sizes:
        words = f"the dual maximised over {n} points from min V to max V"
        yield Alternative(f"a grid of {n} points", words, partial(on_grid, n, dual))


def _padded(digits: Sequence[int]) -> Iterator[Alternative]:
    for k in digits:
        words = f"1e-{k} added to the probabilities, so that those of 0 count"
        yield Alternative(f"p + 1e-{k}", words, partial(with_added, Fraction(1, 10**k)))
