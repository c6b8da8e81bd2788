"""The referee is never unfair: correct implementations are judged on adversarial rows without one accusation.

CI judges a sample; ``HYPOTHESIS_PROFILE=deep`` judges more than a million answers.
"""

import os
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from drmg_check.kernels import worst_case_distributions, worst_case_expectations
from drmg_check.referee import check_implementation
from drmg_check.runs import Check
from drmg_check.sets import Row, UncertaintySet, Wasserstein
from drmg_check.vocabulary import FloatArray
from drmg_oracles import enclose

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SETS = (
    "tv",
    "tv:nominal",
    "l1",
    "l1:nominal",
    "kl",
    "reverse-kl",
    "reverse-kl:nominal",
    "chi2",
    "hellinger",
    "hellinger:nominal",
    "cressie-read:3/2",
    "cressie-read:-1",
    "contamination",
    "interval",
    "interval:nominal",
    "wasserstein",
    "wasserstein:2",
    "weighted-l1",
    "weighted-interval:nominal",
    "l2",
    "ellipsoid:nominal",
    "bounds",
    "scenarios",
)
QUICK = ("*/smoke/*", "*/oracle/[!l]*", "*/law/zero-mass", "*/law/inclusion")
DECLARED = {"tv": ("tv", "l1", "wasserstein", "interval"), "kl": ("kl", "tv", "hellinger")}
"""Sets that are declared together, so that the laws between them speak."""


def kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Our own numba kernels."""
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def exact_reference(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """The certified interval, rounded."""
    return float(enclose(Row.of(uncertainty, p.tolist(), V.tolist(), rho)).lo)


def with_distribution(
    p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Our own kernels with their worst distributions."""
    value = kernel(p, V, rho, uncertainty)
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("no distribution is judged")
    return value, worst_case_distributions(uncertainty, p[None], np.array([rho]), V)[0]


def judged(function: Callable[..., object], names: tuple[str, ...], **options: object) -> list[Check]:
    """Judge strictly, to rounding alone, and return what was found."""
    patterns = () if DEEP else tuple(pattern.replace("*", names[0], 1) for pattern in QUICK)
    return check_implementation(
        function,
        names,
        accuracy="0",
        profile="deep" if DEEP else "quick",
        checks=patterns,
        on_fail=None,
        **options,
    )


def accusations(checks: list[Check]) -> list[tuple[str, tuple[str, ...]]]:
    return [(check.case, check.failure.lines) for check in checks if check.failure is not None]


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_our_kernels_are_not_accused(name: str):
    checks = judged(kernel, DECLARED.get(name, (name,)))
    assert accusations(checks) == []
    assert sum(check.judged for check in checks) > (70_000 if DEEP else 150)


@pytest.mark.parametrize("name", ["tv", "chi2", "interval"])
def test_the_exact_reference_is_not_accused(name: str):
    assert accusations(judged(exact_reference, (name,))) == []


@pytest.mark.parametrize("name", ["kl", "chi2", "hellinger", "reverse-kl:nominal"])
def test_our_worst_distributions_are_not_accused(name: str):
    checks = check_implementation(
        with_distribution, name, distribution=True, checks=["*/distribution/*"], profile="quick", on_fail=None
    )
    assert accusations(checks) == []


def test_other_conventions_are_not_accused():
    """Costs, a factor and a power of the radius, each declared."""

    def of_costs(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        return -kernel(p, -V, rho, uncertainty)

    def half_squared(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        return kernel(p, V, (2 * rho) ** 2, uncertainty)

    check = partial(check_implementation, profile="quick", accuracy="0", on_fail=None)
    assert accusations(check(of_costs, "tv", quantity="cost", checks=["*/oracle/*"])) == []
    assert (
        accusations(
            check(
                half_squared,
                "hellinger",
                radius_factor="1/2",
                radius_power="1/2",
                checks=["hellinger/oracle/[gsz]*"],
            )
        )
        == []
    )
