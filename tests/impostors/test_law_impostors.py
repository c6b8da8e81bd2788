"""Worst-case expectations that are wrong on purpose: laws alone, without any oracle, catch each.

Every impostor's docstring says how it lies; the table says which law tells. What no law of a single set can
see (a radius read in another convention obeys all of them) is caught by the laws between sets, or by the
oracle comparison of the kernel impostors.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from drmg_check.sets import (
    L1,
    L2,
    UNCERTAINTY_SETS,
    ChiSquare,
    Contamination,
    CressieRead,
    Ellipsoid,
    Hellinger,
    Interval,
    KullbackLeibler,
    ProbabilityBounds,
    ReverseKL,
    Row,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    WeightedSet,
    leaves_support,
)
from drmg_oracles import enclose
from drmg_properties.laws import LAWS, check_law

DISCRETE = tuple(tuple(Fraction(s != t) for t in range(4)) for s in range(4))
FREE = ProbabilityBounds((0, "1/8", 0, "1/4"), (1, "1/2", "1/4", "3/4"))
LIST = Scenarios(((1, 0, 0, 0), ("1/4", "1/4", "1/2", 0)))
WEIGHTS = (1, 3, "1/2", 2)
ALL = (TotalVariation(), L1(), ReverseKL(), Hellinger(), Contamination(), Interval())


def rows(uncertainty: UncertaintySet) -> list[Row]:
    """Return rows that a tester would write first: a zero on the argmin, ties, small and large radii."""
    nominal = ([1, 1, 0, 2], [1, 2, 1, 0], [1, 0, 0, 3])
    values = ([3, 1, 0, 2], [4, 0, 4, 1])
    radii = (Fraction(1, 16), Fraction(1, 4), Fraction(1))
    return [Row.of(uncertainty, p, V, rho) for p in nominal for V in values for rho in radii]


def honest(row: Row) -> float:
    return float(enclose(row).lo)


def half_radius(row: Row) -> float:
    """Reads the radius in the other convention: rho / 2, as eq. (10) prints it."""
    return honest(replace(row, radius=row.radius / 2))


def square_root_radius(row: Row) -> float:
    """Takes the root of the radius, as if the ball were one of distances rather than squares."""
    top = row.uncertainty.max_radius or Fraction(10)
    return honest(replace(row, radius=min(Fraction(math.sqrt(row.radius)), top)))


def support_leak(row: Row) -> float:
    """Lets the adversary reach states outside the nominal support: adds 2^-20 to every weight."""
    return honest(replace(row, nominal=tuple(p + Fraction(1, 2**20) for p in row.probabilities)))


def support_forgotten(row: Row) -> float:
    """Restricts the adversary to the nominal support although the set does not."""
    inside = [s for s, p in enumerate(row.nominal) if p > 0]
    nominal, values = (tuple(x[s] for s in inside) for x in (row.nominal, row.values))
    return honest(Row(row.uncertainty.restrict(inside), nominal, values, row.radius))


def saturated_gives_mean(row: Row) -> float:
    """Returns the nominal mean in the regime in which the worst case is the minimum."""
    reachable = [
        v for p, v in zip(row.nominal, row.values, strict=True) if p > 0 or leaves_support(row.uncertainty)
    ]
    value = honest(row)
    return value if value > min(reachable) else honest(replace(row, radius=Fraction(0)))


def no_simplex(row: Row) -> float:
    """Forgets that probabilities are non-negative: mean - sqrt(rho Var), the mean-variance formula."""
    mean = honest(replace(row, radius=Fraction(0)))
    variance = sum(
        float(p) * (float(v) - mean) ** 2 for p, v in zip(row.probabilities, row.values, strict=True)
    )
    return mean - math.sqrt(float(row.radius) * variance)


def absolute_tolerance(row: Row) -> float:
    """Stops searching when the bracket is shorter than 1e-6, whatever the scale of V."""
    return math.floor(honest(row) / 1e-6) * 1e-6


def optimist(row: Row) -> float:
    """Minimises where it should maximise the dual sign: returns the best case."""
    return -honest(replace(row, values=tuple(-v for v in row.values)))


def unclipped(row: Row) -> float:
    """Extrapolates the linear regime below the minimum: mean - rho span."""
    mean = honest(replace(row, radius=Fraction(0)))
    return mean - 2 * float(row.radius * row.span)


def one_directional(row: Row) -> float:
    """Transports mass only to states of higher index."""
    p, V = row.probabilities, row.values
    best = [min(V[s:]) for s in range(len(V))]
    moved = sum((x * b for x, b in zip(p, best, strict=True)), Fraction(0))
    mean = sum((x * v for x, v in zip(p, V, strict=True)), Fraction(0))
    return float(max(moved, mean - row.radius * (mean - moved)))


def first_state_special(row: Row) -> float:
    """Treats the first state as the failure state, wherever the minimum is."""
    rho = min(float(row.radius), 1.0)
    return (1 - rho) * honest(replace(row, radius=Fraction(0))) + rho * float(row.values[0])


def clipped_probabilities(row: Row) -> float:
    """Adds 1e-3 to every probability before taking logarithms."""
    return honest(replace(row, nominal=tuple(p + Fraction(1, 1000) for p in row.probabilities)))


def weights_ignored(row: Row) -> float:
    """Takes every weight for 1."""
    assert isinstance(row.uncertainty, WeightedSet)
    ones = (Fraction(1),) * len(row.values)
    return honest(replace(row, uncertainty=replace(row.uncertainty, weights=ones)))


def weights_by_rank(row: Row) -> float:
    """Sorts the states by their values and forgets to sort the weights."""
    order = sorted(range(len(row.values)), key=row.values.__getitem__)
    nominal, values = (tuple(x[s] for s in order) for x in (row.nominal, row.values))
    return honest(replace(row, nominal=nominal, values=values))


def signless(row: Row) -> float:
    """Drops q >= 0 of L2: mean - rho |V - m|, m the plain mean of V."""
    mean = honest(replace(row, radius=Fraction(0)))
    V = [float(v) for v in row.values]
    middle = sum(V) / len(V)
    return mean - float(row.radius) * math.sqrt(sum((v - middle) ** 2 for v in V))


def data_reversed(row: Row) -> float:
    """Reads the data of the set from the last state to the first."""
    if row.uncertainty not in (FREE, LIST):
        return honest(row)
    return honest(replace(row, uncertainty=row.uncertainty.restrict([3, 2, 1, 0])))


def scaled_by_states(row: Row) -> float:
    """Divides the radius by the number of states, as a uniform nominal would suggest."""
    return honest(replace(row, radius=row.radius / len(row.values)))


IMPOSTORS: list[tuple[Callable[[Row], float], UncertaintySet, str]] = [
    (half_radius, TotalVariation(), "same-ball"),
    (saturated_gives_mean, TotalVariation(), "monotone-in-radius"),
    (optimist, TotalVariation(), "bounds"),
    (support_leak, TotalVariation("nominal"), "bounds"),
    (support_forgotten, L1(), "mixing-adversary"),
    (saturated_gives_mean, L1(), "monotone-in-radius"),
    (support_leak, KullbackLeibler(), "zero-mass"),
    (clipped_probabilities, KullbackLeibler(), "radius-zero"),
    (saturated_gives_mean, KullbackLeibler(), "monotone-in-radius"),
    (support_forgotten, ReverseKL(), "mixing-adversary"),
    (support_leak, ReverseKL("nominal"), "bounds"),
    (no_simplex, ChiSquare(), "monotone-in-values"),
    (unclipped, ChiSquare(), "bounds"),
    (support_forgotten, Hellinger(), "mixing-adversary"),
    (square_root_radius, Hellinger(), "inclusion"),
    (absolute_tolerance, CressieRead(Fraction(3, 2)), "scale"),
    (scaled_by_states, CressieRead(Fraction(1, 2)), "split"),
    (support_forgotten, Contamination(), "mixing-adversary"),
    (first_state_special, Contamination(), "relabel"),
    (unclipped, Interval(), "bounds"),
    (saturated_gives_mean, Interval(), "monotone-in-radius"),
    (weights_ignored, WeightedL1(WEIGHTS), "same-ball"),
    (weights_by_rank, WeightedL1(WEIGHTS), "relabel"),
    (support_forgotten, WeightedL1(WEIGHTS), "mixing-adversary"),
    (weights_ignored, WeightedInterval(WEIGHTS), "same-ball"),
    (saturated_gives_mean, WeightedInterval(WEIGHTS), "monotone-in-radius"),
    (signless, L2(), "bounds"),
    (square_root_radius, L2(), "same-ball"),
    (weights_ignored, Ellipsoid(WEIGHTS), "same-ball"),
    (signless, Ellipsoid(WEIGHTS), "bounds"),
    (data_reversed, FREE, "relabel"),
    (unclipped, FREE, "bounds"),
    (data_reversed, LIST, "relabel"),
    (optimist, LIST, "bounds"),
    (one_directional, Wasserstein(DISCRETE), "relabel"),
    (support_forgotten, Wasserstein(DISCRETE), "mixing-adversary"),
]


def solver_for(impostor: Callable[[Row], float], uncertainty: UncertaintySet) -> Callable[[Row], float]:
    """Let the impostor lie about its own set and be honest about the others."""
    return lambda row: (impostor if row.uncertainty.kind == uncertainty.kind else honest)(row)


@pytest.mark.parametrize(
    ("impostor", "uncertainty", "law"),
    IMPOSTORS,
    ids=[f"{impostor.__name__}-{u.kind}" for impostor, u, _ in IMPOSTORS],
)
def test_a_law_tells_the_impostor(impostor: Callable[[Row], float], uncertainty: UncertaintySet, law: str):
    named = next(one for one in LAWS if one.id == law)
    solve = solver_for(impostor, uncertainty)
    assert any(check_law(named, solve, row) is not None for row in rows(uncertainty))


@pytest.mark.parametrize("uncertainty", {repr(u): u for _, u, _ in IMPOSTORS}.values(), ids=repr)
def test_the_honest_one_passes_on_the_same_rows(uncertainty: UncertaintySet):
    for row in rows(uncertainty)[::4]:
        assert [law.id for law in LAWS if check_law(law, honest, row) is not None] == []


def test_every_set_has_at_least_two_impostors():
    counts = Counter(uncertainty.kind for _, uncertainty, _ in IMPOSTORS)
    assert {kind: counts[kind] for kind in UNCERTAINTY_SETS if counts[kind] < 2} == {}
