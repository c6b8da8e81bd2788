"""Where a formula changes: saturation, the boundary, ties, zeros, tiny radii; and what is refused there."""

import math
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.kernels import worst_case_distributions, worst_case_expectations
from drmg_check.sets import (
    L1,
    L2,
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
from drmg_check.vocabulary import FloatArray, InputError
from drmg_oracles import agrees, enclose

F = Fraction
SETS = [
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Hellinger("nominal"),
    CressieRead(F(-1)),
    CressieRead(F(1, 4), "nominal"),
    CressieRead(F(3, 2)),
    Contamination(),
    Contamination("nominal"),
    Interval(),
    Interval("nominal"),
    L2(),
    L2("nominal"),
]
LONG = 200  # from 128 states on the KL kernel is another one


def value(uncertainty: UncertaintySet, p: FloatArray, rho: float, V: FloatArray, start: float = 0.0) -> float:
    begin = np.array([start])
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V, start=begin)[0])


def padded(numbers: list[float], states: int) -> FloatArray:
    """Return the numbers with zeros behind them, so that the row has so many states."""
    return np.array(numbers + [0.0] * (states - len(numbers)))


def judged(uncertainty: UncertaintySet, p: FloatArray, rho: float, V: FloatArray, *values: float) -> None:
    """Hold every value to be right for the row up to rounding."""
    row = Row.of(uncertainty, p.tolist(), V.tolist(), rho)
    truth = enclose(row)
    for answer in set(values):
        judgement = agrees(answer, row, truth)
        assert judgement.accepted, (judgement.reason, uncertainty, p, rho, V)


THRESHOLDS = [  # where P(argmin) = 1/4, on two states that share the minimum
    (TotalVariation(), 3 / 4),
    (L1(), 3 / 2),
    (KullbackLeibler(), math.log(4)),
    (ChiSquare(), 3.0),
    (Hellinger(), 1.0),
    (CressieRead(F(3, 2)), 4 / 3),
    (CressieRead(F(1, 2)), 2.0),
    (CressieRead(F(1, 4)), (1 - 4**-0.75) * 16 / 3),
    (CressieRead(F(3)), 15 / 6),
]


