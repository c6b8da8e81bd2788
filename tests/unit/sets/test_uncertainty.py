"""Uncertainty sets refuse illegal parameters and survive a trip through JSON."""

from fractions import Fraction
from time import process_time

import numpy as np
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
    check_radius,
    leaves_support,
    uncertainty_from_data,
    uncertainty_to_data,
)
from drmg_check.vocabulary import InputError

LINE = ((0, 1, 2), (1, 0, 1), (2, 1, 0))
EXAMPLES = [
    *(TotalVariation(), TotalVariation("nominal"), L1(), KullbackLeibler(), ReverseKL("nominal")),
    *(ChiSquare(), Hellinger(), CressieRead(Fraction(3, 2)), CressieRead("-1/2"), Contamination()),
    *(Interval(), Wasserstein(LINE), Wasserstein(LINE, order=2), L2(), Ellipsoid((1, "1/3"))),
    *(WeightedL1((1, 2), "nominal"), WeightedInterval((3, 4))),
    *(ProbabilityBounds((0, "1/3"), (1, "1/2")), Scenarios(((0, 1), ("1/3", "2/3")))),
]


@pytest.mark.parametrize("uncertainty", EXAMPLES, ids=repr)
def test_json_round_trip(uncertainty: UncertaintySet):
    assert uncertainty_from_data(uncertainty_to_data(uncertainty)) == uncertainty


def test_every_kind_is_exercised_here():
    assert {example.kind for example in EXAMPLES} == set(UNCERTAINTY_SETS)


def test_a_bare_kind_means_its_defaults():
    assert uncertainty_from_data("kl") == KullbackLeibler()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("tvv", "unknown"),
        ({"kind": "tv", "support": "some"}, "expected 'all' or 'nominal'"),
        ({"kind": "tv", "radius": "1"}, "no parameter 'radius'"),
        ({"kind": "cressie-read"}, "incomplete"),
        ({"kind": "cressie-read", "alpha": "1"}, "limit case"),
        ({"kind": "cressie-read", "alpha": "nan"}, "alpha"),
        ({"kind": "wasserstein", "ground": 3}, "list of rows"),
        ({"kind": "weighted-l1"}, "no 'weights'"),
        ({"kind": "weighted-l1", "weights": 3}, "list of numbers"),
        ({"kind": "bounds", "lower": [0], "upper": ["1/2", 1]}, "lower has 1 states and upper has 2"),
        ({"kind": "bounds", "lower": ["1/2"], "upper": ["1/3"]}, "expected 0 <= lower <= upper <= 1"),
        ({"kind": "bounds", "lower": 0, "upper": [1]}, "list of numbers"),
        ({"kind": "scenarios", "rows": []}, "expected rows of one length|lengths"),
        ({"kind": "scenarios", "rows": [[1], ["1/2", "1/2"]]}, "lengths"),
        ({"kind": "scenarios", "rows": [[0, 0]]}, r"rows\[0\]"),
        ({"kind": "scenarios", "rows": 3}, "list of rows"),
        ({"kind": "ellipsoid", "weights": []}, "weights is empty"),
        ({"kind": "weighted-interval", "weights": [1, 0]}, r"weights\[1\]=0; expected a positive number"),
        ({"kind": "wasserstein", "ground": [["0", "1"], ["2", "0"]]}, "symmetric"),
        ({"kind": "wasserstein", "ground": [["0", "1", "3"], ["1", "0", "1"], ["3", "1", "0"]]}, "triangle"),
        ({"kind": "wasserstein", "ground": [["0"]], "order": 0}, "order"),
        (7, "expected an object"),
        (None, "expected an object"),
    ],
)
def test_bad_data_is_refused(data: object, message: str):
    with pytest.raises(InputError, match=message):
        uncertainty_from_data(data)


@pytest.mark.parametrize("unit", [Fraction(1), Fraction(2**80), Fraction(1, 3**40), Fraction(1, 3**4000)])
def test_the_triangle_inequality_is_decided_exactly(unit: Fraction):
    """Going over state 1 is as long as the direct way of ``2 + unit``; any more is refused."""
    ground = [[0, 1, 2 + unit], [1, 0, 1 + unit], [2 + unit, 1 + unit, 0]]
    assert Wasserstein(ground).ground[0][2] == 2 + unit
    ground[0][2] = ground[2][0] = 2 + unit * (1 + Fraction(1, 2**70))
    with pytest.raises(InputError, match=r"ground\[0\]\[2\]=.* breaks the triangle inequality"):
        Wasserstein(ground)


def test_a_metric_of_a_hundred_states_is_checked_in_a_moment():
    """10^6 triangles in integers; as fractions they took seconds."""
    points = np.random.default_rng(0).integers(0, 2**30, 100).tolist()
    began = process_time()
    Wasserstein(tuple(tuple(Fraction(abs(x - y) + (x != y), 7) for y in points) for x in points))
    assert process_time() - began < 1.0


@pytest.mark.parametrize(("alpha", "other"), [(0, "ReverseKL for 0"), (1, "KullbackLeibler for 1")])
def test_the_limits_of_the_family_are_sets_of_their_own(alpha: int, other: str):
    with pytest.raises(InputError, match=rf"alpha={alpha} is a limit case; use .*{other}"):
        CressieRead(Fraction(alpha))


def test_radii_are_checked_against_the_set():
    assert check_radius(TotalVariation(), Fraction(1)) == 1
    assert check_radius(L1(), Fraction(2)) == 2
    assert check_radius(KullbackLeibler(), Fraction(100)) == 100
    with pytest.raises(InputError, match=r"in \[0, 1\]"):
        check_radius(TotalVariation(), Fraction(2))
    with pytest.raises(InputError, match=r"in \[0, 2\]"):
        check_radius(L1(), 2 + Fraction(1, 2**60))
    with pytest.raises(InputError, match=">= 0"):
        check_radius(KullbackLeibler(), Fraction(-1))


def test_who_may_leave_the_nominal_support():
    leavers = {repr(u) for u in EXAMPLES if leaves_support(u)}
    stayers = [TotalVariation("nominal"), KullbackLeibler(), ChiSquare(), CressieRead(Fraction(3, 2))]
    assert not leavers & {repr(u) for u in stayers}
    assert repr(TotalVariation()) in leavers
    assert repr(CressieRead("-1/2")) in leavers
    assert repr(Wasserstein(LINE)) in leavers


@pytest.mark.parametrize(
    ("nominal", "values", "radius", "message"),
    [
        ([1], [1, 2], 0, "same"),
        ([0, 0], [1, 2], 0, "sums to 0"),
        ([1, -1], [1, 2], 0, "negative"),
        ([1, 1], [1, float("nan")], 0, r"values\[1\]"),
        ([1, 1], [1, 2], "3/2", "illegal"),
        ([], [], 0, "empty"),
    ],
)
def test_a_row_is_refused_when_illegal(nominal: list, values: list, radius: object, message: str):
    with pytest.raises(InputError, match=message):
        Row.of(TotalVariation(), nominal, values, radius)


def test_a_row_of_another_size_than_its_metric_is_refused():
    with pytest.raises(InputError, match="ground has 3 states"):
        Row.of(Wasserstein(LINE), [1, 1], [0, 1], 0)


def test_a_row_means_its_normalisation():
    row = Row.of(KullbackLeibler(), [1, 2, 0], [5, 1, 3], 1)
    assert row.probabilities == (Fraction(1, 3), Fraction(2, 3), 0)
    assert row.span == 4
