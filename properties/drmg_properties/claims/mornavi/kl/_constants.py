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
from drmg_check.vocabulary import InputError, Slack, Verdict, within
from drmg_oracles import best_response_exactly, enclose
from drmg_properties.claim import Budget, Claim, Exhaustive, Nothing, Undecidable, nothing_to_derive, twins
from drmg_properties.claims.steps import mean
from drmg_properties.formulas import interval, vector

HALF = Fraction(1, 2)


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


def on_policy_minimum(game: RobustMarkovGame) -> Fraction:
    """Return P*_min of (101): the smallest positive probability at the actions of an optimal policy."""
    optimal = best_response_exactly(game, uniform_policy(game), 0).deviation
    places = np.ndindex(game.horizon, game.n_states)
    return min(_least(nominal_row(game.stages[h], s, int(optimal[h, s]))) for h, s in places)


def overall_minimum(game: RobustMarkovGame) -> Fraction:
    """Return P*_min of Theorem 2: the smallest positive probability anywhere."""
    places = np.ndindex(game.horizon, game.n_states, game.n_joint_actions)
    return min(_least(nominal_row(game.stages[h], s, a)) for h, s, a in places)


def _rows(budget: Budget) -> Iterator[TwoRows]:
    """Yield pairs of rows over two states, by their denominators."""
    shares = [Fraction(n, d) for d in range(1, 3 + budget.size) for n in range(1, d + 1)]
    distinct = list(dict.fromkeys(shares))
    return (TwoRows((p, 1 - p), (q, 1 - q)) for p, q in product(distinct, repeat=2))


def _a13_slack(rows: TwoRows) -> Slack:
    game = game_of(rows)
    return Slack.of(overall_minimum(game) - on_policy_minimum(game))


def _a13_explain(rows: TwoRows) -> tuple[str, ...]:
    game = game_of(rows)
    claimed, true = on_policy_minimum(game), overall_minimum(game)
    return (
        "H = 1, one agent; action 0 pays 1 and action 1 nothing, so pi* plays action 0",
        f"P*(. | s, 0) = {vector(rows.on)}, P*(. | s, 1) = {vector(rows.off)}",
        f"P*_min by (101), at the actions of pi*: {claimed}",
        f"smallest positive P*(s' | s, a): {true}",
        f"slack = {true} - {claimed} = {true - claimed}",
    )


def _off_policies(budget: Budget) -> Iterator[OffPolicy]:
    nought, one = Fraction(0), Fraction(1)
    estimates = (((one, one), (nought, one)), ((HALF, one), (nought, one)), ((one, one), (nought, nought)))
    radii = (Fraction(1, 10), HALF, Fraction(1), Fraction(2))
    for rows, (U, L), radius in product(_rows(budget), estimates, radii):
        yield OffPolicy(rows, U, L, radius)


def worst_drop(row: tuple[Fraction, ...], case: OffPolicy) -> Slack:
    """Return ``sigma(U) - sigma(L)`` at a row, enclosed."""
    upper, lower = (enclose(Row(KullbackLeibler(), row, V, case.radius)) for V in (case.U, case.L))
    return Slack(upper.lo - lower.hi, upper.hi - lower.lo)


def _allowed(row: tuple[Fraction, ...], case: OffPolicy, least: Fraction) -> Fraction:
    return (mean(row, case.U) - mean(row, case.L)) / least


def step_slack(case: OffPolicy, least: Fraction) -> Slack:
    """Return the least over both rows of ``E[U - L] / P_min - (sigma(U) - sigma(L))``, enclosed."""
    slacks = []
    for row in (case.rows.on, case.rows.off):
        drop, allowed = worst_drop(row, case), _allowed(row, case, least)
        slacks.append(Slack(allowed - drop.high, allowed - drop.low))
    return Slack(min(slack.low for slack in slacks), min(slack.high for slack in slacks))


def _step_slack(case: OffPolicy) -> Slack:
    return step_slack(case, overall_minimum(game_of(case.rows)))


def _step_explain(case: OffPolicy) -> tuple[str, ...]:
    least = overall_minimum(game_of(case.rows))
    lines = [
        f"at {vector(row)}: sigma(U) - sigma(L) {interval(worst_drop(row, case))}, "
        f"E[U - L] / P_min = {_allowed(row, case, least)}"
        for row in (case.rows.on, case.rows.off)
    ]
    return (
        f"P*(. | s, 0) = {vector(case.rows.on)}, P*(. | s, 1) = {vector(case.rows.off)}, P_min = {least}",
        f"U = {vector(case.U)}, L = {vector(case.L)}, rho = {case.radius}",
        *lines,
        f"slack {interval(_step_slack(case))}",
    )