@pytest.mark.parametrize(("uncertainty", "threshold"), THRESHOLDS, ids=str)
@pytest.mark.parametrize("states", [4, LONG])
def test_the_minimum_is_reached_at_the_threshold_and_not_before(
    uncertainty: UncertaintySet, threshold: float, states: int
):
    """To the last bit from a few ulp above on, whatever the search starts from; what is above stays above.

    States that share the minimum count together; a state without nominal mass and of a large value does not.
    """
    p = padded([1 / 8, 1 / 8, 1 / 4, 1 / 2], states)
    V = padded([0.0, 0.0, 1.0, 3.0], states)
    V[4:] = 9.0
    for start in (0.0, 1.0, 1e6):
        for excess in (2.0**-50, 1e-9, 1e-3):
            rho = min(threshold * (1 + excess), float(uncertainty.max_radius or math.inf))
            assert value(uncertainty, p, rho, V, start) == 0.0
        below = value(uncertainty, p, threshold * (1 - 1e-6), V, start)
        assert below > 0.0
        judged(uncertainty, p, threshold * (1 - 1e-6), V, below)


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
@pytest.mark.parametrize("states", [3, 17, 40, 130])
def test_zeros_and_ties_are_right_at_every_width(uncertainty: UncertaintySet, states: int):
    """A third of the states has no nominal mass, the smallest values among them; a third shares its value."""
    rng = np.random.default_rng(states)
    for k, rho in enumerate((0.0, 1e-12, 0.01, 0.3, 0.9)):
        p, V = rng.dirichlet(np.ones(states)), rng.normal(size=states) + 10.0 * (k % 2)
        p[rng.permutation(states)[: states // 3]] = 0.0
        p[np.argmin(V)] = 0.0
        V[rng.permutation(states)[: states // 3]] = V[0]
        judged(uncertainty, p, rho, V, value(uncertainty, p, rho, V))


@pytest.mark.parametrize("rho", [1e-3, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("states", [3, LONG])
def test_the_worst_case_that_leaves_the_support_has_its_closed_form(rho: float, states: int):
    """Where the smallest value has no nominal mass and the radius is large, mass goes there: z = 0."""
    p, V = padded([0.0, 0.25, 0.75], states), padded([0.0, 1.0, 1.0], states)
    V[3:] = 1.0
    for uncertainty, exact in (
        (ReverseKL(), math.exp(-rho)),  # keep the share exp(-rho) of each
        (Hellinger(), (1 - min(rho, 2.0) / 2) ** 2),
        (CressieRead(F(-1)), 1 / (1 + 2 * rho)),
        (CressieRead(F(1, 4)), max(1 - 3 / 16 * rho, 0.0) ** 4),
    ):
        radius = min(rho, 2.0) if isinstance(uncertainty, Hellinger) else rho
        computed = value(uncertainty, p, radius, V)
        assert computed == pytest.approx(exact, abs=4e-16)
        judged(uncertainty, p, radius, V, computed)
        q = worst_case_distributions(uncertainty, p[None], np.array([radius]), V)[0]
        assert q[0] == pytest.approx(1 - exact, abs=1e-14)


@pytest.mark.parametrize("radius", [3.9, 4.0, 4.1, 1e6])
def test_the_order_one_half_has_no_radius_too_large(radius: float):
    """It is Hellinger at half the radius, which ends at 2; from 4 on the ball is the simplex."""
    p, V = np.array([0.0, 0.5, 0.5]), np.array([0.0, 1.0, 2.0])
    computed = value(CressieRead(F(1, 2)), p, radius, V)
    judged(CressieRead(F(1, 2)), p, radius, V, computed)
    assert (computed == 0.0) == (radius >= 4.0)


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
@pytest.mark.parametrize("states", [3, 40, LONG])
def test_a_negative_weight_is_refused_by_every_kernel(uncertainty: UncertaintySet, states: int):
    """However small it is, and beside rows that are right."""
    p = np.full((9, states), 1 / states)
    p[4, states // 2] = -1e-17
    with pytest.raises(InputError, match=rf"P\[4, {states // 2}\]=-1e-17"):
        worst_case_expectations(uncertainty, p, np.full(9, 0.1), np.arange(float(states)))


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
@pytest.mark.parametrize("states", [6, LONG])
def test_a_tiny_radius_is_right_whatever_the_start(uncertainty: UncertaintySet, states: int):
    """From 1e-300 to 1e-9: an estimate in closed form, and no memory of an earlier search spoils it."""
    rng = np.random.default_rng(9)
    p, V = rng.dirichlet(np.ones(states)), rng.random(states)
    for rho in (1e-300, 1e-14, 1e-10, 1.1e-10):
        starts = (0.0, 1e-9, 1e-6, 1e-3, 1.0, 1e3, 1e200, math.inf, math.nan, -1.0)
        judged(uncertainty, p, rho, V, *(value(uncertainty, p, rho, V, start) for start in starts))


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_values_next_to_the_minimum_are_put_on_it(uncertainty: UncertaintySet):
    """Differences below 2^-200 of the span square to nothing: they are ties, and no NaN comes of them."""
    p = np.array([0.2, 0.2, 0.2, 0.4])
    V = np.array([0.0, 5e-324, 2.0**-600, 1.0])
    for rho in (1e-3, 0.3, 0.9):
        judged(uncertainty, p, rho, V, value(uncertainty, p, rho, V))
        Q = worst_case_distributions(uncertainty, p[None], np.array([rho]), V)
        assert abs(Q.sum() - 1.0) <= 1e-14
        assert abs(Q[0] @ V - value(uncertainty, p, rho, V)) <= 1e-14


@pytest.mark.parametrize("uncertainty", [TotalVariation(), TotalVariation("nominal"), Interval()], ids=str)
@pytest.mark.parametrize("start", [1.0, 10000.0])
def test_a_long_walk_along_the_values_loses_no_digits(uncertainty: UncertaintySet, start: float):
    """The cut is sought from a wrong start over 10^4 equal weights, whose rounding errors all point one way.

    What is left is the rounding of the first pass: sixteen lanes add S / 16 terms each, half an ulp at most.
    """
    states = 10_000
    p, V = np.full(states, 1.0 / states), np.sqrt(np.arange(states)) / 100.0
    for rho in (0.01, 0.6) if isinstance(uncertainty, TotalVariation) else (1e-5, 9e-5):
        computed = value(uncertainty, p, rho, V, start)
        exact = worst_by_fractions(uncertainty, p, rho, V)
        assert abs(Fraction(computed) - exact) <= Fraction(states, 32 * 2**52)


def worst_by_fractions(uncertainty: UncertaintySet, p: FloatArray, rho: float, V: FloatArray) -> Fraction:
    """Return the exact worst case over equal weights and ascending values."""
    n, values, radius = len(p), [Fraction(float(v)) for v in V], Fraction(rho)
    weight = Fraction(1, n)
    if isinstance(uncertainty, TotalVariation):
        full = int(radius / weight)  # as many states lose all they have
        rest = radius - full * weight
        q = [weight] * n
        q[n - full :] = [Fraction(0)] * full
        q[n - full - 1] -= rest
        q[0] += radius
    else:
        low, high = max(weight - radius, Fraction(0)), weight + radius
        filled = int((1 - n * low) / (high - low))
        q = [high] * filled + [low] * (n - filled)
        q[filled] += 1 - sum(q)
    return sum((x * v for x, v in zip(q, values, strict=True)), Fraction(0))


@pytest.mark.parametrize("exponent", [280, 295, 302, 305, 308])
@pytest.mark.parametrize("units", [1, 7, 20, 1000])
def test_a_denormal_weight_at_an_extreme_radius_moves_the_value(exponent: int, units: int):
    """Its products with squares lose digits below 2^-1022, and the radius brings them back."""
    p = np.array([0.125, 0.625, units * 5e-324, 0.25])
    V = np.array([0.2, 0.2, -1.0, 0.2])
    rho = 1.1 * 10.0**exponent if exponent < 308 else 1e308
    (value,) = worst_case_expectations(ChiSquare(), p[None], np.array([rho]), V)
    enclosed = enclose(Row.of(ChiSquare(), p.tolist(), V.tolist(), rho))
    assert float(enclosed.lo) - 4e-15 <= value <= float(enclosed.hi) + 4e-15
