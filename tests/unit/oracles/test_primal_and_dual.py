"""The convex primal and the high-precision dual must agree with the enclosure, and say how well."""

from fractions import Fraction

import numpy as np
import pytest

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
    ProbabilityBounds,
    ReverseKL,
    Row,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_check.vocabulary import InputError
from drmg_oracles import dual, enclose, primal

LINE = tuple(tuple(Fraction(abs(i - j)) for j in range(5)) for i in range(5))
WEIGHTS = (1, 3, "1/2", 2, 1)
SETS: tuple[UncertaintySet, ...] = (
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Hellinger("nominal"),
    CressieRead(Fraction(-8)),
    CressieRead(Fraction(-1)),
    CressieRead(Fraction(1, 3)),
    CressieRead(Fraction(2, 3), "nominal"),
    CressieRead(Fraction(3, 2)),
    CressieRead(Fraction(3)),
    Contamination(),
    Contamination("nominal"),
    Interval(),
    Interval("nominal"),
    Wasserstein(LINE),
    Wasserstein(LINE, 2),
    *(WeightedL1(WEIGHTS), WeightedL1(WEIGHTS, "nominal"), WeightedInterval(WEIGHTS)),
    *(WeightedInterval(WEIGHTS, "nominal"), L2(), L2("nominal"), Ellipsoid(WEIGHTS)),
    Ellipsoid(WEIGHTS, "nominal"),
    ProbabilityBounds((0, 0, "1/8", 0, 0), (1, "1/2", "1/4", "3/4", 0)),
    Scenarios(((1, 0, 0, 0, 0), ("1/4", "1/4", "1/2", 0, 0), (0, 0, 0, 0, 1))),
)
LINEAR = (
    TotalVariation,
    L1,
    Contamination,
    Interval,
    Wasserstein,
    WeightedL1,
    WeightedInterval,
    ProbabilityBounds,
    Scenarios,
)


def name(uncertainty: UncertaintySet) -> str:
    detail = getattr(uncertainty, "alpha", getattr(uncertainty, "order", ""))
    return f"{uncertainty.kind}{detail}-{getattr(uncertainty, 'support', '')}"


def rows(uncertainty: UncertaintySet, count: int, seed: int = 0) -> list[Row]:
    """Moderate rows: small integers, zeros in the support, ties, radii well inside the range."""
    rng = np.random.default_rng(seed)
    result = []
    for _ in range(count):
        weights = rng.integers(0, 7, size=5)
        weights[2] += 1
        values = rng.integers(-5, 6, size=5)
        radius = Fraction(int(rng.integers(1, 12)), 24)
        result.append(Row.of(uncertainty, weights.tolist(), values.tolist(), radius))
    return result


@pytest.mark.parametrize("uncertainty", SETS, ids=name)
def test_primal_agrees_with_the_enclosure_within_its_own_proof(uncertainty: UncertaintySet) -> None:
    """The proven bounds meet the enclosure, and are 1e-6 (LP 1e-14) of the span tight on moderate rows."""
    for row in rows(uncertainty, 6):
        solution, truth = primal(row), enclose(row)
        assert solution.value is not None
        assert solution.lower <= truth.hi
        assert truth.lo <= solution.upper
        allowed = (Fraction(1, 10**14) if isinstance(uncertainty, LINEAR) else Fraction(1, 10**6)) * row.span
        if solution.weak is None:
            assert solution.gap <= allowed
            assert truth.lo - allowed <= Fraction(solution.value) <= truth.hi + allowed


def test_primal_tells_that_a_solver_called_a_wrong_point_optimal() -> None:
    """KL with a state of probability 1e-300: conic solvers miss it by half the span; the gap shows it."""
    row = Row.of(
        KullbackLeibler(),
        [0.37219273645431017, 1e-300, 0.3097051312087936],
        [0.06422373864303622, -0.4961212986201297, 0.522274036090075],
        100,
    )
    solution, truth = primal(row), enclose(row)
    assert solution.weak is not None
    assert "1e-8" in solution.weak
    assert solution.lower <= truth.hi
    assert truth.lo <= solution.upper
    if solution.value is not None and abs(Fraction(solution.value) - truth.lo) > row.span / 10:
        assert solution.gap > row.span / 10


def test_a_mass_that_the_solver_loses_stays_where_it_is() -> None:
    """HiGHS moves nothing of a state of probability 5e-324, not even to itself."""
    ground = tuple(tuple(Fraction(abs(s - t)) for t in range(3)) for s in range(3))
    row = Row.of(Wasserstein(ground), [5e-324, 0.5, 0.5], [0, 0.5, 1], "1/10")
    solution, truth = primal(row), enclose(row)
    assert solution.lower <= truth.hi
    assert truth.lo <= solution.upper
    assert solution.gap <= row.span / 10**6


def test_primal_does_not_depend_on_the_scale_of_the_values() -> None:
    """Values near 1e12 or of size 1e-300 are scaled to [0, 1] before a solver sees them."""
    for values in ([10**12, 10**12 + 1, 10**12 + 2], [0, 1e-300, 2e-300]):
        row = Row.of(KullbackLeibler(), [1, 2, 1], values, "1/10")
        assert primal(row).gap <= row.span / 10**6


