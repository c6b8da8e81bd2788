r"""Stage equilibria that are linear programs, solved by HiGHS one game at a time.

A CCE (CE) of largest welfare maximises ``sum_i sum_a x(a) u_i(a)`` over distributions x such that no
agent gains by a deviation: with ``D_i[k, k']`` linear in x (:mod:`drmg_check.equilibria._deviations`),

    CCE: sum_k D_i[k, k'] <= sum_k D_i[k, k]   for all i, k';
    CE:  D_i[k, k'] <= D_i[k, k]               for all i, k, k'.

The zero-sum pair is ``max v : sum_k x_k u(k, k') >= v`` and its dual. HiGHS starts cold each time, with
feasibility tolerances 1e-10 and every row scaled to largest entry 1 (with raw rows, or a warm start, it
reports optima that are none); what it returns is judged by its gap, not by its status alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from drmg_check.vocabulary import FloatArray, NumericalError

_TOLERANCE = 1e-10


def correlated_by_highs(payoffs: FloatArray, actions: Sequence[int], *, swaps: bool) -> FloatArray:
    """Return a CCE (with ``swaps``, a CE) of largest welfare of one stage game.

    Parameters
    ----------
    payoffs : array [m, A]
    actions : sequence of int, length m
    swaps : bool
        Whether deviations may depend on the recommendation.

    Returns
    -------
    array [A], non-negative, of sum 1 up to rounding

    Raises
    ------
    NumericalError
        HiGHS does not report an optimum.
    """
    welfare = payoffs.sum(axis=0)
    rows = _scaled(deviation_rows(payoffs, actions, swaps=swaps))
    return _solve(-welfare / max(float(np.abs(welfare).max()), 1e-300), rows, np.zeros(len(rows)))


def deviation_rows(payoffs: FloatArray, actions: Sequence[int], *, swaps: bool) -> FloatArray:
    """Return G with ``(G x)_row`` the gain of one deviation of one agent; G x <= 0 in equilibrium."""
    rows = []
    A = prod(actions)
    plays = np.array(np.unravel_index(np.arange(A), tuple(actions)))
    for i, n in enumerate(actions):
        stride = prod(actions[i + 1 :])
        for j in range(n):
            gain = payoffs[i][np.arange(A) + (j - plays[i]) * stride] - payoffs[i]
            if swaps:
                rows += [np.where(plays[i] == k, gain, 0.0) for k in range(n) if k != j]
            else:
                rows.append(gain)
    return np.array(rows)


def zero_sum_by_highs(payoff: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return optimal strategies of the matrix game in which the row agent receives ``payoff[k, k']``."""
    return _maximin(payoff), _maximin(-payoff.T)


def _maximin(payoff: FloatArray) -> FloatArray:
    shifted = payoff - payoff.min()
    scale = float(shifted.max())
    if scale == 0.0:
        return np.full(payoff.shape[0], 1.0 / payoff.shape[0])
    # Variables (x, v) with v >= 0, since every shifted payoff is.
    rows = np.hstack([-shifted.T / scale, np.ones((payoff.shape[1], 1))])
    cost = np.append(np.zeros(payoff.shape[0]), -1.0)
    return _solve(cost, rows, np.zeros(len(rows)), free=1)


def _scaled(rows: FloatArray) -> FloatArray:
    size = np.abs(rows).max(axis=1, keepdims=True)
    kept: FloatArray = (rows / np.where(size > 0.0, size, 1.0))[size[:, 0] > 0.0]
    return kept


def _solve(cost: FloatArray, rows: FloatArray, bounds: FloatArray, free: int = 0) -> FloatArray:
    """Minimise over distributions followed by ``free`` further non-negative variables."""
    from scipy.optimize import linprog

    n = len(cost) - free
    ones = np.append(np.ones(n), np.zeros(free))[np.newaxis, :]
    found = linprog(
        cost,
        A_ub=rows if len(rows) else None,
        b_ub=bounds if len(rows) else None,
        A_eq=ones,
        b_eq=np.ones(1),
        method="highs-ds",
        options={"primal_feasibility_tolerance": _TOLERANCE, "dual_feasibility_tolerance": _TOLERANCE},
    )
    if found.status != 0 or found.x is None:
        raise NumericalError(f"HiGHS status={found.status!r} ({found.message}); expected an optimum")
    x = np.maximum(found.x[:n], 0.0)
    distribution: FloatArray = x / x.sum()
    return distribution
