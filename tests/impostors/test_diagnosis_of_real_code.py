"""The diagnosis reaches code that handles little, or computes approximately, and guesses nothing."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.kernels import worst_case_expectations
from drmg_check.referee import check_implementation
from drmg_check.referee.diagnosis import FEWEST, diagnose, plain_rows
from drmg_check.referee.evidence import certified
from drmg_check.sets import Row, UncertaintySet, set_family
from drmg_check.vocabulary import FloatArray, UnsupportedError
from drmg_check.words import DIAGNOSED
from drmg_properties.laws import Tolerance

Actions = tuple[int, ...]


def solve(uncertainty: UncertaintySet, p: FloatArray, V: FloatArray, rho: float) -> float:
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def diagnosis_of(
    function: Callable[..., object], *sets: str, checks: tuple[str, ...], **declared: object
) -> str:
    results = check_implementation(function, sets, profile="quick", on_fail=None, checks=checks, **declared)
    failures = [check.failure for check in results if check.failure and check.failure.kind in DIAGNOSED]
    assert failures
    return max(failures, key=lambda failure: failure.severity).diagnosis


def two_outcomes(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Halve the radius; a head and a tail are all it knows."""
    head, tail = p
    low, high = V
    return solve(uncertainty, np.array([head, tail]), np.array([low, high]), rho / 2)


def indices_only(
    p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet, ground: FloatArray
) -> float:
    """Compare the cost with rho; metrics are those of a line of unit steps."""
    s = np.arange(len(p))
    if not np.array_equal(ground, abs(s[:, None] - s)):
        raise ValueError("states must be 0, 1, 2, ...")
    return solve(uncertainty, p, V, math.sqrt(rho))


def positive_only(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Read the radius in bits; rewards and values are positive."""
    if V.min() <= 0:
        raise NotImplementedError("V must be positive")
    return solve(uncertainty, p, V, rho * math.log(2))


def full_support_only(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Square the radius; probabilities are positive."""
    if not p.all():
        raise ZeroDivisionError("p")
    return solve(uncertainty, p, V, rho**2)


@pytest.mark.parametrize(
    ("function", "name", "entry"),
    [
        (two_outcomes, "kl", "half the radius"),
        (two_outcomes, "chi2", "half the radius"),
        (indices_only, "wasserstein:2", "the root of the radius"),
        (positive_only, "kl", "the radius in bits"),
        (full_support_only, "chi2", "the squared radius"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_code_that_handles_little_is_named(function: Callable[..., object], name: str, entry: str):
    checks = (f"{name}/smoke/two-states", f"{name}/oracle/small", f"{name}/oracle/generated")
    assert diagnosis_of(function, name, checks=checks).startswith(f"agrees with {entry} (")


def two_states_only(
    P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: Actions, uncertainty: object
) -> FloatArray:
    """Halve every radius; the world is up or down."""
    m, H, S, A = r.shape
    if S != 2:
        raise NotImplementedError("two states")
    V = np.zeros((m, S))
    for i in range(m):
        for h in reversed(range(H)):
            worst = worst_case_expectations(uncertainty[i], P[h].reshape(-1, S), rho[i, h].ravel() / 2, V[i])
            V[i] = (pi[h] * (r[i, h] + worst.reshape(S, A))).sum(axis=1)
    return V


def test_games_of_two_states_are_enough_to_name_a_recursion():
    said = diagnosis_of(
        two_states_only, "kl", level="evaluation", checks=("kl/smoke/two-states", "kl/oracle/generated")
    )
    assert said.startswith("agrees with half the radius in each row (")


def approximate(share: float) -> Callable[..., float]:
    """Return code that halves the radius and is off by as much of the span, now above and now below."""

    def solver(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        sign = math.cos(1e3 * float(p @ V) + 1e2 * rho)
        return solve(uncertainty, p, V, rho / 2) + share * sign * float(np.ptp(V))

    return solver


@pytest.mark.parametrize("share", [1e-3, 1e-4, 1e-5])
def test_a_convention_error_in_approximate_code_is_named_if_the_accuracy_is_declared(share: float):
    checks = ("tv/oracle/typical", "tv/oracle/zeros")
    said = diagnosis_of(approximate(share), "tv", checks=checks, accuracy=str(share))
    assert said.startswith("agrees with half the radius (")
    assert diagnosis_of(approximate(share), "tv", checks=checks) == ""


def test_an_absolute_error_that_is_declared_is_taken_into_account():
    def solver(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        return solve(uncertainty, p, V, rho / 2) + 1e-5

    checks = ("tv/oracle/typical", "tv/oracle/zeros")
    said = diagnosis_of(solver, "tv", checks=checks, accuracy="0", accuracy_absolute="1e-5")
    assert said.startswith("agrees with half the radius (")
    assert diagnosis_of(solver, "tv", checks=checks, accuracy="0") == ""


def test_an_approximate_solver_of_another_game_is_named():
    """Signs of 1e-6 and gaps of 1e-5, as conic programs leave them, in a game of costs."""

    def costs(u: FloatArray, actions: Actions, concept: str) -> FloatArray:
        x = solve_stages(-u[:, None, :], actions, concept).x[0]
        x[np.argmin(x)] -= 1e-6
        return x

    said = diagnosis_of(
        costs, level="equilibrium", concept="ce", accuracy="1e-4", checks=("ce/smoke/*", "ce/oracle/*")
    )
    assert said.startswith("its policies are equilibria with rewards taken for costs (")


def test_coarse_code_that_is_wrong_in_another_way_gets_no_name():
    """At 1 % of the span, half of what it does is noise: nothing is guessed."""

    def solver(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        middle = (float(p @ V) + solve(uncertainty, p, V, rho)) / 2
        return middle + 1e-2 * math.cos(1e3 * float(p @ V)) * float(np.ptp(V))

    assert diagnosis_of(solver, "tv", checks=("tv/oracle/[tz]*",), accuracy="1e-2") == ""


@pytest.mark.parametrize("name", ["tv", "kl", "wasserstein:2", "interval:nominal"])
def test_plain_rows_are_what_they_promise_and_enough_for_each_kind_of_code(name: str):
    rows = plain_rows(set_family(name).make(1))
    assert rows == plain_rows(set_family(name).make(3))
    assert min(min(row.values) for row in rows) > 0
    assert {row.uncertainty for row in rows} == {set_family(name).make(S) for S in (2, 3, 4)}
    two = [row for row in rows if len(row.values) == 2]
    full = [row for row in rows if all(row.nominal)]
    telling = [row for row in two if certified(row).lo not in (min(row.values), max(row.values))]
    assert min(len(telling), len(full)) > 2 * FEWEST


def test_right_code_that_handles_little_is_never_diagnosed():
    def right(row: Row) -> float:
        if len(row.values) != 2:
            raise UnsupportedError("two outcomes")
        return float(certified(row).lo) + 1e-4 * float(row.span)

    ball = set_family("kl").make(1)
    rows = [row for row in plain_rows(ball) if len(row.values) == 2]
    assert diagnose(right, ball, rows[:1], Tolerance(accuracy=Fraction(1, 10**3))) is None
