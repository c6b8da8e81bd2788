r"""CCE and CE of largest objective as exact vertices, each with a dual solution that proves it optimal.

A distribution x is a CCE (CE) iff ``G x <= 0``, a row of G for each deviation. With an objective c, by
default the welfare ``sum_i u_i``, linear programming duality reads

    max { c.x : G x <= 0, sum x = 1, x >= 0 }  =  min { v : v + (y G)(a) >= c(a) for all a, y >= 0 }.

The right-hand side is what is solved: with ``v = max c - z`` it starts feasible at ``z = 0, y = 0``, and z
is never negative at an optimum. Its multipliers are x. Bland's rule in rationals ends, and never errs.

**The proof** takes two lines and no trust in the above. If x is feasible and ``v + (y G)(a) >= c(a)`` with
``y >= 0``, then every feasible x' has ``c.x' <= v + y (G x') <= v``; so x with ``c.x = v`` is optimal.
:func:`proves_optimum` checks just that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq

from drmg_check.vocabulary import InputError, exact_tuple
from drmg_check.words import Concept
from drmg_oracles.stage_games._stage_games import Payoffs, deviation_gains, exact_payoffs


@dataclass(frozen=True, slots=True)
class CorrelatedOptimum:
    """A vertex of the CCE or CE polytope, and why no point of it has a larger objective.

    Attributes
    ----------
    x : tuple of Fraction, length A
        The distribution over joint actions.
    multipliers : tuple of Fraction
        y >= 0, one for each deviation, in the order of
        :func:`drmg_oracles.stage_games._stage_games.deviation_gains`, agent after agent.
    value : Fraction
        v, the largest objective.

    Examples
    --------
    >>> CorrelatedOptimum((Fraction(1),), (), Fraction(3)).value
    Fraction(3, 1)
    """

    x: tuple[Fraction, ...]
    multipliers: tuple[Fraction, ...]
    value: Fraction


def correlated_optimum(
    payoffs: Iterable[Iterable[object]],
    actions: Sequence[int],
    concept: Concept,
    objective: Iterable[object] | None = None,
) -> CorrelatedOptimum:
    """Return a CCE or CE of a stage game with the largest objective.

    Parameters
    ----------
    payoffs : array [m, A]
        Of any numbers that :func:`drmg_check.vocabulary.exact` reads, joint actions in C order.
    actions : sequence of int, length m
    concept : "cce" or "ce"
    objective : sequence of length A, optional
        By default the welfare.

    Raises
    ------
    InputError
        Payoffs of another shape, an entry that is no number, or another concept.

    Notes
    -----
    A vertex has no more positive entries than tight deviations plus one. Milliseconds for 2 x 2, a second for
    4 x 4 x 4. Which of several optimal vertices is returned depends on the numbering.

    Examples
    --------
    >>> chicken = [[6, 2, 7, 0], [6, 7, 2, 0]]
    >>> optimum = correlated_optimum(chicken, (2, 2), "ce")
    >>> optimum.value, optimum.x
    (Fraction(21, 2), (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4), Fraction(0, 1)))
    """
    if concept not in ("cce", "ce"):
        raise InputError(f"concept={concept!r}; expected 'cce' or 'ce'; lemke_howson returns an exact NE")
    U = exact_payoffs(payoffs, actions)
    G = [row for rows in deviation_gains(U, actions, concept) for row in rows]
    c = _objective(U, objective)
    top = max(c)
    T = [
        [fmpq(1), *(-_fmpq(row[a]) for row in G), _fmpq(top - weight)]  # z - (y G)(a) <= top - c(a)
        for a, weight in enumerate(c)
    ]
    T.append([fmpq(-1), *(fmpq(0) for _ in G), fmpq(0)])
    rows, columns = _maximise(T)
    n = 1 + len(G)
    variables = {v: T[r][-1] for r, v in enumerate(rows)}
    slacks = {v: T[-1][k] for k, v in enumerate(columns)}
    x = [_fraction(slacks.get(n + a, fmpq(0))) for a in range(len(c))]
    total = sum(x, Fraction(0))  # more than 1 where z = 0 and the pivots ended on a multiple of x
    return CorrelatedOptimum(
        tuple(weight / total for weight in x),
        tuple(_fraction(variables.get(1 + r, fmpq(0))) for r in range(len(G))),
        top - _fraction(T[-1][-1]),
    )


def proves_optimum(
    payoffs: Iterable[Iterable[object]],
    actions: Sequence[int],
    concept: Concept,
    optimum: CorrelatedOptimum,
    objective: Iterable[object] | None = None,
) -> bool:
    """Whether x is an equilibrium, and the multipliers prove that none has a larger objective.

    >>> prisoners = [[3, 0, 5, 1], [3, 5, 0, 1]]
    >>> optimum = correlated_optimum(prisoners, (2, 2), "cce")
    >>> proves_optimum(prisoners, (2, 2), "cce", optimum)
    True
    """
    U = exact_payoffs(payoffs, actions)
    G = [row for rows in deviation_gains(U, actions, concept) for row in rows]
    c, x, y, v = _objective(U, objective), optimum.x, optimum.multipliers, optimum.value
    equilibrium = min(x) >= 0 and sum(x) == 1 and all(_dot(row, x) <= 0 for row in G)
    bound = all(v + sum(y[r] * G[r][a] for r in range(len(G))) >= c[a] for a in range(len(c)))
    return equilibrium and bound and min(y) >= 0 and _dot(c, x) == v


def _maximise(T: list[list[Any]]) -> tuple[list[int], list[int]]:
    """Run the simplex method on ``max c.z, B z <= b, z >= 0`` with ``b >= 0``; return basic and nonbasic.

    ``T = [B, b; -c, 0]`` is changed in place: its last column ends with the values of the basic variables and
    its last row with the multipliers. Variables are numbered before slacks.
    """
    n = len(T[0]) - 1
    nonbasic, basic = list(range(n)), list(range(n, n + len(T) - 1))
    while candidates := [k for k in range(n) if T[-1][k] < 0]:
        c = min(candidates, key=nonbasic.__getitem__)
        r = min(
            (r for r in range(len(basic)) if T[r][c] > 0),
            key=lambda r: (T[r][-1] / T[r][c], basic[r]),
        )
        pivot = T[r][c]
        row = [entry / pivot for entry in T[r]]
        for other, entries in enumerate(T):
            factor = entries[c]
            if other != r and factor != 0:
                T[other] = [e - factor * q for e, q in zip(entries, row, strict=True)]
                T[other][c] = -factor / pivot
        row[c] = 1 / pivot
        T[r] = row
        basic[r], nonbasic[c] = nonbasic[c], basic[r]
    return basic, nonbasic


def _objective(U: Payoffs, objective: Iterable[object] | None) -> tuple[Fraction, ...]:
    if objective is not None:
        return exact_tuple(objective, "objective")
    return tuple(sum(column, Fraction(0)) for column in zip(*U, strict=True))


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(left, right, strict=True)), Fraction(0))


def _fmpq(x: Fraction) -> Any:  # noqa: ANN401 - flint has no types
    return fmpq(x.numerator, x.denominator)


def _fraction(x: Any) -> Fraction:  # noqa: ANN401
    return Fraction(int(x.p), int(x.q))