def _next_values(budget: Budget) -> Iterator[Row]:
    """Yield rows with the values of the step after the last, which are 0, and then others."""
    p = (HALF, HALF)
    for V, radius in product(((0, 0), (0, 1), (1, 1)), (HALF, Fraction(1))):
        yield Row(KullbackLeibler(), p, tuple(map(Fraction, V)), radius)


def _a14_sides(row: Row) -> Slack:
    found = enclose(row)
    return Slack(found.lo, found.hi)


def _a14_slack(row: Row) -> Slack:
    return within(_a14_sides(row), Slack.of(row.radius))


def _a14_explain(row: Row) -> tuple[str, ...]:
    return (
        f"P = {vector(row.nominal)}, V_(h+1) = {vector(row.values)}, rho_i = {row.radius}",
        f"sigma_i, the worst-case expectation of V_(h+1): {interval(_a14_sides(row))}",
        "(102) divides by sigma_i, Theorem 2 by rho_i",
        f"slack = -|sigma_i - rho_i| {interval(_a14_slack(row))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A13",
        place="Eq. (101)",
        title="The smallest probability at the actions of pi*",
        statement="P*(s' | s, a) >= P*_min for every action a, where P*_min of (101) looks at pi*(s) only.",
        latex=(
            r"P^*_h(s'|s,a) \ge P^*_{min} = \min_{(h,s)} \min_{s': P^*_h > 0} P^*_h(s'|s,\pi^*_h(s)) "
            r"\quad \forall a"
        ),
        formalisation=(
            "One agent, one step, pi* by exact recursion. slack = (smallest positive P* over all actions) - "
            "(P*_min of (101)); zero entries are not counted against the claim."
        ),
        assumptions=("s' in the support of P*(. | s, a)",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="A13.corrected",
        instance_type=TwoRows,
        search=Exhaustive(_rows),
        derive=twins(_a13_slack, _a13_explain),
    ),
    Claim(
        id="A13.corrected",
        place="Theorem 2, definition of P*_min",
        title="The smallest probability over all actions serves every action",
        statement=(
            "With P*_min over all (h, s, a, s'), as in Theorem 2, sigma(U) - sigma(L) <= E[U - L] / P*_min "
            "at every action, on or off pi*."
        ),
        latex=(
            r"\sigma_{P}[U] - \sigma_{P}[L] \le \frac{E_{P^*_h(s,a)}[U - L]}{P^*_{min}} "
            r"\quad \forall (s,a)"
        ),
        formalisation=(
            "What P*_min is for, at both actions; slack = the least of right - left, enclosed. With P*_min "
            "of (101) it fails off pi*."
        ),
        assumptions=("Kullback-Leibler", "U >= L"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=OffPolicy,
        search=Exhaustive(_off_policies),
        derive=twins(_step_slack, _step_explain),
    ),
    Claim(
        id="A14",
        place="Eq. (102) against Theorem 2",
        title="The bonus is written with sigma_i",
        statement="(102) divides by sigma_i where Theorem 2 divides by rho_i, and means the same bonus.",
        latex=r"\frac{2 c_f H}{\sigma_i} = \frac{2 c_f H}{\rho_i}",
        formalisation=(
            "The only sigma of the paper is the worst-case expectation, here of V_{h+1}; at the last step it "
            "is 0. slack = -|sigma - rho|."
        ),
        assumptions=("sigma_i read as the paper's only sigma",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected=None,
        instance_type=Row,
        search=Exhaustive(_next_values),
        derive=twins(_a14_slack, _a14_explain),
    ),
    Claim(
        id="A14.labels",
        place="Sections 4 and 5, eq. (123), (138)-(175), Example 1",
        title="Labels and letters",
        statement=(
            "Theorem numbers 1 and 2 name two theorems each, L stands for iota in (123) and (138)-(175), and "
            "Example 1 sets A_i = M for the number of actions."
        ),
        latex=r"\text{Theorem 1}, \quad L = \iota, \quad A_i = M",
        formalisation="Names only: every reading that is consistent gives the same formulas.",
        assumptions=(),
        reading="literal",
        severity="typo",
        expected=Verdict.NOT_CHECKABLE,
        corrected=None,
        instance_type=Nothing,
        search=Undecidable("names of theorems and letters carry no number that could be wrong"),
        derive=nothing_to_derive,
    ),
)
