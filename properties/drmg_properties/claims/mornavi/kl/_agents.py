"""Eq. (105)-(117): the widths of all agents below one recursion, that of the smallest radius (C22).

One action, two radii. A state of the ladder is kept with probability p, else a safe state comes, which pays
1/2 a step. Estimates follow (5) and (6) with the true kernel, so that A = 0, and bonuses b / rho_i; at the
last step the ladder has a larger bonus, as it is seldom seen. The recursion (114) has the factor 1 / P_min of
C6.corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_oracles import enclose
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most, both
from drmg_properties.formulas import interval

PAID = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Agents:
    """The radii of two agents, the chance p to stay on the ladder, H steps, both bonuses times rho."""

    first: Fraction
    second: Fraction
    p: Fraction
    H: int
    bonus: Fraction
    last: Fraction

    def __post_init__(self) -> None:
        if min(self.first, self.second) <= 0 or not 0 < self.p <= Fraction(1, 2) or not 1 <= self.H <= 8:
            raise InputError(f"{self}; expected radii > 0, 0 < p <= 1/2 and 1 <= H <= 8")
        if not 0 <= self.bonus <= self.last:
            raise InputError(f"bonus={self.bonus}, last={self.last}; expected 0 <= bonus <= last")


def _worst(case: Agents, radius: Fraction, ladder: Fraction, safe: Fraction) -> Bounds:
    enclosed = enclose(Row(KullbackLeibler(), (case.p, 1 - case.p), (ladder, safe), radius))
    return Bounds(enclosed.lo, enclosed.hi)


def _widths(case: Agents, radius: Fraction) -> Iterator[Bounds]:
    """Yield ``U_h - L_h`` on the ladder from the last step on, by (5), (6) and (8)."""
    high: tuple[Bounds, Fraction] = (Bounds.of(0), Fraction(0))
    low = high
    for left in range(case.H):
        more = case.bonus / radius
        on = more if left else case.last / radius
        U = _shifted(_between(case, radius, high), on, Fraction(case.H))
        L = _shifted(_between(case, radius, low), -on, Fraction(case.H))
        high = (U, min(PAID + high[1] + more, Fraction(case.H)))
        low = (L, max(PAID + low[1] - more, Fraction(0)))
        yield Bounds(U.low - L.high, U.high - L.low)


def _between(case: Agents, radius: Fraction, values: tuple[Bounds, Fraction]) -> Bounds:
    ladder, safe = values
    return Bounds(_worst(case, radius, ladder.low, safe).low, _worst(case, radius, ladder.high, safe).high)


def _shifted(number: Bounds, by: Fraction, most: Fraction) -> Bounds:
    low, high = (min(max(end + by, Fraction(0)), most) for end in (number.low, number.high))
    return Bounds(low, high)


def _recursion(case: Agents, radius: Fraction, factor: Fraction) -> Iterator[Fraction]:
    """Yield (114)-(115) on the ladder from the last step on: the factor times the mean, and four bonuses."""
    ladder = safe = Fraction(0)
    for left in range(case.H):
        more = 4 * case.bonus / radius
        on = more if left else 4 * case.last / radius
        ladder = factor * (case.p * ladder + (1 - case.p) * safe) + on
        safe = factor * safe + more
        yield ladder


def widths(case: Agents, largest: bool = False, share: Fraction = Fraction(1)) -> Derivation:
    """State (116)-(117) at every step of the ladder, with ``share / P_min``, and the smallest radius."""
    radius = max(case.first, case.second) if largest else min(case.first, case.second)
    bounds = list(_recursion(case, radius, share / case.p))
    parts = []
    for own in (case.first, case.second):
        for left, (width, bound) in enumerate(zip(_widths(case, own), bounds, strict=True)):
            step = case.H - left

            def lines(own: Fraction = own, step: int = step, width: Bounds = width) -> tuple[str, ...]:
                return (
                    f"H = {case.H}, p = P_min = {case.p}, radii {case.first}, {case.second}; safe: pays 1/2",
                    f"bonuses {case.bonus} / rho_i, at the last step on the ladder {case.last} / rho_i",
                    f"step {step}, agent of radius {own}: U - L {interval(width)}",
                    f"right: Vtilde_{step} of radius {radius}, with the factor {share / case.p}",
                )

            parts.append(at_most(width, bound, lines))
    return both(*parts)


def _agents(budget: Budget) -> Iterator[Agents]:
    radii = [Fraction(x) for x in ("1/2", "4")]
    chances = [Fraction(x) for x in ("1/2", "1/10")]
    for H, first, second, p in product(range(1, 3 + budget.size), radii, radii, chances):
        for bonus, last in (("0", "1/100"), ("1/100", "1/10"), ("1/10", "10")):
            yield Agents(first, second, p, H, Fraction(bonus), Fraction(last))


C22_AGENTS = Claim(
    id="C22.agents",
    place="Eq. (105), (111), (113)-(117)",
    title="The recursion of the smallest radius above the widths of all agents, KL",
    statement="At every step max_i (U_i - L_i) <= Vtilde of the smallest radius, with the factor 1 / P_min.",
    latex=r"\max_i (\overline V_{i,h} - \underline V_{i,h})(s) \le \tilde V^{\rho_{min}}_h(s)",
    formalisation=(
        "Unlike its twin for total variation (claims B23, B23.width) the bonus falls with the radius, and "
        "nothing else of the recursion depends on it. Two agents with one action, a ladder of up to four "
        "steps, certified recursions, the true kernel for Phat."
    ),
    assumptions=("A <= 2 beta",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Agents,
    search=Exhaustive(_agents),
    derive=widths,
    neighbours=(
        Neighbour("the largest radius", lambda case: widths(case, largest=True)),
        Neighbour("1/3 of 1 / P_min", lambda case: widths(case, share=Fraction(1, 3))),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (C22_AGENTS,)
