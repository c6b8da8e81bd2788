"""What a set's file says about it agrees with its other names, and with itself."""

import math
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from drmg_check.sets import (
    L1,
    UNCERTAINTY_SETS,
    CressieRead,
    Interval,
    KullbackLeibler,
    PowerDivergence,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)

F = Fraction
EXAMPLES = [make(3) for cls in UNCERTAINTY_SETS.values() for make in cls.variants().values()]
DIVERGENCES = [u for u in EXAMPLES if u.divergence is not None]
P, Q = (F(1, 2), F(1, 3), F(1, 6)), (F(1, 4), F(1, 4), F(1, 2))


def distance(uncertainty: UncertaintySet, p: tuple[F, ...], q: tuple[F, ...]) -> mpf:
    """Return ``D(q, p)`` from ``f``."""
    divergence = uncertainty.divergence
    assert divergence is not None
    total = mpf(0)
    for x, y in ((_mpf(x), _mpf(y)) for x, y in zip(p, q, strict=True)):
        total += x * divergence.f(y / x) if x else divergence.away * y
    return total


def _mpf(x: F) -> mpf:
    return mpf(x.numerator) / x.denominator


@pytest.mark.parametrize("uncertainty", DIVERGENCES, ids=repr)
def test_f_is_convex_with_its_minimum_zero_at_one(uncertainty: UncertaintySet):
    divergence = uncertainty.divergence
    assert divergence is not None
    assert divergence.f(mpf(1)) == 0
    for t in (mpf("0.3"), mpf("0.9"), mpf("1.5"), mpf(7)):
        assert divergence.f(t) > 0
        if uncertainty.kind not in ("tv", "l1"):  # whose slope is a bound on its size
            h = mpf(2) ** -20
            secant = (divergence.f(t + h) - divergence.f(t - h)) / (2 * h)
            assert abs(secant - divergence.slope(t)) < 1e-9 * (1 + abs(secant))
    if divergence.away is not None:
        far = mpf(10) ** 30
        assert abs(divergence.f(far) / far - divergence.away) < 1e-6


@pytest.mark.parametrize("uncertainty", DIVERGENCES, ids=repr)
def test_the_definition_in_numpy_is_the_one_by_f(uncertainty: UncertaintySet):
    """On a full row, and where the adversary leaves the nominal support."""
    rows = [(P, Q)]
    if uncertainty.leaves_support:
        rows.append(((F(0), F(1, 2), F(1, 2)), (F(1, 10), F(1, 2), F(2, 5))))
    for p, q in rows:
        names = {"np": np, "p": np.array(p, dtype=float), "q": np.array(q, dtype=float)}
        names["a"] = float(getattr(uncertainty, "alpha", 0))
        there = eval(uncertainty.distance_in_numpy, names)  # noqa: S307 - the program under test
        assert math.isclose(there, distance(uncertainty, p, q), rel_tol=1e-12)


@pytest.mark.parametrize("uncertainty", [u for u in EXAMPLES if isinstance(u, PowerDivergence)], ids=repr)
def test_the_order_and_the_unit_of_the_power_family_are_right(uncertainty: PowerDivergence):
    alpha, unit = uncertainty.power
    if alpha in (0, 1):  # the limits, approached
        near = CressieRead(alpha + F(1, 64))
        assert math.isclose(distance(near, P, Q), distance(uncertainty, P, Q), rel_tol=0.02)
    else:
        assert mp.almosteq(distance(CressieRead(alpha), P, Q), float(unit) * distance(uncertainty, P, Q))


def test_only_l1_has_another_canonical_form_and_it_is_the_same_ball():
    for uncertainty in EXAMPLES:
        canonical, radius = uncertainty.canonical(F(1, 3))
        if isinstance(uncertainty, L1):
            assert (canonical, radius) == (TotalVariation(uncertainty.support), F(1, 6))
            assert distance(canonical, P, Q) * 2 == distance(uncertainty, P, Q)
        else:
            assert (canonical, radius) == (uncertainty, F(1, 3))
    of_arrays = L1().canonical(np.array([0.5, 0.0, 2.0]))[1]
    assert of_arrays.tolist() == [0.25, 0.0, 1.0]
    row = Row.of(L1("nominal"), [1, 1], [0, 1], "1/2")
    assert row.canonical == Row.of(TotalVariation("nominal"), [1, 1], [0, 1], "1/4")
    assert (again := row.canonical).canonical is again


def test_restricting_a_metric_keeps_the_distances_of_the_states_kept():
    line = Wasserstein(((0, 1, 3), (1, 0, 2), (3, 2, 0)), 2)
    assert line.restrict([2, 0]) == Wasserstein(((0, 3), (3, 0)), 2)
    assert line.placed([F(0), F(1, 2)]) == Wasserstein(((0, "1/2"), ("1/2", 0)), 2)
    for uncertainty in EXAMPLES:
        if not uncertainty.fixed_by:
            assert uncertainty.restrict([0]) is uncertainty
            assert uncertainty.placed([F(0)]) is uncertainty


def test_how_many_states_of_probability_zero_a_worst_case_may_need():
    everywhere, third = TotalVariation(), F(1, 3)
    assert everywhere.states_beyond_support(third, 9) == 1
    assert everywhere.states_beyond_support(F(0), 9) == 0
    assert TotalVariation("nominal").states_beyond_support(third, 9) == 0
    assert KullbackLeibler().states_beyond_support(third, 9) == 0
    assert Interval().states_beyond_support(F(2, 7), 9) == 4
    assert Interval("nominal").states_beyond_support(third, 9) == 0
    assert Wasserstein(((0,),)).states_beyond_support(third, 9) == 9


def test_equal_metrics_have_equal_hashes_and_unequal_orders_do_not():
    plain, same, other = (Wasserstein(((0, x), (x, 0)), k) for x, k in ((1, 1), ("1", 1), (1, 2)))
    assert plain == same
    assert hash(plain) == hash(same) != hash(other)
    assert (
        repr(plain)
        == "Wasserstein(ground=((Fraction(0, 1), Fraction(1, 1)), (Fraction(1, 1), Fraction(0, 1))), order=1)"
    )
    assert plain != other


@pytest.mark.parametrize("cls", UNCERTAINTY_SETS.values(), ids=lambda cls: cls.kind)
def test_the_variants_are_sets_of_the_class_for_every_number_of_states(cls: type[UncertaintySet]):
    assert cls.variants()
    for name, make in cls.variants().items():
        assert name.startswith(cls.kind)
        for states in (1, 4):
            uncertainty = make(states)
            assert isinstance(uncertainty, cls)
            assert uncertainty.n_states in (None, states)
