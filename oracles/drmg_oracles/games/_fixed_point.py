r"""The fixed point of a discounted game between two vectors that prove themselves.

Let T be monotone with ``T(V + c) = T V + gamma c``: a backup of one agent, averaged over a policy or with the
best answer taken. If ``L <= T L`` then ``L <= T L <= T T L <= ...``, which tends to the one fixed point V* of
the contraction T, so ``L <= V*``; in the same way ``T U <= U`` gives ``V* <= U``. Who checks them needs one
sweep and no iteration.

**How they are found.** From any V with ``b <= T V - V <= B`` the vectors ``L = V + b / (1 - gamma)`` and
``U = V + B / (1 - gamma)`` are such, since ``T L = T V + gamma b / (1 - gamma) >= V + b / (1 - gamma) = L``.
V comes from Newton's method: what play does next under the worst kernel and the best answer at V, a matrix M,
is a subgradient of T, so ``V + (I - gamma M)^-1 (T V - V)`` is where T, were it linear, had its fixed point.
The residual is exact and the linear system is solved in float64, so that every step yields some fourteen
digits more once M is the right one. Newton's method may go in a circle where an answer and a kernel chase
each other (12, 4, 12, 4, ...; van der Wal 1978); so a step that does not shrink the residual by the factor
gamma is replaced by ``V <- T V``, which always does.

**Exactly.** Where worst cases are rational and there are few states, the linear system is solved in fractions
once, at the end; a solution with ``T V = V`` is the value itself, ``L = U``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat

from drmg_check.models import DiscountedGame, Stage
from drmg_check.vocabulary import Array

EXACT_STATES = 48  # up to which the linear system is solved in fractions: a second at most
GRID_UNITS = (
    8  # V is rounded to the grid, T V outward: within so many units T V = V cannot be told from near it
)
Moves: TypeAlias = list[dict[int, Fraction]]
"""For each state the probabilities of the next ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Values ``lo <= V <= hi``, object arrays of Fractions: [S] of one stage, [H + 1, S] of all.

    Entry ``h + 1`` of the latter follows stage h. In a discounted game both are the bracket of its fixed
    point.
    """

    lo: Array
    hi: Array


@dataclass(frozen=True, slots=True)
class Operator:
    """What is done with the next values of one agent at a stage.

    Attributes
    ----------
    back_up : callable
        ``(stage, bounds on the next values)`` to bounds on the values of the stage.
    moves : callable
        ``(stage, next values)`` to where play goes from each state, if it is played as :attr:`back_up` chose
        when it was last called, against the worst kernel for these values.
    grid : Fraction
        Bounds are rounded outward to its multiples, unless they are exact.
    longest : int
        Bits of a denominator up to which an exact number is one; 0 if there are none.
    """

    back_up: Callable[[Stage, Between], Between]
    moves: Callable[[Stage, list[Fraction]], Moves]
    grid: Fraction
    longest: int


@dataclass(frozen=True, slots=True)
class _Image:
    """A vector V, bounds on T V, and how far these are from V."""

    V: list[Fraction]
    lo: list[Fraction]
    hi: list[Fraction]

    @property
    def residual(self) -> Fraction:
        return max(max(h - v, v - low) for v, low, h in zip(self.V, self.lo, self.hi, strict=True))

    @property
    def middle(self) -> list[Fraction]:
        return [(low + high) / 2 for low, high in zip(self.lo, self.hi, strict=True)]


def bracket(model: DiscountedGame, i: int, operator: Operator) -> Between:
    """Return ``L <= V* <= U`` with ``L <= T L`` and ``T U <= U``, for agent i.

    The operator is called last with them, so that what it chose belongs to them.
    """
    gamma, stage, grid = model.discounts[i], model.stage, operator.grid

    def image(V: list[Fraction]) -> _Image:
        following = np.array([gamma * v for v in V], dtype=object)
        values = operator.back_up(stage, Between(following, following))
        return _Image(V, values.lo.tolist(), values.hi.tolist())

    def moves(V: list[Fraction]) -> Moves:
        return operator.moves(stage, [gamma * v for v in V])

    here = image([Fraction(0)] * model.n_states)
    while here.residual * (1 - gamma) > GRID_UNITS * grid:
        there = image(_rounded(_newton(here, moves(here.V), gamma), grid))
        if there.residual > gamma * here.residual:
            there = image(_rounded(here.middle, grid))
        here = there
    if operator.longest and here.lo == here.hi and len(here.V) <= EXACT_STATES:
        V = _solved(here, moves(here.V), gamma)
        if max(v.denominator.bit_length() for v in V) <= operator.longest:
            there = image(V)
            if there.lo == there.hi == V:
                return Between(np.array(V, dtype=object), np.array(V, dtype=object))
    least = min(low - v for v, low in zip(here.V, here.lo, strict=True)) / (1 - gamma)
    most = max(high - v for v, high in zip(here.V, here.hi, strict=True)) / (1 - gamma)
    # one unit more, so that a proof with longer numbers has room
    least, most = (floor(least / grid) - 1) * grid, (ceil(most / grid) + 1) * grid
    L, U = (np.array([v + c for v in here.V], dtype=object) for c in (least, most))
    operator.back_up(stage, Between(gamma * L, gamma * U))
    return Between(L, U)


def _newton(here: _Image, moves: Moves, gamma: Fraction) -> list[Fraction]:
    change = [middle - v for middle, v in zip(here.middle, here.V, strict=True)]
    system = np.eye(len(moves))
    for s, chances in enumerate(moves):
        for t, chance in chances.items():
            system[s, t] -= float(gamma * chance)
    step = np.linalg.solve(system, np.array([float(x) for x in change]))
    return [v + Fraction(x) for v, x in zip(here.V, step.tolist(), strict=True)]


def _solved(here: _Image, moves: Moves, gamma: Fraction) -> list[Fraction]:
    """Return the fixed point of T, were it linear."""
    S = len(moves)
    system, change = fmpq_mat(S, S), fmpq_mat(S, 1)
    for s, chances in enumerate(moves):
        system[s, s] = fmpq(1)
        for t, chance in chances.items():
            system[s, t] -= _flint(gamma * chance)
        change[s, 0] = _flint(here.lo[s] - here.V[s])
    step = system.solve(change)
    return [v + Fraction(int(step[s, 0].p), int(step[s, 0].q)) for s, v in enumerate(here.V)]


def _flint(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _rounded(V: list[Fraction], grid: Fraction) -> list[Fraction]:
    return [round(v / grid) * grid for v in V]