def test_primal_of_a_ball_that_is_a_point_asks_no_solver() -> None:
    """Radius 0 and constant V are answered exactly."""
    for row in (
        Row.of(KullbackLeibler(), [1, 1], [0, 1], 0),
        Row.of(ChiSquare(), [1, 1, 0], [1, 1, 0], 1),
    ):
        solution = primal(row)
        assert (solution.status, solution.solver, solution.gap) == ("trivial", "none", 0)


def test_a_solver_that_fails_gives_no_number() -> None:
    """A radius of 1e-12 leaves reverse KL without interior: no value, honest bounds, and the reason."""
    row = Row.of(ReverseKL(), [0, 1, 1], [0, 1, 2], 1e-12)
    solution, truth = primal(row), enclose(row)
    assert solution.weak is not None
    assert "interior" in solution.weak
    assert solution.lower <= truth.lo
    assert truth.hi <= solution.upper
    if solution.status != "optimal":
        assert solution.value is None


def test_repeated_solves_do_not_recompile() -> None:
    """One compiled problem serves all rows of a set with the same support."""
    from drmg_oracles.rows._primal import _compile

    _compile.cache_clear()
    for k in range(1, 6):
        primal(Row.of(ChiSquare(), [1, k, 2], [0, k, 3], Fraction(1, k + 1)))
    assert _compile.cache_info().misses == 1


@pytest.mark.parametrize("uncertainty", SETS, ids=name)
def test_dual_agrees_with_the_enclosure_to_fifty_digits(uncertainty: UncertaintySet) -> None:
    """``[value, value + error]`` meets the enclosure; error 1e-50 of the span, 0 for linear sets."""
    for row in rows(uncertainty, 6, seed=1):
        solution, truth = dual(row), enclose(row)
        rounding = row.span / 10**55
        assert solution.value - rounding <= truth.hi
        assert truth.lo <= solution.value + solution.error + rounding
        assert solution.error <= (0 if isinstance(uncertainty, LINEAR) else row.span / 10**50)


@pytest.mark.parametrize(
    ("uncertainty", "nominal", "values", "radius"),
    [
        pytest.param(KullbackLeibler(), [1e-300, 0.5, 0.5], [0, 1, 2], 5e-324, id="tiniest radius"),
        pytest.param(KullbackLeibler(), [1e-300, 0.5, 0.5], [0, 1, 2], 100, id="KL before saturation"),
        pytest.param(KullbackLeibler(), [1e-300, 0.5, 0.5], [0, 1, 2], 700, id="KL saturated"),
        pytest.param(ReverseKL(), [0, 0.5, 0.5], [0, 1, 2], 0.5, id="mass left outside the support"),
        pytest.param(ReverseKL(), [0.5, 0.25, 0.25], [0, 1, 2], 50, id="near the minimum"),
        pytest.param(Hellinger(), [0, 0.5, 0.5], [0, 1, 2], 1.5, id="Hellinger boundary regime"),
        pytest.param(Hellinger(), [0.5, 0.5, 0], [0, 1, 2], 2, id="the whole simplex"),
        pytest.param(CressieRead(Fraction(3, 2)), [1e-300, 0.5, 0.5], [0, 1, 2], 1, id="plateau"),
        pytest.param(CressieRead(Fraction(1, 2)), [0.5, 0.5, 0], [0, 1, 2], 4, id="CR whole simplex"),
        pytest.param(ChiSquare(), [0.25, 0.25, 0.5], [0, 1e-300, 1], 3, id="chi2 at its threshold"),
    ],
)
def test_dual_in_the_boundary_regimes(
    uncertainty: UncertaintySet, nominal: list[float], values: list[float], radius: float
) -> None:
    """Where float formulas break: tiny radii and probabilities, saturation, mass outside the support."""
    row = Row.of(uncertainty, nominal, values, radius)
    solution, truth = dual(row), enclose(row)
    rounding = row.span / 10**50
    assert solution.value - rounding <= truth.hi
    assert truth.lo <= solution.value + solution.error + rounding


def test_dual_by_hand() -> None:
    """TV: value 2 at c = 4; Burg from (1, 0): exp(-rho); a KL coin at two precisions."""
    tv = dual(Row.of(TotalVariation(), ["1/2", "1/2", 0], [2, 4, 0], "1/4"))
    assert (tv.value, tv.error, tv.variable, tv.maximiser) == (Fraction(2), 0, "c", 4)
    burg = dual(Row.of(ReverseKL(), [1, 0], [1, 0], 1), digits=30)
    assert str(burg) == "0.367879441171442321595523770161"
    coin = Row.of(KullbackLeibler(), [1, 1], [0, 1], "1/8")
    coarse, fine = dual(coin, digits=5), dual(coin, digits=100)
    assert fine.variable == "lambda"
    assert coarse.value <= fine.value + fine.error
    assert fine.value <= coarse.value + coarse.error
    with pytest.raises(InputError, match="digits=0"):
        dual(coin, digits=0)
