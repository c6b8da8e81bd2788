"""Eq. (29)-(31): the recursion with the variance of the smallest radius does not bound the widths (B23).

In the game of :func:`~drmg_properties.claims.mornavi.total_variation._proxy.detour` the empirical
frequencies are the true ones. The width ``Qbar - Qlow`` at s0 is that of the planner; the recursion is
evaluated in balls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import arb

from drmg_check.models import backwards, nominal_row, uniform_policy
from drmg_check.vocabulary import InputError, Slack, Verdict, exact
from drmg_oracles import evaluate_exactly
from drmg_properties.bounds import Size, iota
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most
from drmg_properties.claims.mornavi.total_variation._proxy import Radii, detour
from drmg_properties.claims.steps import (
    BONUS_CONSTANTS,
    C1,
    C2_BONUS,
    bonus_constants,
    estimates_at,
    variance,
)
from drmg_properties.formulas import ball, enclose_formula

K = 10**30
IOTA = exact(float(iota(Size(5, (1, 1), 3, Fraction(0)), ball(K).log()).mid()))
"""That of K at S = 5, A = 1, H = 3 and delta = 1/20: about 112, as a float for planner and recursion."""
WIDTH = Fraction(1, 2**80)
Variance: TypeAlias = Callable[[Radii, int, int], Fraction]
"""The variance that (29) takes at (h, s)."""


@dataclass(frozen=True, slots=True)
class Visited:
    """The radii of two agents, and a number of visits of s0."""

    radii: Radii
    N: int

    def __post_init__(self) -> None:
        if self.N < 2 or self.N % 2 or self.N > 10**15:
            raise InputError(f"N={self.N}; expected an even number from 2 to 10^15")


def _visits(N: int) -> tuple[dict[int, int], ...]:
    """Return how often each state was visited at each step: both next states equally often."""
    half = N // 2
    return {0: N}, {1: half, 2: half}, {3: half, 4: half}


def _planned_width(case: Visited) -> Slack:
    """Return the larger width at s0 of the two agents, off by the rounding of the planner at most."""
    from drmg_check.learners import rounding

    game = detour((case.radii.first, case.radii.second))
    N = np.zeros((3, 5, 1, 5), dtype=np.int64)
    for h, visited in enumerate(_visits(case.N)):
        for s, count in visited.items():
            row = nominal_row(game.stages[h], s, 0)
            N[h, s, 0] = [int(count * p) for p in row]
    plan = estimates_at(game, N, replace(bonus_constants(K, IOTA, "per_N"), operator="drop"), "nash")
    width = exact(float((plan.Qbar - plan.Qlow)[:, 0, 0, 0].max()))
    off = exact(2 * rounding(game))
    return Slack(width - off, width + off)


def _values(radius: Fraction) -> Sequence[Sequence[Fraction]]:
    game = detour((radius,))
    found: list[list[Fraction]] = evaluate_exactly(game, uniform_policy(game)).lo[0].tolist()
    return found


def _smallest_radius(radii: Radii, h: int, s: int) -> Fraction:
    row = nominal_row(detour((radii.first,)).stages[h], s, 0)
    return variance(row, _values(min(radii.first, radii.second))[h + 1])


def _largest(radii: Radii, h: int, s: int) -> Fraction:
    row = nominal_row(detour((radii.first,)).stages[h], s, 0)
    return max(variance(row, _values(radius)[h + 1]) for radius in (radii.first, radii.second))


def _recursion(case: Visited, variance_at: Variance) -> Slack:
    """Return ``Qtilde(s0)`` of (29), with 4 / sqrt(K) in the place of sqrt(4 / K)."""
    game = detour((case.radii.first,))
    visits = _visits(case.N)
    spreads = {
        (h, s): C1 * IOTA * variance_at(case.radii, h, s) / n
        for h, each in enumerate(visits)
        for s, n in each.items()
    }

    def formula() -> arb:
        def width(h: int, following: dict[int, arb]) -> dict[int, arb]:
            here: dict[int, arb] = {}
            for s, n in visits[h].items():
                row = nominal_row(game.stages[h], s, 0)
                mean = sum((ball(p) * following[t] for t, p in enumerate(row) if p and following), ball(0))
                rest = ball(Fraction(4 * C2_BONUS * 9 * 5, n) * IOTA) + 4 / ball(K).sqrt()
                here[s] = ball(Fraction(23, 3)) * mean + 4 * ball(spreads[h, s]).sqrt() + rest
            return here

        nothing: dict[int, arb] = {}
        return backwards(range(3), width, nothing)[0][0]

    return enclose_formula(formula, WIDTH)


def _bounds_width(variance_at: Variance, name: str) -> Callable[[Visited], Derivation]:
    """State that the width is at most Qtilde with the variance given."""

    def derive(case: Visited) -> Derivation:
        width, bound = _planned_width(case), _recursion(case, variance_at)
        return at_most(
            width,
            bound,
            lambda: (
                "s0 leads to now (paid 1) and to later (then paid 1 a step after), 1/2 each; H = 3",
                f"radii {case.radii.first} and {case.radii.second}; s0 was visited N = {case.N} times, "
                "Phat = P*",
                f"{BONUS_CONSTANTS}, K = 10^30, delta = 1/20, iota = {float(IOTA)!r}",
                "operator without the min term",
                f"variance in (29): {name}, {variance_at(case.radii, 0, 0)} at s0",
                "left: max_i (Qbar - Qlow)(s0), from the planner, up to its rounding",
                "right: Qtilde(s0) by (29), in balls",
            ),
        )

    return derive


def _instances(budget: Budget) -> Iterator[Visited]:
    for exponent in range(2, 15, 3):
        for least in ("1", "1/2", "1/10", "1/100")[: 2 + budget.size]:
            yield Visited(Radii(Fraction(1), Fraction(least)), 2 * 10**exponent)


_LATEX = (
    r"\max_i \left( \overline{Q}^{k,\rho_i}_{i,h} - \underline{Q}^{k,\rho_i}_{i,h} \right) \le \tilde Q^k_h"
)


B23_WIDTH = Claim(
    id="B23.width",
    place="Eq. (31), with (29) and (30)",
    title="The recursion of the smallest radius against the widths of the planner",
    statement="Qtilde of (29), with the variance of V^{pi, rho_min}, bounds the width of every agent.",
    latex=_LATEX,
    formalisation=(
        "The family of B23 at frequencies that are the true probabilities; widths from the planner, "
        "whose operator has no min term as in the analysis, Qtilde in ball arithmetic, with 4 / sqrt(K) "
        "for sqrt(4 / K)."
    ),
    assumptions=("Assumption 1", "equal rewards", BONUS_CONSTANTS, "the bonus with / N"),
    reading="intended",
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="B23.width-corrected",
    instance_type=Visited,
    search=Exhaustive(_instances),
    derive=_bounds_width(_smallest_radius, "that of rho_min"),
)
B23_WIDTH_CORRECTED = Claim(
    id="B23.width-corrected",
    place="Eq. (31), with max_i Var[V_i^{pi, rho_i}] in (29)",
    title="The recursion of the largest variance against the widths of the planner",
    statement="Qtilde of (29), with the largest of the agents' variances, bounds every agent's width.",
    latex=_LATEX,
    formalisation="As B23.width.",
    assumptions=("Assumption 1", "equal rewards", BONUS_CONSTANTS, "the bonus with / N"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Visited,
    search=Exhaustive(_instances),
    derive=_bounds_width(_largest, "the largest of the agents'"),
    neighbours=(
        Neighbour("the variance of rho_min, as printed", _bounds_width(_smallest_radius, "that of rho_min")),
    ),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B23_WIDTH,
    B23_WIDTH_CORRECTED,
)
