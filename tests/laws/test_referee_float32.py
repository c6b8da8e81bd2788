"""Who declares float32 and computes in it is not accused; who declares nothing, or is wrong besides, is."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from drmg_check.kernels import worst_case_distributions, worst_case_expectations
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.referee import check_implementation
from drmg_check.runs import Check
from drmg_check.sets import TotalVariation, UncertaintySet
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray, InputError

Single: TypeAlias = np.ndarray[Any, np.dtype[np.float32]]
single = np.float32


def tv(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """The textbook in float32: sort, cut mass rho from the largest values."""
    order = np.argsort(-V)
    q, W = p.astype(single)[order], V.astype(single)[order]
    above = np.cumsum(q, dtype=single) - q
    cut = np.clip(single(rho) - above, 0, q)
    cut[W[-1] == W] = 0
    return (q - cut) @ W + cut.sum(dtype=single) * W[-1]


def contamination(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """One line in float32."""
    return (single(1) - single(rho)) * (p.astype(single) @ V.astype(single)) + single(rho) * single(V.min())


def half_radius(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """Wrong, whatever the precision."""
    return tv(p, V, rho / 2)


def rounded_kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> np.float32:
    """Our kernels with the answer in float32."""
    return single(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def with_distribution(
    p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[np.float32, Single]:
    """A distribution in float32 does not sum to 1 in float64."""
    q = worst_case_distributions(uncertainty, p[None], np.array([rho]), V)[0]
    return rounded_kernel(p, V, rho, uncertainty), q.astype(single)


def backup(P: FloatArray, r: FloatArray, rho: FloatArray, V: FloatArray) -> Single:
    """``r + sigma(V)`` by the textbook above."""
    Q = np.empty(r.shape, dtype=single)
    for s, a in np.ndindex(*r.shape):
        Q[s, a] = single(r[s, a]) + tv(P[s, a], V, rho[s, a])
    return Q


def planner(
    P: FloatArray,
    r: FloatArray,
    rho: FloatArray,
    actions: tuple[int, ...],
    uncertainty: tuple[UncertaintySet, ...],
) -> Single:
    """Our planner with its policy in float32."""
    game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)
    return robust_value_iteration(game, "nash").policy.pi.astype(single)


def judged(function: Callable[..., object], sets: str, **options: object) -> list[Check]:
    return check_implementation(function, sets, accuracy="0", profile="quick", on_fail=None, **options)


def accusations(checks: list[Check]) -> list[tuple[str, tuple[str, ...]]]:
    return [(check.case, check.failure.lines) for check in checks if check.failure is not None]


@pytest.mark.parametrize("function", [tv, contamination])
def test_arithmetic_in_float32_is_not_accused(function: Callable[..., object]):
    """Every check, the ends of the format included."""
    checks = judged(function, function.__name__, precision="float32")
    assert accusations(checks) == []
    assert sum(check.judged for check in checks) > 300


@pytest.mark.parametrize("name", ["kl", "reverse-kl", "hellinger", "chi2"])
def test_answers_in_float32_are_not_accused(name: str):
    checks = judged(rounded_kernel, name, precision="float32", checks=[f"{name}/oracle/*"])
    assert accusations(checks) == []


@pytest.mark.parametrize("name", ["tv", "kl", "chi2"])
def test_distributions_in_float32_are_not_accused(name: str):
    checks = judged(
        with_distribution, name, precision="float32", distribution=True, checks=[f"{name}/distribution/*"]
    )
    assert accusations(checks) == []


def test_whole_games_in_float32_are_not_accused():
    assert accusations(judged(backup, "tv", level="backup", precision="float32")) == []
    assert accusations(judged(planner, "tv", level="planner", precision="float32")) == []


def test_what_is_not_declared_is_found():
    """The same code, judged as float64: the value is right to 1e-6 of the span, or to less."""
    failed = accusations(judged(tv, "tv", checks=["tv/oracle/generated", "tv/smoke/*"]))
    assert [case for case, _ in failed] == ["tv/oracle/generated"]


@pytest.mark.parametrize(("ulps", "accused"), [(50, False), (900, True)])
def test_float32_forgives_its_own_rounding_and_not_that_of_a_coarser_format(ulps: int, accused: bool):
    """Rows of up to five states are forgiven 6 (32 + 2 S) = 252 ulp of 24 bits."""

    def off(p: FloatArray, V: FloatArray, rho: float) -> float:
        value = float(rounded_kernel(p, V, rho, TotalVariation()))
        return value + ulps * 2.0**-24 * (float(np.ptp(V)) + abs(value))

    checks = ["tv/oracle/typical", "tv/oracle/small", "tv/smoke/two-states"]
    assert bool(accusations(judged(off, "tv", precision="float32", checks=checks))) == accused


def test_what_is_wrong_besides_is_found():
    failed = accusations(judged(half_radius, "tv", precision="float32", checks=["tv/smoke/*", "tv/oracle/*"]))
    assert "tv/smoke/two-states" in [case for case, _ in failed]


def test_precisions_that_are_not_judged_are_refused():
    with pytest.raises(InputError, match="float16"):
        Implementation(precision="float16")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="learner"):
        Implementation(level="learner", precision="float32")
