"""From which radius on the adversary reaches the smallest admissible value."""

import math
from fractions import Fraction

import pytest

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
    Wasserstein,
)
from drmg_oracles import enclose, saturation_radius

F = Fraction
LINE = tuple(tuple(F(abs(s - t)) for t in range(4)) for s in range(4))
CLOSED_FORM = [  # p = (1/8, 1/8, 1/4, 1/2), V = (0, 0, 1, 2): P = 1/4
    (TotalVariation(), F(3, 4)),
    (L1(), F(3, 2)),
    (Contamination(), F(1)),
    (Interval(), F(1, 2)),  # (1 - P) / 2 = 3/8 on each argmin, but the last state must lose 1/2
    (Wasserstein(LINE), F(5, 4)),  # 1/4 moves by 1, 1/2 by 2
    (Wasserstein(LINE, 2), math.sqrt(1 / 4 + 1 / 2 * 4)),
    (KullbackLeibler(), math.log(4)),
    (ChiSquare(), F(3)),
    (Hellinger(), F(1)),
    (CressieRead(F(3, 2)), F(4, 3)),
    (CressieRead(F(1, 2)), F(2)),
    (ReverseKL(), None),
    (CressieRead(F(-1)), None),
]


@pytest.mark.parametrize(("uncertainty", "expected"), CLOSED_FORM, ids=str)
def test_the_saturation_radius_has_its_closed_form(uncertainty: UncertaintySet, expected: Fraction | None):
    """Two states share the minimum, with a quarter of the mass."""
    nominal, values = [1, 1, 2, 4], [0, 0, 1, 2]
    radius = saturation_radius(Row.of(uncertainty, nominal, values, 0))
    if expected is None:
        assert radius is None
        return
    assert radius is not None
    assert float(radius) == pytest.approx(float(expected), rel=2**-52)
    if isinstance(expected, Fraction) and uncertainty.kind not in ("hellinger", "cressie-read"):
        assert radius == expected
    below = enclose(Row.of(uncertainty, nominal, values, radius * (1 - F(1, 10**6))))
    assert below.lo > 0


@pytest.mark.parametrize(("uncertainty", "expected"), CLOSED_FORM[:6], ids=str)
def test_polyhedral_sets_reach_the_minimum_at_it(uncertainty: UncertaintySet, expected: Fraction):
    """Exactly for rational radii; from the next float on for the root."""
    radius = expected if isinstance(expected, Fraction) else F(math.nextafter(expected, 9))
    assert enclose(Row.of(uncertainty, [1, 1, 2, 4], [0, 0, 1, 2], radius)).hi == 0


@pytest.mark.parametrize("kind", [TotalVariation, Hellinger, ReverseKL, Interval])
def test_the_support_rule_changes_the_radius(kind: type[TotalVariation]):
    """An argmin outside the support: at most a finite radius with support 'all', another with 'nominal'."""
    everywhere = saturation_radius(Row.of(kind("all"), [0, 1, 1], [0, 1, 2], 0))
    confined = saturation_radius(Row.of(kind("nominal"), [0, 1, 1], [0, 1, 2], 0))
    assert everywhere != confined or everywhere is None


def test_a_nominal_row_on_the_argmin_needs_no_radius():
    """P = 1: the minimum is the mean, for every set."""
    for uncertainty, _ in CLOSED_FORM:
        assert saturation_radius(Row.of(uncertainty, [1, 0, 0, 0], [0, 1, 1, 1], 0)) == 0


def test_equality_is_decided_exactly_for_rational_powers():
    """One part in 10^40 below the threshold is not above it."""
    for uncertainty, threshold in ((CressieRead(F(3, 2)), F(4, 3)), (Hellinger(), F(1)), (ChiSquare(), F(3))):
        for shift, reached in ((0, True), (F(1, 10**40), True), (-F(1, 10**40), False)):
            enclosure = enclose(Row.of(uncertainty, [1, 3], [0, 1], threshold + shift), bits=400)
            assert (enclosure.hi == 0) == reached
