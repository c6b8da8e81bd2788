"""The sweep: values derived by hand, what is refused, and what must not change a single bit."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.kernels import nominal_expectations, worst_case_distributions, worst_case_expectations
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
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_oracles import agrees, enclose

LINE = tuple(tuple(Fraction(abs(s - t)) for t in range(4)) for s in range(4))
WEIGHTS = (1, Fraction(1, 3), 5, 2)
SETS: list[UncertaintySet] = [
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Hellinger("nominal"),
    CressieRead(Fraction(3, 2)),
    CressieRead(Fraction(-1)),
    CressieRead(Fraction(2)),
    CressieRead(Fraction(1, 2)),
    Contamination(),
    Contamination("nominal"),
    Interval(),
    Interval("nominal"),
    Wasserstein(LINE),
    Wasserstein(LINE, order=2),
    *(WeightedL1(WEIGHTS), WeightedL1(WEIGHTS, "nominal"), WeightedInterval(WEIGHTS)),
    *(WeightedInterval(WEIGHTS, "nominal"), L2(), L2("nominal"), Ellipsoid(WEIGHTS)),
    Ellipsoid(WEIGHTS, "nominal"),
]
NAMES = [str(uncertainty)[:40] for uncertainty in SETS]
RNG = np.random.default_rng(20)
P = RNG.dirichlet(np.ones(4), 9)
P[RNG.random(P.shape) < 0.2] = 0.0
P[P.sum(axis=1) == 0] = 1.0
V = RNG.normal(size=4)
RADII = np.array([0.0, 0.1, 0.3, 1e-16, 1e-6, 0.9, 0.0, 0.05, 0.5])


def value_of(uncertainty: UncertaintySet, p: list[float], V: list[float], rho: float) -> float:
    return float(worst_case_expectations(uncertainty, np.array([p]), np.array([rho]), np.array(V))[0])


@pytest.mark.parametrize(
    ("uncertainty", "p", "values", "rho", "expected"),
    [
        # cut 1/4 off the value 4, put it on 0: 2 - 1/4 * 4
        (TotalVariation(), [0.25, 0.5, 0.25], [0, 2, 4], 0.25, 1.0),
        # nothing at 0 in the support: 1/4 moves from 4 to 2
        (TotalVariation("nominal"), [0, 0.5, 0.5], [0, 2, 4], 0.25, 2.5),
        (L1(), [0.25, 0.5, 0.25], [0, 2, 4], 0.5, 1.0),
        # 3/4 * 2 + 1/4 * 0
        (Contamination(), [0.25, 0.5, 0.25], [0, 2, 4], 0.25, 1.5),
        # q = (3/8, 1/2, 1/8): up by 1/8 at 0, down by 1/8 at 4, the middle takes what is left
        (Interval(), [0.25, 0.5, 0.25], [0, 2, 4], 0.125, 1.5),
        # mass 1/2 goes from 2 to 0 at the price 1 + 2; that of 16 for the mass on 4 is no bargain
        (WeightedL1((1, 2, 15)), [0.25, 0.5, 0.25], [0, 2, 4], 1.5, 1.0),
        # q = (7/16, 7/16, 1/8): down by 1/16 and 1/8, and the first takes the rest
        (WeightedInterval((1, 4, 2)), [0.25, 0.5, 0.25], [0, 2, 4], 0.25, 1.375),
        # mean - rho |V - 2| with |(-2, 0, 2)| = sqrt 8
        (L2(), [0.25, 0.5, 0.25], [0, 2, 4], 0.125 * 2**0.5, 1.5),
        # the third is emptied: q = (3/4, 1/4, 0) is at the distance 1/2
        (Ellipsoid((1, 1, 3)), [0.5, 0.25, 0.25], [0, 1, 4], 0.5, 0.25),
        # mean - sqrt(rho Var) with Var = 1, not truncated
        (ChiSquare(), [0.5, 0.5], [0, 2], 0.25, 0.5),
        # KL((q, 1-q) || (1/2, 1/2)) <= log 2 is everything
        (KullbackLeibler(), [0.5, 0.5], [0, 2], 0.6931471805599454, 0.0),
        # b = 1/2: harmonic mean of 1 and 1 is 1, b^2 H at z = 0, the rest on the unvisited 0
        (Hellinger(), [0, 0.5, 0.5], [0, 1, 1], 1.0, 0.25),
        # e^-rho GM at z = 0
        (ReverseKL(), [0, 0.5, 0.5], [0, 1, 1], 0.6931471805599453, 0.5),
        # f(t) = (1 - 1/t)^2 t / 2 summed: all mass of 1 may go from 1 to q, q >= 1 / (1 + 2 rho)
        (CressieRead(Fraction(-1)), [0, 1.0], [0, 1], 0.5, 0.5),
        # mass 1/2 moves by one at cost 1/2
        (Wasserstein(LINE), [0, 0, 1, 0], [0, 1, 2, 3], 0.5, 1.5),
        # cost 1/4 pays for mass 1/4 by one step (slope 1), as two steps cost 4
        (Wasserstein(LINE, order=2), [0, 0, 1, 0], [0, 1, 2, 3], 0.5, 1.75),
    ],
)
def test_values_derived_by_hand(
    uncertainty: UncertaintySet, p: list[float], values: list[float], rho: float, expected: float
):
    """Agree with pencil and paper to four ulp of the span."""
    assert value_of(uncertainty, p, values, rho) == pytest.approx(expected, abs=4 * 2**-53 * 4)


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_radius_zero_is_the_nominal_expectation_bit_for_bit(uncertainty: UncertaintySet):
    result = worst_case_expectations(uncertainty, P, RADII, V)
    assert np.array_equal(result[RADII == 0], nominal_expectations(P, V)[RADII == 0])


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_rows_do_not_see_each_other_nor_the_threads(
    monkeypatch: pytest.MonkeyPatch, uncertainty: UncertaintySet
):
    """Mixed radii, row by row, in reverse, on three threads: the same bits."""
    monkeypatch.setattr("drmg_check.kernels._sweep.SHARE", 1)
    result = worst_case_expectations(uncertainty, P, RADII, V)
    alone = [
        worst_case_expectations(uncertainty, p[None], r[None], V)[0] for p, r in zip(P, RADII, strict=True)
    ]
    back = worst_case_expectations(uncertainty, P[::-1], RADII[::-1], V)[::-1]
    shared = worst_case_expectations(uncertainty, P, RADII, V, threads=3)
    assert np.array_equal(result, alone)
    assert np.array_equal(result, back)
    assert np.array_equal(result, shared)


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_a_start_changes_the_time_and_not_the_answer(uncertainty: UncertaintySet):
    """Hostile starts, and those left by calls for other values: all values agree with the enclosure."""
    hostile = [np.nan, np.inf, -1.0, 1e-300, 1e300, 1.0, 3.0]
    starts = [np.full(len(P), x) for x in hostile]
    for values, factor in ((V + 0.01, 1.0), (V[::-1], 1.0), (V**3, 0.5), (V + (V.min() == V), 1e-3)):
        left = np.zeros(len(P))
        worst_case_expectations(uncertainty, P, factor * RADII, values, start=left)
        starts.append(left)
    for start in starts:
        result = worst_case_expectations(uncertainty, P, RADII, V, start=start)
        for p, rho, value in zip(P, RADII, result, strict=True):
            judgement = agrees(value, Row.of(uncertainty, p, V, rho))
            assert judgement.accepted, judgement.reason


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_weights_are_free_of_scale(uncertainty: UncertaintySet):
    """A power of two, however small or large, changes no bit."""
    expected = worst_case_expectations(uncertainty, P, RADII, V)
    for exponent in (-900, -1, 1, 900):
        assert np.array_equal(worst_case_expectations(uncertainty, np.ldexp(P, exponent), RADII, V), expected)


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_values_are_free_of_scale(uncertainty: UncertaintySet):
    """A power of two in V comes out as the same power of two."""
    expected = worst_case_expectations(uncertainty, P, RADII, V)
    for exponent in (-900, 900):
        result = worst_case_expectations(uncertainty, P, RADII, np.ldexp(V, exponent))
        assert np.array_equal(result, np.ldexp(expected, exponent))


@pytest.mark.parametrize("uncertainty", SETS, ids=NAMES)
def test_the_worst_distribution_is_a_distribution_that_attains_the_value(uncertainty: UncertaintySet):
    """Within 1e-12 of the span: the distribution pays for every rounding of its multiplier."""
    Q = worst_case_distributions(uncertainty, P, RADII, V)
    result = worst_case_expectations(uncertainty, P, RADII, V)
    assert np.all(Q >= 0)
    assert np.abs(Q.sum(axis=1) - 1).max() <= 1e-12
    assert np.abs(Q @ V - result).max() <= 1e-12 * np.ptp(V)


@pytest.mark.parametrize(
    "uncertainty", [s for s in SETS if not isinstance(s, Wasserstein)], ids=lambda s: str(s)[:40]
)
@pytest.mark.parametrize("S", [1, 31, 33, 130])
def test_every_width_of_a_row_agrees(uncertainty: UncertaintySet, S: int):
    """Full lanes, a remainder, and a single state; a weighted set has weights of its own for each width."""
    if uncertainty.fixed_by:
        uncertainty = uncertainty.placed([Fraction(7 * s % 11, 4) for s in range(S)])
    rng = np.random.default_rng(S)
    p, values = rng.dirichlet(np.ones(S)), rng.random(S)
    judgement = agrees(
        value_of(uncertainty, list(p), list(values), 0.125), Row.of(uncertainty, p, values, 0.125)
    )
    assert judgement.accepted, judgement.reason


@pytest.mark.parametrize("uncertainty", [TotalVariation(), ChiSquare(), KullbackLeibler(), Interval()])
def test_ten_thousand_states(uncertainty: UncertaintySet):
    """Equal weights make rounding errors add up: still within 1e-13 of the span."""
    S = 10_000
    p, values = np.full(S, 1e-4), np.sqrt(np.arange(S))
    result = value_of(uncertainty, list(p), list(values), 0.01)
    truth = enclose(Row.of(uncertainty, p, values, 0.01), bits=70)
    assert abs(Fraction(result) - truth.lo) <= Fraction(1, 10**13) * 100


def test_read_only_and_strided_arrays_are_read():
    stationary = np.broadcast_to(P, (2, *P.shape))
    radius = np.broadcast_to(0.1, len(P))
    values = V[::-1].copy()[::-1]
    values.flags.writeable = False
    result = worst_case_expectations(TotalVariation(), stationary[1], radius, values)
    assert np.array_equal(result, worst_case_expectations(TotalVariation(), P, np.full(len(P), 0.1), V))


def test_out_is_filled_and_returned():
    out = np.empty(len(P))
    assert worst_case_expectations(ChiSquare(), P, RADII, V, out=out) is out
    assert np.array_equal(out, worst_case_expectations(ChiSquare(), P, RADII, V))


def test_no_rows_give_no_values():
    assert worst_case_expectations(ChiSquare(), np.empty((0, 3)), np.empty(0), np.ones(3)).shape == (0,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"P": np.ones(3)}, "expected \\[n, S\\] and \\[S\\]"),
        ({"V": np.ones(3)}, "expected \\[n, S\\] and \\[S\\]"),
        ({"P": np.ones((2, 0)), "V": np.ones(0)}, "S >= 1"),
        ({"rho": np.ones(5)}, "one radius per row"),
        ({"V": np.array([1.0, np.nan, 0, 0])}, "V\\[1\\]=nan"),
        ({"V": np.array([1.0, 2, 0, -1e308])}, "V\\[3\\]=-1e\\+308"),
        ({"P": np.array([[1.0, 0, -1e-300, 0]])}, "P\\[0, 2\\]=-1e-300"),
        ({"P": np.array([[1.0, np.nan, 0, 0]])}, "P\\[0, 1\\]=nan"),
        ({"P": np.array([[1.0, np.inf, 0, 0]])}, "P\\[0, 1\\]=inf"),
        ({"P": np.zeros((1, 4))}, "P\\[0\\] sums to 0"),
        ({"P": np.full((1, 4), 1e308)}, "P\\[0\\] sums to inf"),
        ({"rho": np.array(-0.1)}, "rho\\[0\\]=.*illegal for the tv set"),
        ({"rho": np.array(1.5)}, "rho\\[0\\]=3/2 is illegal for the tv set"),
        ({"rho": np.array(np.nan)}, "rho\\[0\\]=nan"),
        ({"out": np.empty(3)}, "out="),
        ({"start": np.empty(1, dtype=np.float32)}, "start="),
    ],
)
def test_illegal_input_is_refused(change: dict[str, np.ndarray], message: str):
    """The message names the argument and the entry."""
    legal = {"P": np.array([[0.1, 0.2, 0.3, 0.4]]), "rho": np.array(0.1), "V": np.arange(4.0)}
    with pytest.raises(InputError, match=message):
        worst_case_expectations(TotalVariation(), **{**legal, **change})


def test_a_ground_metric_of_other_states_is_refused():
    with pytest.raises(InputError, match="ground has 4 states and V has 3"):
        worst_case_expectations(Wasserstein(LINE), np.ones((1, 3)), np.array(0.1), np.arange(3.0))


def test_no_thread_is_refused():
    with pytest.raises(InputError, match="threads=0"):
        worst_case_expectations(TotalVariation(), P, RADII, V, threads=0)


def test_weights_beyond_the_range_of_floats_are_refused():
    with pytest.raises(UnsupportedError, match="too far apart"):
        worst_case_expectations(KullbackLeibler(), np.array([[1e300, 1e-300]]), np.array(0.1), np.arange(2.0))


def test_importing_the_kernels_does_not_import_numba():
    code = "import sys, drmg_check.kernels; assert not {'numba', 'llvmlite'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
