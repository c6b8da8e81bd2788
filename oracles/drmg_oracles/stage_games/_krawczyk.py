r"""Existence proofs of isolated Nash equilibria of m agents, by Krawczyk's operator in ball arithmetic.

On a support the unknowns ``z = (p_i(k), v_i)`` solve the polynomial system F: every action of the support
earns ``v_i``, and probabilities sum to 1. For a point y, a box Z around it and any matrix Y, if

    K(Z) = y - Y F(y) + (I - Y F'(Z)) (Z - y)

lies in the interior of Z, then F has exactly one zero in Z, and it is in K(Z) (Krawczyk, 1969; Neumaier,
1990, theorem 5.1.8). If on K(Z) all p of the support are positive and every other action earns less than
``v_i``, then the zero is an equilibrium, and there is no other one in the box.

That needs a regular zero and strict inequalities, as generic games have. Where a best response outside the
support ties, or equilibria form a continuum, nothing is proved: ask :func:`stage_gap_exactly` instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, TypeAlias

import numpy as np
from flint import arb, arb_mat, ctx

from drmg_check.vocabulary import exact_tuple
from drmg_oracles.rows import Arb, ball_of, rational
from drmg_oracles.stage_games._stage_games import Payoffs, exact_payoffs

_NEWTON_STEPS = 30  # digits double: five lead from 2 % to 128 bits; the rest is for poor candidates
# An action played less than this may be one that a float solver did not quite leave out.
_THRESHOLDS = (Fraction(0), Fraction(1, 2**40), Fraction(1, 2**20))
Supports: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class EquilibriumBox:
    """A box of mixed profiles that contains exactly one Nash equilibrium.

    Attributes
    ----------
    bounds : ``bounds[i][k] = (lo, hi)``
        Of the probability with which agent i plays k; ``(0, 0)`` outside the support, else positive.

    Examples
    --------
    >>> pure = ((Fraction(1), Fraction(1)), (Fraction(0), Fraction(0)))
    >>> EquilibriumBox((pure, pure)).bounds[0][0]
    (Fraction(1, 1), Fraction(1, 1))
    """

    bounds: tuple[tuple[tuple[Fraction, Fraction], ...], ...]


def prove_equilibrium(
    payoffs: Iterable[Iterable[object]], candidate: Sequence[Iterable[object]], *, bits: int = 128
) -> EquilibriumBox | None:
    """Return a box around ``candidate`` that contains exactly one Nash equilibrium, or None.

    Parameters
    ----------
    payoffs : array [m, A]
        Read exactly, joint actions in C order.
    candidate : one mixed action per agent
        Approximate is enough: Newton's method improves it first.
    bits : int
        The working precision. Boxes are about ``2^(-bits / 2)`` wide at most.

    Notes
    -----
    None refutes nothing: the candidate may be too far from an equilibrium, or the equilibrium is not regular.

    Examples
    --------
    >>> pennies = [[1, -1, -1, 1], [-1, 1, 1, -1]]
    >>> box = prove_equilibrium(pennies, [[0.49, 0.51], [0.5, 0.5]])
    >>> low, high = box.bounds[0][0]
    >>> low <= Fraction(1, 2) <= high, high - low < Fraction(1, 2**40)
    (True, True)
    """
    weights = [exact_tuple(play, f"candidate[{i}]") for i, play in enumerate(candidate)]
    actions = [len(play) for play in weights]
    U = _scaled(exact_payoffs(payoffs, actions))
    tried = set()
    for threshold in _THRESHOLDS:
        support = tuple(tuple(k for k, p in enumerate(play) if p > threshold) for play in weights)
        if all(support) and support not in tried:
            tried.add(support)
            with ctx.workprec(bits):
                box = _System(U, actions, support).prove([[ball_of(p) for p in play] for play in weights])
            if box is not None:
                return box
    return None


def _scaled(U: Payoffs) -> Payoffs:
    """Return payoffs moved and scaled to [0, 1], which has the same equilibria."""
    spans = [max(row) - min(row) or Fraction(1) for row in U]
    return tuple(tuple((u - min(row)) / span for u in row) for row, span in zip(U, spans, strict=True))


class _System:
    """The system F of one support, at the precision of the moment."""

    def __init__(self, U: Payoffs, actions: Sequence[int], support: Supports) -> None:
        self.actions, self.support = actions, support
        self.places = [(i, k) for i, own in enumerate(support) for k in own]
        self.row = {place: r for r, place in enumerate(self.places)}
        self.size = len(self.places) + len(support)
        # Joint actions in which at most one agent leaves the support; others have probability 0 throughout.
        plays = [
            (play, [ball_of(row[a]) for row in U])
            for a, play in enumerate(np.ndindex(*actions))
            if sum(k not in own for k, own in zip(play, support, strict=True)) <= 1
        ]
        self.plays: list[tuple[tuple[int, ...], list[Arb]]] = plays

    def prove(self, start: list[list[Arb]]) -> EquilibriumBox | None:
        z = [start[i][k].mid() for i, k in self.places] + [arb(0)] * len(self.support)
        width = arb(2) ** -(ctx.prec // 2)
        for _ in range(_NEWTON_STEPS):
            try:
                inverse = _matrix(self.derivative(z)).inv()
            except ZeroDivisionError:  # singular as far as this precision can tell
                return None
            correction = (inverse * _column(self.residual(z))).entries()
            z = [(x - d).mid() for x, d in zip(z, correction, strict=True)]
            if all(abs(d) < width * width.sqrt() for d in correction):
                break
        else:
            return None
        Z = [x + arb(0, width) for x in z]
        Y = inverse.mid()
        spread = _identity(self.size) - Y * _matrix(self.derivative(Z))
        around = _column([arb(0, width)] * self.size)
        K = (_column(z) - Y * _column(self.residual(z)) + spread * around).entries()
        inside = all(box.contains_interior(x) for box, x in zip(Z, K, strict=True))
        return self.box(K) if inside and self.is_equilibrium(K) else None

    def is_equilibrium(self, z: list[Arb]) -> bool:
        """Whether every zero in the box z has positive probabilities and no better action elsewhere."""
        p, v = self.split(z)
        if not all(p[i][k] > 0 for i, k in self.places):
            return False
        others = ((i, k) for i, n in enumerate(self.actions) for k in range(n) if (i, k) not in self.row)
        return all(self.value(p, i, k) < v[i] for i, k in others)

    def residual(self, z: list[Arb]) -> list[Arb]:
        p, v = self.split(z)
        return [
            *(self.value(p, i, k) - v[i] for i, k in self.places),
            *(sum((p[i][k] for k in own), arb(-1)) for i, own in enumerate(self.support)),
        ]

    def derivative(self, z: list[Arb]) -> list[list[Arb]]:
        p, _ = self.split(z)
        J = [[arb(0)] * self.size for _ in range(self.size)]
        for (i, k), r in self.row.items():
            J[r][len(self.places) + i] = arb(-1)
            J[len(self.places) + i][r] = arb(1)
            for play, u in self.plays:
                if play[i] != k or not all(place in self.row for place in enumerate(play)):
                    continue
                for j, action in enumerate(play):
                    if j != i:
                        rest = (p[o][b] for o, b in enumerate(play) if o not in (i, j))
                        J[r][self.row[j, action]] += prod(rest, start=arb(1)) * u[i]
        return J

    def value(self, p: list[dict[int, Arb]], i: int, k: int) -> Arb:
        """Return what action k earns agent i against the others' play."""
        total = arb(0)
        for play, u in self.plays:
            others = [(j, action) for j, action in enumerate(play) if j != i]
            if play[i] == k and all(place in self.row for place in others):
                total += prod((p[j][action] for j, action in others), start=arb(1)) * u[i]
        return total

    def split(self, z: list[Arb]) -> tuple[list[dict[int, Arb]], list[Arb]]:
        """Return the probabilities on the support and the values."""
        p: list[dict[int, Arb]] = [{} for _ in self.support]
        for (i, k), r in self.row.items():
            p[i][k] = z[r]
        return p, z[len(self.places) :]

    def box(self, z: list[Arb]) -> EquilibriumBox:
        nothing = (Fraction(0), Fraction(0))
        bounds = {
            (i, k): (rational(z[r].lower()), min(rational(z[r].upper()), Fraction(1)))
            for (i, k), r in self.row.items()
        }
        return EquilibriumBox(
            tuple(tuple(bounds.get((i, k), nothing) for k in range(n)) for i, n in enumerate(self.actions))
        )


def _matrix(rows: list[list[Arb]]) -> Any:  # noqa: ANN401 - flint has no types
    return arb_mat(rows)


def _column(entries: list[Arb]) -> Any:  # noqa: ANN401
    return arb_mat([[x] for x in entries])


def _identity(n: int) -> Any:  # noqa: ANN401
    return arb_mat([[int(r == c) for c in range(n)] for r in range(n)])
