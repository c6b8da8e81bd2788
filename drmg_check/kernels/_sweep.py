"""Worst-case expectations of many nominal rows under one value vector: validation and dispatch."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from drmg_check.kernels._kernel import kernel_of
from drmg_check.sets import Contamination, UncertaintySet, check_radius
from drmg_check.vocabulary import FloatArray, InputError, IntArray, NumericalError, UnsupportedError, exact

LARGEST = 2.0**1021  # so that the span of V and its scale are finite
SHARE = 2**19  # probabilities of which a thread has to sweep so many, or starting it takes longer
NOTHING = 2.0**-200  # values this close to the minimum, in units of the span, are put on it


def nominal_expectations(P: FloatArray, V: FloatArray, *, threads: int = 1) -> FloatArray:
    """Return the nominal expectation of every row: what radius 0 gives for every set, bit for bit.

    Parameters
    ----------
    P : array [n, S]
        Weights >= 0; a row means ``p / sum(p)``.
    V : array [S]
        Values.
    threads : int
        As in :func:`worst_case_expectations`.

    Returns
    -------
    array [n]

    Raises
    ------
    InputError
        Illegal shapes or numbers; the message names the entry.

    Examples
    --------
    >>> nominal_expectations(np.array([[0.5, 0.5], [1.0, 3.0]]), np.array([0.0, 1.0]))
    array([0.5 , 0.75])
    """
    return worst_case_expectations(Contamination(), P, np.zeros(()), V, threads=threads)


def worst_case_expectations(
    uncertainty: UncertaintySet,
    P: FloatArray,
    rho: FloatArray,
    V: FloatArray,
    *,
    out: FloatArray | None = None,
    start: FloatArray | None = None,
    threads: int = 1,
) -> FloatArray:
    """Return ``inf { E_q V : D(q, p) <= rho, q in simplex }`` for every nominal row p of ``P``.

    V is shifted, scaled by a power of two and sorted once for all rows.

    Parameters
    ----------
    uncertainty : UncertaintySet
    P : array [n, S]
        Weights >= 0; a row means ``p / sum(p)``. Zeros are structural.
    rho : array broadcastable to [n]
        Radius of each row, in the range of the set; 0 gives the nominal expectation bit for bit.
    V : array [S]
        Values of size at most 2^1021.
    out : float64 array [n], optional
        Where to write the result.
    start : float64 array [n], optional
        What to start each row from, as an earlier call for similar values left it there; zeros at first.
        It is overwritten. Any content is safe: it changes the time and the last bits, not the accuracy.
    threads : int
        Rows are shared out to at most so many threads, fewer where there is little to do; the result is the
        same for every number.

    Returns
    -------
    array [n]
        Within a few ``1e-15 (max V - min V)`` up to some thousand states, plus half an ulp of it. Sums
        over more states cost more: total variation on uniform rows was off by 6e-15 of the span at 10^4
        states, 7e-14 at 10^5 and 4e-13 at 10^6.

    Raises
    ------
    InputError
        Illegal shapes, numbers or radii; the message names the entry.
    UnsupportedError
        Weights of one row whose ratio exceeds the range of float64.
    NumericalError
        A kernel met a NaN of its own making: report it.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> P, V = np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0.0, 1.0])
    >>> worst_case_expectations(TotalVariation(), P, np.array([0.25, 0.0]), V)
    array([0.25, 0.75])
    """
    P, rho, V = _checked(uncertainty, P, rho, V)
    n = P.shape[0]
    if threads < 1:
        raise InputError(f"threads={threads!r}; expected at least 1")
    result = _vector(out, n, "out")
    start = _vector(start, n, "start") if start is not None else np.zeros(n)
    order, W, low, scale = _sorted_values(V)
    kernel = kernel_of(uncertainty, rho, W, order)

    def rows(part: slice) -> None:
        kernel.expectations(P[part], kernel.radius[part], *kernel.values, start[part], result[part])

    _share_out(rows, n, min(threads, max(P.size // SHARE, 1)))
    unfit = np.isnan(result)
    if unfit.any():  # a sum out of range, or an illegal weight
        again = np.zeros(int(unfit.sum()))
        values = np.empty_like(again)
        kernel.expectations(_rescaled(P, unfit), kernel.radius[unfit], *kernel.values, again, values)
        start[unfit], result[unfit] = again, values
        if np.isnan(values).any():
            row = np.flatnonzero(unfit)[int(np.argmax(np.isnan(values)))]
            raise NumericalError(f"P[{row}] has no value in float64; use drmg_oracles.enclose")
    result *= scale
    result += low
    return result


def best_case_expectations(
    uncertainty: UncertaintySet, P: FloatArray, rho: FloatArray, V: FloatArray, *, threads: int = 1
) -> FloatArray:
    """Return ``sup { E_q V : D(q, P[i]) <= rho[i] }`` for every row: minus the worst case of -V.

    Parameters and errors as for :func:`worst_case_expectations`.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> P, V = np.array([[0.5, 0.25, 0.25]]), np.array([1.0, 0.0, 3.0])
    >>> best_case_expectations(TotalVariation(), P, np.array([0.25]), V)
    array([2.])
    """
    worst = worst_case_expectations(uncertainty, P, rho, np.negative(V), threads=threads)
    best: FloatArray = 0.0 - worst
    return best


def worst_case_distributions(
    uncertainty: UncertaintySet, P: FloatArray, rho: FloatArray, V: FloatArray
) -> FloatArray:
    """Return for every row a distribution of its ball that attains the worst-case expectation.

    Parameters
    ----------
    uncertainty, P, rho, V
        As in :func:`worst_case_expectations`.

    Returns
    -------
    array [n, S]
        Rows that sum to 1 and keep to the ball up to rounding.

    Raises
    ------
    InputError
        Illegal shapes, numbers or radii; the message names the entry.
    UnsupportedError
        Weights of one row whose ratio exceeds the range of float64.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> P, V = np.array([[0.5, 0.25, 0.25]]), np.array([1.0, 0.0, 3.0])
    >>> worst_case_distributions(TotalVariation(), P, np.array([0.25]), V)
    array([[0.5, 0.5, 0. ]])
    """
    P, rho, V = _checked(uncertainty, P, rho, V)
    order, W, _, _ = _sorted_values(V)
    result = np.empty_like(P)
    kernel = kernel_of(uncertainty, rho, W, order)
    kernel.distributions(
        _rescaled(P, np.full(P.shape[0], True)), np.array(kernel.radius), *kernel.worst, result
    )
    return result


def _share_out(rows: Callable[[slice], None], n: int, threads: int) -> None:
    if threads == 1 or n < 2:
        rows(slice(0, n))
        return
    bounds = [n * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(rows, (slice(a, b) for a, b in pairwise(bounds))))


def _sorted_values(V: FloatArray) -> tuple[IntArray, FloatArray, float, float]:
    """Return the ascending order of V, ``W = (V - min V) / scale`` in [0, 1], min V and the scale."""
    order = np.argsort(V, kind="stable").astype(np.int64, copy=False)
    low = float(V[order[0]])
    exponent = math.frexp(float(V[order[-1]]) - low)[1]
    W = np.ldexp(V, -exponent) - math.ldexp(low, -exponent)
    W[W < NOTHING] = 0.0
    return order, W, low, math.ldexp(1.0, exponent)


def _vector(array: FloatArray | None, n: int, name: str) -> FloatArray:
    if array is None:
        return np.empty(n)
    good = isinstance(array, np.ndarray) and array.shape == (n,) and array.dtype == np.float64
    if not good or not array.flags.c_contiguous or not array.flags.writeable:
        raise InputError(f"{name}={array!r}; expected a writable contiguous float64 array of shape ({n},)")
    return array


def _checked(
    uncertainty: UncertaintySet, P: FloatArray, rho: FloatArray, V: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    P = np.ascontiguousarray(P, dtype=np.float64)
    V = np.ascontiguousarray(V, dtype=np.float64)
    if P.ndim != 2 or V.ndim != 1 or P.shape[1] != V.shape[0] or V.shape[0] == 0:
        raise InputError(f"P.shape={P.shape} and V.shape={V.shape}; expected [n, S] and [S] with S >= 1")
    if uncertainty.n_states not in (None, V.shape[0]):
        raise InputError(
            f"{uncertainty.fixed_by} has {uncertainty.n_states} states and V has {V.shape[0]}; "
            "expected the same"
        )
    if np.shape(rho) != P.shape[:1]:
        try:
            rho = np.broadcast_to(rho, P.shape[:1])
        except ValueError as error:
            raise InputError(
                f"rho.shape={np.shape(rho)}; expected one radius per row, {P.shape[:1]}"
            ) from error
    rho = np.ascontiguousarray(rho, dtype=np.float64)
    if not (V.min() >= -LARGEST and V.max() <= LARGEST):
        k = int(np.argmin(np.abs(V) <= LARGEST))
        raise InputError(f"V[{k}]={float(V[k])!r}; expected a number of size at most 2^1021")
    top = uncertainty.max_radius
    if rho.size and not (rho.min() >= 0 and rho.max() <= (sys.float_info.max if top is None else float(top))):
        i = int(np.argmin((rho >= 0) & (rho <= (np.inf if top is None else float(top)))))
        check_radius(uncertainty, exact(float(rho[i]), f"rho[{i}]"), f"rho[{i}]")
    return P, rho, V


def _rescaled(P: FloatArray, unfit: NDArray[np.bool_]) -> FloatArray:
    """Return the unfit rows of P scaled by a power of two to a sum near 1, refusing illegal weights."""
    names, rows = np.flatnonzero(unfit), P[unfit]
    legal = (rows >= 0) & (rows < np.inf)
    for i, k in np.argwhere(~legal):
        raise InputError(f"P[{names[i]}, {k}]={float(rows[i, k])!r}; expected a finite weight >= 0")
    with np.errstate(over="ignore"):
        mass = rows.sum(axis=1)
    for i in np.flatnonzero(~((mass > 0) & (mass < np.inf))):
        raise InputError(f"P[{names[i]}] sums to {float(mass[i])!r}; expected a positive finite sum")
    exponent = 1 - np.frexp(mass)[1][:, None]
    scaled: FloatArray = np.ldexp(rows, exponent)
    for i in np.flatnonzero(np.any(np.ldexp(scaled, -exponent) != rows, axis=1)):
        raise UnsupportedError(
            f"P[{names[i]}] mixes weights too far apart for float64; use drmg_oracles.enclose"
        )
    return scaled
