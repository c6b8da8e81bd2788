"""Worst-case expectations of many nominal rows under one value vector: validation and dispatch."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from drmg_check.kernels import _kl, _tv
from drmg_check.vocabulary import (
    L1,
    FloatArray,
    InputError,
    IntArray,
    KullbackLeibler,
    TotalVariation,
    UncertaintySet,
    UnsupportedError,
    check_radius,
)


def nominal_expectations(P: FloatArray, V: FloatArray) -> FloatArray:
    """Return the nominal expectation of every row; what radius 0 gives, bit for bit.

    Parameters
    ----------
    P : array [n, S]
        Weights >= 0; a row means ``p / sum(p)``.
    V : array [S]
        Values.

    Returns
    -------
    array [n]
    """
    return worst_case_expectations(TotalVariation(), P, np.zeros(np.shape(P)[0]), V)


def worst_case_expectations(
    uncertainty: UncertaintySet,
    P: FloatArray,
    rho: FloatArray,
    V: FloatArray,
    *,
    out: FloatArray | None = None,
) -> FloatArray:
    """Return ``inf { E_q V : D(q, p) <= rho, q in simplex }`` for every nominal row p of ``P``.

    Parameters
    ----------
    uncertainty : UncertaintySet
    P : array [n, S]
        Weights >= 0; a row means ``p / sum(p)``.
    rho : array broadcastable to [n]
        Radius of each row, in the range of the set.
    V : array [S]
        Values, finite.
    out : array [n], optional
        Where to write the result.

    Returns
    -------
    array [n]

    Raises
    ------
    InputError
        Illegal shapes, numbers or radii; the message names the entry.
    """
    P, rho, V = _checked(uncertainty, P, rho, V)
    result = np.empty(P.shape[0]) if out is None else out
    order, W, low, scale = _sorted_values(V)
    if isinstance(uncertainty, TotalVariation):
        _tv.expectations(P, rho, W, order, uncertainty.support == "all", result)
    elif isinstance(uncertainty, L1):
        _tv.expectations(P, rho / 2, W, order, uncertainty.support == "all", result)
    elif isinstance(uncertainty, KullbackLeibler):
        _kl.expectations(P, rho, W, order, result)
    else:
        raise UnsupportedError(f"no kernel for {uncertainty!r} yet; use drmg_oracles.enclose")
    result *= scale
    result += low
    return result


def worst_case_distributions(
    uncertainty: UncertaintySet, P: FloatArray, rho: FloatArray, V: FloatArray
) -> FloatArray:
    """Return a distribution q of each row's ball that attains the worst-case expectation.

    Parameters
    ----------
    uncertainty, P, rho, V
        As in :func:`worst_case_expectations`.

    Returns
    -------
    array [n, S]
        Rows that sum to 1 up to rounding.

    Raises
    ------
    InputError
        Illegal shapes, numbers or radii; the message names the entry.
    """
    P, rho, V = _checked(uncertainty, P, rho, V)
    result = np.empty_like(P)
    order, W, _, _ = _sorted_values(V)
    if isinstance(uncertainty, TotalVariation):
        _tv.distributions(P, rho, W, order, uncertainty.support == "all", result)
    elif isinstance(uncertainty, L1):
        _tv.distributions(P, rho / 2, W, order, uncertainty.support == "all", result)
    elif isinstance(uncertainty, KullbackLeibler):
        _kl.distributions(P, rho, W, order, result)
    else:
        raise UnsupportedError(f"no kernel for {uncertainty!r} yet; use drmg_oracles.enclose")
    return result


def _sorted_values(V: FloatArray) -> tuple[IntArray, FloatArray, float, float]:
    """Return the ascending order of V, ``W = (V - min V) / scale`` in [0, 1], min V and the scale."""
    order = np.argsort(V, kind="stable").astype(np.int64)
    low = float(V[order[0]])
    half_span = float(V[order[-1]]) / 2 - low / 2
    exponent = int(np.frexp(half_span)[1]) + 1
    W = np.ldexp(V, -exponent) - np.ldexp(low, -exponent)
    return order, W, low, float(np.ldexp(1.0, exponent))


def _checked(
    uncertainty: UncertaintySet, P: FloatArray, rho: FloatArray, V: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    P = np.ascontiguousarray(P, dtype=np.float64)
    V = np.ascontiguousarray(V, dtype=np.float64)
    if P.ndim != 2 or V.ndim != 1 or P.shape[1] != V.shape[0] or V.shape[0] == 0:
        raise InputError(f"P.shape={P.shape} and V.shape={V.shape}; expected [n, S] and [S] with S >= 1")
    try:
        rho = np.ascontiguousarray(np.broadcast_to(rho, P.shape[:1]), dtype=np.float64)
    except ValueError as error:
        raise InputError(f"rho.shape={np.shape(rho)}; expected one radius per row, {P.shape[:1]}") from error
    if not np.all(np.abs(V) <= 2.0**1022):
        k = int(np.argmin(np.abs(V) <= 2.0**1022))
        raise InputError(f"V[{k}]={float(V[k])!r}; expected finite values up to 2^1022 in size")
    if not np.all((P >= 0) & (np.inf > P)):
        i, k = (int(x) for x in np.argwhere(~((P >= 0) & (np.inf > P)))[0])
        raise InputError(f"P[{i}, {k}]={float(P[i, k])!r}; expected a finite weight >= 0")
    total = P.sum(axis=1)
    if not np.all((total > 0) & (total < np.inf)):
        i = int(np.argmin((total > 0) & (total < np.inf)))
        raise InputError(f"P[{i}] sums to {float(total[i])!r}; expected a positive finite sum")
    if np.any((total < 0.5) | (total > 2)):
        P = np.ldexp(P, -np.frexp(total)[1][:, None])
    if rho.size:
        if not np.all(np.isfinite(rho)):
            i = int(np.argmin(np.isfinite(rho)))
            raise InputError(f"rho[{i}]={float(rho[i])!r}; expected a finite radius")
        for i in (int(np.argmin(rho)), int(np.argmax(rho))):
            check_radius(uncertainty, Fraction(float(rho[i])), f"rho[{i}]")
    return P, rho, V
