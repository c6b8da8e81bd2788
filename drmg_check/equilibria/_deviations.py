r"""What agents gain by deviating from a joint distribution in a stage game.

A stage game gives agent i the payoff ``u_i(a)``; a joint action ``a`` is drawn from ``x``. For agent i,
recommended to play k and playing k' instead,

    D_i[k, k'] = sum_{a_{-i}} x(k, a_{-i}) u_i(k', a_{-i}).

Everything else is a sum of these: the value is ``sum_k D[k, k]``, the best response to the marginal of
the others earns ``max_{k'} sum_k D[k, k']`` (NE and CCE), the best modification of the recommendations
earns ``sum_k max_{k'} D[k, k']`` (CE). The two maxima are sums over k in the same order, so that
rounding, being monotone, never makes the second smaller than the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from drmg_check.equilibria._jit import compiled
from drmg_check.vocabulary import FloatArray
from drmg_check.words import Concept


@compiled
def _deviation_payoffs(payoff: FloatArray, x: FloatArray, n: int, stride: int) -> FloatArray:
    S, A = payoff.shape
    D = np.zeros((S, n, n))
    for s in range(S):
        for a in range(A):
            if x[s, a] != 0.0:
                k = (a // stride) % n
                without = a - k * stride
                for j in range(n):
                    D[s, k, j] += x[s, a] * payoff[s, without + j * stride]
    return D


def deviation_payoffs(payoff: FloatArray, x: FloatArray, i: int, actions: Sequence[int]) -> FloatArray:
    """Return ``D_i[s, k, k']`` for a batch of stage games.

    Parameters
    ----------
    payoff : array [S, A]
        Agent i's payoff of each joint action, in C order.
    x : array [S, A]
        A distribution over joint actions for each game.
    i : int
    actions : sequence of int, length m

    Notes
    -----
    Sums run over the joint actions in C order, without a BLAS: the bits do not depend on the machine.
    The error of an entry is at most ``(A + 1) 2^-53 sum_a x(a) max |u|`` to first order.

    Examples
    --------
    >>> prisoner, cooperate = np.array([[3.0, 0.0, 5.0, 1.0]]), np.array([[1.0, 0.0, 0.0, 0.0]])
    >>> deviation_payoffs(prisoner, cooperate, 0, (2, 2)).tolist()
    [[[3.0, 5.0], [0.0, 0.0]]]
    """
    stride = prod(actions[i + 1 :])
    D: FloatArray = _deviation_payoffs(
        np.ascontiguousarray(payoff), np.ascontiguousarray(x), actions[i], stride
    )
    return D


def value(D: FloatArray) -> FloatArray:
    """Return ``sum_k D[s, k, k]``, what obeying earns, ``[S]``.

    >>> value(np.array([[[3.0, 5.0], [0.0, 0.0]]])).tolist()
    [3.0]
    """
    total: FloatArray = _in_order(np.diagonal(D, axis1=1, axis2=2))
    return total


def response_values(D: FloatArray) -> FloatArray:
    """Return ``sum_k D[s, k, k']``, what always playing k' earns, ``[S, A_i]``.

    >>> response_values(np.array([[[3.0, 5.0], [0.0, 0.0]]])).tolist()
    [[3.0, 5.0]]
    """
    total: FloatArray = _in_order(D)
    return total


def modification_value(D: FloatArray) -> FloatArray:
    """Return ``sum_k max_k' D[s, k, k']``, what the best answer to each recommendation earns, ``[S]``.

    >>> modification_value(np.array([[[3.0, 5.0], [1.0, 0.0]]])).tolist()
    [6.0]
    """
    total: FloatArray = _in_order(D.max(axis=2))
    return total


def _in_order(terms: FloatArray) -> FloatArray:
    total = terms[:, 0].copy()
    for k in range(1, terms.shape[1]):
        total += terms[:, k]
    return total


def stage_gaps(payoffs: FloatArray, x: FloatArray, actions: Sequence[int], concept: Concept) -> FloatArray:
    """Return the largest gain of any agent in each stage game, in the unit of the payoffs.

    Parameters
    ----------
    payoffs : array [m, S, A]
    x : array [S, A]
    actions : sequence of int, length m
    concept : "nash", "cce" or "ce"
        "nash" and "cce" measure the same gain; that ``x`` is a product is the caller's affair.

    Returns
    -------
    array [S]
        Non-negative for a product and for "ce", up to the rounding stated in
        :func:`deviation_payoffs`; a correlated x may earn every agent more than any fixed action.

    Examples
    --------
    >>> prisoners = np.array([[[3.0, 0.0, 5.0, 1.0]], [[3.0, 5.0, 0.0, 1.0]]])
    >>> cooperate = np.array([[1.0, 0.0, 0.0, 0.0]])
    >>> stage_gaps(prisoners, cooperate, (2, 2), "nash").tolist()
    [2.0]
    """
    gaps = np.full(x.shape[0], -np.inf)
    for i in range(len(actions)):
        D = deviation_payoffs(payoffs[i], x, i, actions)
        best = modification_value(D) if concept == "ce" else response_values(D).max(axis=1)
        np.maximum(gaps, best - value(D), out=gaps)
    return gaps
