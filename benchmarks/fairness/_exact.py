"""Every way in which a correct implementation may answer a row, to rounding alone.

By our kernels, by the certified interval rounded down, up and to nearest, by the worst distribution summed in
several orders, by the textbook dual in NumPy, by the mpmath dual rounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.fairness._honest import RIGHT, Honest
from drmg_check.kernels import worst_case_expectations
from drmg_check.referee.evidence import certified
from drmg_check.sets import L1, Row, TotalVariation, UncertaintySet, Wasserstein
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray, NumericalError, UnsupportedError
from drmg_oracles import Enclosure, dual

SETS = (
    *("tv", "tv:nominal", "l1", "l1:nominal", "kl", "reverse-kl", "reverse-kl:nominal", "chi2", "hellinger"),
    *("hellinger:nominal", "cressie-read:3/2", "cressie-read:-1", "cressie-read:1/2:nominal"),
    *("contamination", "interval", "interval:nominal", "wasserstein", "wasserstein:2"),
)
Way = Callable[[FloatArray, FloatArray, float, UncertaintySet], Any]


def kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Call our numba kernel."""
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def kernel_shuffled(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Call our numba kernel with the states in another order, as another library may keep them."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("the ground metric has an order of its own")
    order = np.random.default_rng(len(p)).permutation(len(p))
    return kernel(p[order], V[order], rho, uncertainty)


def rounded_down(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the largest float64 below the certified interval."""
    lo = truth_of(p, V, rho, uncertainty).lo
    value = float(lo)
    return value if Fraction(value) <= lo else math.nextafter(value, -math.inf)


def rounded_up(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the smallest float64 above the certified interval."""
    hi = truth_of(p, V, rho, uncertainty).hi
    value = float(hi)
    return value if Fraction(value) >= hi else math.nextafter(value, math.inf)


def rounded(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the float64 nearest to the certified interval."""
    return float(truth_of(p, V, rho, uncertainty).lo)


def rounded_anyhow(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the certified interval rounded up for some rows and down for others: the worst for laws."""
    up = sum(np.concatenate([p, V, [rho]]).tobytes()) % 2
    return (rounded_up if up else rounded_down)(p, V, rho, uncertainty)


def rounded_distribution(
    p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Return the worst distribution of the certificate, rounded, and its expectation."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("no distribution is judged")
    q = _worst(p, V, rho, uncertainty)
    return float(q @ V), q


def numpy_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the expectation under the worst distribution, as ``q @ V``."""
    return float(_worst(p, V, rho, uncertainty) @ V)


def forward_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same in a loop."""
    return sum((_worst(p, V, rho, uncertainty) * V).tolist())


def backward_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same in a loop that runs backwards."""
    return sum((_worst(p, V, rho, uncertainty) * V).tolist()[::-1])


def ascending_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same by ascending values, above the smallest one."""
    q, lowest = _worst(p, V, rho, uncertainty), float(V.min())
    return lowest + sum((q * (V - lowest))[np.argsort(V)].tolist())


def textbook_dual(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the dual of total variation at each of its breakpoints."""
    if not isinstance(uncertainty, TotalVariation | L1):
        raise NotImplementedError("total variation only")
    half = rho / 2 if isinstance(uncertainty, L1) else rho
    floor = V[p > 0].min() if uncertainty.support == "nominal" else V.min()
    return max(float(np.minimum(V, eta) @ p - half * max(eta - floor, 0.0)) for eta in V if eta >= floor)


def mpmath_dual(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the mpmath dual with thirty digits, rounded."""
    if len(p) > 8:
        raise NotImplementedError("slow")
    return float(dual(_row(p, V, rho, uncertainty), 30).value)


def _row(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> Row:
    return Row.of(uncertainty, p.tolist(), V.tolist(), rho)


def truth_of(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> Enclosure:
    """Return the certified interval; where there is none, nothing is judged."""
    try:
        return certified(_row(p, V, rho, uncertainty))
    except NumericalError as error:
        raise UnsupportedError(str(error)) from error


def _worst(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> FloatArray:
    return np.array([float(x) for x in truth_of(p, V, rho, uncertainty).worst_distribution])


WAYS: tuple[Way, ...] = (
    *(kernel, kernel_shuffled, rounded_down, rounded_up, rounded, rounded_anyhow),
    *(numpy_sum, forward_sum, backward_sum, ascending_sum, textbook_dual, mpmath_dual),
)
LAWFUL: tuple[Way, ...] = (kernel, rounded_anyhow)
"""Those that are the hardest for laws; the others are judged by their values only, which is quick."""
EXACT = tuple(
    Honest(
        name=way.__name__,
        kind=RIGHT,
        function=way,
        declared=Implementation(sets=SETS, accuracy=Fraction(0), distribution=way is rounded_distribution),
    )
    for way in (*WAYS, rounded_distribution)
)
"""What is judged on single rows."""
