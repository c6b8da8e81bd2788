"""Which compiled kernel serves a set, and what it is called with beside rows and results.

Importing a kernel's module compiles it, or loads it from the cache: only when it is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from drmg_check.sets import (
    ChiSquare,
    Contamination,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ProbabilityBounds,
    Quadratic,
    ReverseKL,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import FloatArray, IntArray

SHORT = 128  # states below which eight rows share the lanes: above, a row fills them by itself


@dataclass(frozen=True, slots=True)
class Kernel:
    """The compiled pair of one set.

    Attributes
    ----------
    expectations : compiled function
        ``(P, radius, *values, start, out)``.
    distributions : compiled function
        ``(P, radius, *worst, Q)``.
    radius : array
        The radii in the unit of the kernel.
    values, worst : tuple
        What stands between radii and results.
    """

    expectations: Callable[..., None]
    distributions: Callable[..., None]
    radius: FloatArray
    values: tuple[Any, ...]
    worst: tuple[Any, ...]

    @property
    def sorted_only(self) -> bool:
        """Whether it needs sorted values and the support rule alone, so that a compiled loop can call it."""
        return len(self.values) == 3


def kernel_of(uncertainty: UncertaintySet, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    """Return the kernel of a set for values ``W`` in [0, 1] and the order that sorts them.

    Raises
    ------
    UnsupportedError
        The set has none.
    """
    uncertainty, rho = uncertainty.canonical(rho)
    return kernels.function(uncertainty)(uncertainty, rho, W, order)


kernels: Operation[[FloatArray, FloatArray, IntArray], Kernel] = operation(
    "kernel", __name__, "compiled worst cases of many rows at once", canonical=True
)


def sorting(module: str, uncertainty: UncertaintySet, rho: FloatArray, *values: Any) -> Kernel:  # noqa: ANN401
    """Return the kernel of a module that is called with ``values`` and the support rule."""
    loaded = _load(module)
    parameters = (*values, leaves_support(uncertainty))
    return Kernel(loaded.expectations, loaded.distributions, rho, parameters, parameters)


@cache
def _load(module: str) -> ModuleType:
    return import_module(f"drmg_check.kernels.{module}")


@kernels.register(TotalVariation)
def _tv(uncertainty: TotalVariation, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_tv", uncertainty, rho, W, order)


@kernels.register(KullbackLeibler)
def _kl(uncertainty: KullbackLeibler, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_kl_rows" if W.shape[0] < SHORT else "_kl", uncertainty, rho, W, order)


@kernels.register(ReverseKL)
def _reverse_kl(uncertainty: ReverseKL, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_reverse_kl", uncertainty, rho, W, order)


@kernels.register(ChiSquare)
def _chi2(uncertainty: ChiSquare, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_chi2", uncertainty, rho, W, order)


@kernels.register(Hellinger)
def _hellinger(uncertainty: Hellinger, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_hellinger", uncertainty, rho, W, order)


@kernels.register(PowerDivergence)
def _power(uncertainty: PowerDivergence, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    """Take the kernels of chi-square and Hellinger where the order is theirs: they are faster."""
    alpha, unit = uncertainty.power
    rho = float(unit) * rho
    if alpha == 2:
        return sorting("_chi2", uncertainty, 2 * rho, W, order)
    if alpha == Fraction(1, 2):
        return sorting("_hellinger", uncertainty, np.minimum(rho / 2, 2.0), W, order)
    return sorting("_cressie_read", uncertainty, rho, float(alpha), W, order)


@kernels.register(Contamination)
def _contamination(uncertainty: Contamination, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_contamination", uncertainty, rho, W, order)


@kernels.register(Interval)
def _interval(uncertainty: Interval, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    return sorting("_interval", uncertainty, rho, W, order)


@kernels.register(Wasserstein)
def _wasserstein(uncertainty: Wasserstein, rho: FloatArray, W: FloatArray, _order: IntArray) -> Kernel:
    from drmg_check.kernels import _wasserstein

    e = _wasserstein.edges(uncertainty, W)
    return Kernel(
        _wasserstein.expectations,
        _wasserstein.distributions,
        (rho * e.budget_scale) ** uncertainty.order,
        (W, e.source, e.cost, e.gain, e.costs, e.gains, e.stride),
        (W, e.source, e.start, e.end, e.cost),
    )


@kernels.register(WeightedL1)
def _weighted_l1(uncertainty: WeightedL1, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    weights, unit = _scaled(uncertainty.weights)
    return sorting("_weighted_l1", uncertainty, np.ldexp(rho, -unit), W, order, weights)


@kernels.register(WeightedInterval)
def _weighted_interval(
    uncertainty: WeightedInterval, rho: FloatArray, W: FloatArray, order: IntArray
) -> Kernel:
    weights, unit = _scaled(uncertainty.weights)
    return sorting("_bounds", uncertainty, np.ldexp(rho, -unit), W, order, 1 / weights, 1 / weights, False)


@kernels.register(Quadratic)
def _quadratic(uncertainty: Quadratic, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    """Cut radii at 2: no distribution is farther from another if no weight exceeds 1."""
    weights, unit = _scaled(uncertainty.squares(W.shape[0]), even=True)
    return sorting("_l2", uncertainty, np.minimum(np.ldexp(rho, -unit // 2), 2.0), W, order, 1 / weights)


@lru_cache(maxsize=64)
def _scaled(weights: Sequence[Fraction], even: bool = False) -> tuple[FloatArray, int]:
    """Return weights as floats that reach at most 1, and the power of two by which they were divided."""
    unit = math.frexp(float(max(weights)))[1]
    unit += unit % 2 if even else 0
    return np.array([float(x / Fraction(2) ** unit) for x in weights]), unit


@kernels.register(ProbabilityBounds)
def _bounds(uncertainty: ProbabilityBounds, rho: FloatArray, W: FloatArray, order: IntArray) -> Kernel:
    lower, upper = (np.array([float(x) for x in ends]) for ends in (uncertainty.lower, uncertainty.upper))
    return sorting("_bounds", uncertainty, rho, W, order, lower, upper, True)


@kernels.register(Scenarios)
def _scenarios(uncertainty: Scenarios, rho: FloatArray, W: FloatArray, _order: IntArray) -> Kernel:
    loaded = _load("_scenarios")
    rows = np.array([[float(x) for x in row] for row in uncertainty.rows])
    means = [math.fsum(row * W) for row in rows]  # the same in every order of the states
    k = int(np.argmin(means))
    return Kernel(loaded.expectations, loaded.distributions, rho, (W, means[k]), (W, means[k], rows[k]))
