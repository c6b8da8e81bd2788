r"""Stage games in rationals: what deviations gain, and the exact gap of a distribution.

A stage game pays agent i ``u_i(a)`` for the joint action a, which is drawn from x. A deviation of agent i is
always to play k' (NE, CCE), or to play k' when told k (CE); its gain is linear in x:

    g(x) = sum_a x(a) [u_i(k', a_{-i}) - u_i(a)],   for CE over the a with a_i = k only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from typing import TypeAlias

import numpy as np

from drmg_check.vocabulary import InputError, exact_tuple
from drmg_check.words import Concept

Payoffs: TypeAlias = tuple[tuple[Fraction, ...], ...]


def exact_payoffs(payoffs: Iterable[Iterable[object]], actions: Sequence[int]) -> Payoffs:
    """Read payoffs ``[m, A]``, joint actions in C order.

    Raises
    ------
    InputError
        Another shape, or an entry that is no number.
    """
    U = tuple(exact_tuple(row, f"payoffs[{i}]") for i, row in enumerate(payoffs))
    if [len(row) for row in U] != [prod(actions)] * len(actions):
        raise InputError(
            f"payoffs has rows of lengths {[len(row) for row in U]}; actions {tuple(actions)} need "
            f"{len(actions)} of {prod(actions)}"
        )
    return U


def deviation_gains(
    payoffs: Payoffs, actions: Sequence[int], concept: Concept
) -> list[list[tuple[Fraction, ...]]]:
    """Return for each agent the rows g of its deviations, to be multiplied by x.

    In the order k' for NE and CCE, and (k, k') with ``k' != k`` for CE.
    """
    plays = list(np.ndindex(*actions))
    index = {play: a for a, play in enumerate(plays)}

    def gains(i: int, told: int | None, play: int) -> tuple[Fraction, ...]:
        u = payoffs[i]
        return tuple(
            u[index[(*each[:i], play, *each[i + 1 :])]] - u[a] if told in (None, each[i]) else Fraction(0)
            for a, each in enumerate(plays)
        )

    rows = []
    for i, n in enumerate(actions):
        told = range(n) if concept == "ce" else [None]
        rows.append([gains(i, k, j) for k in told for j in range(n) if j != k])
    return rows


def stage_gap_exactly(
    payoffs: Iterable[Iterable[object]],
    actions: Sequence[int],
    x: Iterable[object],
    concept: Concept,
) -> Fraction:
    """Return the largest gain of any agent by deviating from the distribution x.

    Parameters
    ----------
    payoffs : array [m, A]
    actions : sequence of int, length m
    x : sequence of length A
        The weights as they are: they are not normalised.
    concept : "nash", "cce" or "ce"
        Best response to the marginal of the others, or best answer to each recommendation. That x is a
        product is the caller's affair.

    Returns
    -------
    Fraction
        At least 0 for "ce" and for a product; x is an equilibrium iff the gap is at most 0.

    Examples
    --------
    >>> prisoners = [[3, 0, 5, 1], [3, 5, 0, 1]]
    >>> stage_gap_exactly(prisoners, (2, 2), [1, 0, 0, 0], "nash")
    Fraction(2, 1)
    """
    weights = exact_tuple(x, "x")
    largest = []
    for n, rows in zip(
        actions, deviation_gains(exact_payoffs(payoffs, actions), actions, concept), strict=True
    ):
        gains = [sum(map(Fraction.__mul__, row, weights), Fraction(0)) for row in rows]
        if concept == "ce":  # the best answer to each of the n recommendations; obeying gains 0
            answers = (gains[k * (n - 1) : (k + 1) * (n - 1)] for k in range(n))
            largest.append(sum((max([Fraction(0), *each]) for each in answers), Fraction(0)))
        else:
            largest.append(max(gains))
    return max(largest)
