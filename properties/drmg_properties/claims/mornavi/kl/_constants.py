"""Eq. (99)-(102): the constants of the KL bonus (A13, A14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from drmg_check.models import RobustMarkovGame, nominal_row, uniform_policy
from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict, difference
from drmg_oracles import best_response_exactly, enclose
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    Nothing,
    Undecidable,
    at_least,
    at_most,
    both,
    nothing_to_derive,
)
from drmg_properties.claims.steps import mean
from drmg_properties.formulas import vector

HALF = Fraction(1, 2)
SAME = "U = L where P is positive"


@dataclass(frozen=True, slots=True)
class TwoRows:
    """One step, one agent: action 0 pays 1 and moves by ``on``, action 1 pays 0 and moves by ``off``."""

    on: tuple[Fraction, ...]
    off: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if len(self.on) != len(self.off):
            raise InputError(f"on={vector(self.on)}, off={vector(self.off)}; expected equally many states")
        for row in (self.on, self.off):
            if min(row, default=Fraction(-1)) < 0 or sum(row) != 1:
                raise InputError(f"row={vector(row)}; expected probabilities of sum 1")


@dataclass(frozen=True, slots=True)
class OffPolicy:
    """The two rows with estimates ``U >= L >= 0`` of the next value, and a radius."""

    rows: TwoRows
    U: tuple[Fraction, ...]
    L: tuple[Fraction, ...]
    radius: Fraction

    def __post_init__(self) -> None:
        for values in (self.U, self.L):
            Row(KullbackLeibler(), self.rows.on, values, self.radius)
        if not all(u >= low >= 0 for u, low in zip(self.U, self.L, strict=True)):
            raise InputError(f"U={vector(self.U)}, L={vector(self.L)}; expected U >= L >= 0 in each state")


def game_of(rows: TwoRows) -> RobustMarkovGame:
    """Return the game of one step in which every state has the same two rows."""
    S = len(rows.on)
    return RobustMarkovGame(
        transition=np.array([[rows.on, rows.off]] * S, dtype=object),
        reward=np.array([[1, 0]] * S),
        radius=np.array(HALF, dtype=object),
        uncertainty=(KullbackLeibler(),),
        actions=(2,),
        horizon=1,
    )


def _least(row: tuple[Fraction, ...]) -> Fraction:
    return min(p for p in row if p)


def on_policy_minimum(rows: TwoRows) -> Fraction:
    """Return P*_min of (101): the smallest positive probability at the actions of an optimal policy."""
    game = game_of(rows)
    optimal = best_response_exactly(game, uniform_policy(game), 0).deviation
    places = np.ndindex(game.horizon, game.n_states)
    return min(_least(nominal_row(game.stages[h], s, int(optimal[h, s]))) for h, s in places)


def overall_minimum(rows: TwoRows) -> Fraction:
    """Return P*_min of Theorem 2: the smallest positive probability anywhere."""
    return min(_least(rows.on), _least(rows.off))


def least_probability(rows: TwoRows) -> Derivation:
    """Derive that P*_min of (101) is at most any positive probability, at any action."""
    return at_least(
        overall_minimum(rows),
        on_policy_minimum(rows),
        lambda: (
            "H = 1, one agent; action 0 pays 1 and action 1 nothing, so pi* plays action 0",
            f"P*(. | s, 0) = {vector(rows.on)}, P*(. | s, 1) = {vector(rows.off)}",
            "left: the smallest positive P*(s' | s, a); right: P*_min by (101), at the actions of pi*",
        ),
    )


def every_action(case: OffPolicy, least: Fraction) -> Derivation:
    """Derive ``sigma(U) - sigma(L) <= E[U - L] / least`` at both rows."""
    return both(*(_at_row(case, row, least) for row in (case.rows.on, case.rows.off)))


def _at_row(case: OffPolicy, row: tuple[Fraction, ...], least: Fraction) -> Derivation:
    upper, lower = (enclose(Row(KullbackLeibler(), row, V, case.radius)) for V in (case.U, case.L))
    expected = mean(row, case.U) - mean(row, case.L)
    return at_most(
        difference(Bounds(upper.lo, upper.hi), Bounds(lower.lo, lower.hi)) if expected else 0,
        expected / least,
        lambda: (
            f"P*(. | s, 0) = {vector(case.rows.on)}, P*(. | s, 1) = {vector(case.rows.off)}, P_min = {least}",
            f"U = {vector(case.U)}, L = {vector(case.L)}, rho = {case.radius}",
            f"sigma(U) - sigma(L) at {vector(row)}, against E[U - L] / P_min",
        ),
        silent="" if expected else SAME,
    )


def _rows(budget: Budget) -> Iterator[TwoRows]:
    """Yield pairs of rows over two states, by their denominators."""
    shares = [Fraction(n, d) for d in range(1, 3 + budget.size) for n in range(1, d + 1)]
    distinct = list(dict.fromkeys(shares))
    return (TwoRows((p, 1 - p), (q, 1 - q)) for p, q in product(distinct, repeat=2))


def _off_policies(budget: Budget) -> Iterator[OffPolicy]:
    zero, unit = Fraction(0), Fraction(1)
    estimates = (((unit, unit), (zero, unit)), ((HALF, unit), (zero, unit)), ((unit, unit), (zero, zero)))
    radii = (Fraction(1, 10), HALF, Fraction(1), Fraction(2))
    for rows, (U, L), radius in product(_rows(budget), estimates, radii):
        yield OffPolicy(rows, U, L, radius)


A13 = Claim(
    id="A13",
    place="Eq. (101)",
    title="The smallest probability at the actions of pi*",
    statement="P*(s' | s, a) >= P*_min for every action a, where P*_min of (101) looks at pi*(s) only.",
    latex=(
        r"P^*_h(s'|s,a) \ge P^*_{min} = \min_{(h,s)} \min_{s': P^*_h > 0} P^*_h(s'|s,\pi^*_h(s)) "
        r"\quad \forall a"
    ),
    formalisation=(
        "One agent, one step, pi* by exact recursion; the smallest positive P* over all actions is compared, "
        "so that zero entries do not count against the claim."
    ),
    assumptions=("s' in the support of P*(. | s, a)",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="A13.corrected",
    instance_type=TwoRows,
    search=Exhaustive(_rows),
    derive=least_probability,
)
A13_CORRECTED = Claim(
    id="A13.corrected",
    place="Theorem 2, definition of P*_min",
    title="The smallest probability over all actions serves every action",
    statement=(
        "With P*_min over all (h, s, a, s'), as in Theorem 2, sigma(U) - sigma(L) <= E[U - L] / P*_min at "
        "every action, on or off pi*."
    ),
    latex=r"\sigma_{P}[U] - \sigma_{P}[L] \le \frac{E_{P^*_h(s,a)}[U - L]}{P^*_{min}} \quad \forall (s,a)",
    formalisation="What P*_min is for, at both actions; certified worst cases.",
    assumptions=("Kullback-Leibler", "U >= L"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=OffPolicy,
    search=Exhaustive(_off_policies),
    derive=lambda case: every_action(case, overall_minimum(case.rows)),
    neighbours=(
        Neighbour("P*_min of (101)", lambda case: every_action(case, on_policy_minimum(case.rows))),
        Neighbour(
            "100/99 of P*_min",
            lambda case: every_action(case, Fraction(100, 99) * overall_minimum(case.rows)),
        ),
    ),
)
A14 = Claim(
    id="A14",
    place="Sections 4 and 5, eq. (102), (123), (138)-(175), Example 1",
    title="Labels and letters",
    statement=(
        "Theorem numbers 1 and 2 name two theorems each, sigma_i stands for rho_i in (102), L for iota in "
        "(123) and (138)-(175), and Example 1 sets A_i = M for the number of actions."
    ),
    latex=r"\text{Theorem 1}, \quad \sigma_i = \rho_i, \quad L = \iota, \quad A_i = M",
    formalisation="Names only: every reading that is consistent gives the same formulas.",
    severity="typo",
    expected=Verdict.NOT_CHECKABLE,
    instance_type=Nothing,
    search=Undecidable("names of theorems and letters carry no number that could be wrong"),
    derive=nothing_to_derive,
)

CLAIMS: tuple[Claim[Any], ...] = (A13, A13_CORRECTED, A14)
