"""Theorem 2: 1 / P_min in the place of e^H over H steps (C8), and the net of Lemmas 22-24 (C13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import isqrt
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_oracles import Enclosure, enclose
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most
from drmg_properties.formulas import ball, enclose_closely, interval

EVEN = "P = Phat: both sides are eta log 1"


@dataclass(frozen=True, slots=True)
class Ladder:
    """H steps: from each state of the ladder to the next with probability p, else to a safe state."""

    p: Fraction
    radius: Fraction
    H: int

    def __post_init__(self) -> None:
        if not 0 < self.p <= Fraction(1, 2) or self.radius <= 0 or not 1 <= self.H <= 10:
            raise InputError(
                f"p={self.p}, radius={self.radius}, H={self.H}; expected 0 < p <= 1/2, radius > 0 and 1 <= H "
                "<= 10"
            )


@dataclass(frozen=True, slots=True)
class Near:
    """A row of two states with V = (0, 1), what was seen of it, and a point eta that the net covers.

    ``p`` and ``q`` are the true and the empirical probability of V = 0, ``K`` is a square.
    """

    p: Fraction
    q: Fraction
    radius: Fraction
    K: int
    eta: Fraction

    def __post_init__(self) -> None:
        if not (0 < self.p < 1 and 0 < self.q < 1 and self.radius > 0 and self.eta > 0):
            raise InputError(f"{self}; expected 0 < p, q < 1, radius > 0 and eta > 0")
        if self.K < 1 or isqrt(self.K) ** 2 != self.K:
            raise InputError(f"K={self.K}; expected a square")
        if self.eta + self.step > 1 / self.radius:
            raise InputError(f"eta={self.eta}; expected eta + 1 / (rho S sqrt K) <= H / rho, H = 1, S = 2")

    @property
    def step(self) -> Fraction:
        """``1 / (rho S sqrt K)`` with S = 2."""
        return 1 / (self.radius * 2 * isqrt(self.K))


def _rungs(case: Ladder) -> Iterator[tuple[Enclosure, Enclosure]]:
    """Yield the worst cases at a lower and at an upper bound on what follows, from the end of the ladder."""
    low = high = Fraction(0)
    for _ in range(case.H):
        below, above = (
            enclose(Row(KullbackLeibler(), (case.p, 1 - case.p), (value, Fraction(1)), case.radius))
            for value in (low, high)
        )
        yield below, above
        low, high = below.lo, above.hi


def _width(case: Ladder) -> Bounds:
    """Return ``U_1 - L_1`` where U = 1 everywhere and L = 0 at the end of the ladder, 1 in the safe state."""
    *_, (below, above) = _rungs(case)
    return Bounds(1 - above.hi, 1 - below.lo)


def one_factor(case: Ladder) -> Derivation:
    """Derive ``U_1 - L_1 <= E[U_{H+1} - L_{H+1}] / P_min``."""
    return _ladder(case, 1 / case.p, "1 / P_min")


def compounded(case: Ladder, factor: Fraction = Fraction(1), spared: int = 0) -> Derivation:
    """Derive ``U_1 - L_1 <= factor P_min^-(H - spared) E[U_{H+1} - L_{H+1}]``."""
    power = case.H - spared
    return _ladder(case, factor / case.p**power, f"{factor} P_min^-{power}")


def _ladder(case: Ladder, times: Fraction, said: str) -> Derivation:
    expected = case.p**case.H
    return at_most(
        _width(case),
        times * expected,
        lambda: (
            f"H = {case.H}, P_min = p = {case.p}, rho = {case.radius}; U = 1, L = 0 after the ladder, else 1",
            f"the ladder is climbed with nominal probability p^H = {expected} = E[U - L]",
            f"U_1 - L_1, by H worst cases, against {said} times E[U - L]",
        ),
    )


def _ladders(budget: Budget) -> Iterator[Ladder]:
    """Yield adversaries that take the ladder for certain (radius > -log p), and weaker ones."""
    for H, n in product(range(1, 3 + budget.size), range(2, 3 + budget.size)):
        for radius in (Fraction(n), Fraction(1, 2), Fraction(1, 8)):
            yield Ladder(Fraction(1, n), radius, H)


def _objective(case: Near, eta: Fraction) -> arb:
    """Return ``eta |log(E_Phat e^(-V/eta) / E_P e^(-V/eta))|``."""
    rest = (-1 / ball(eta)).exp()
    seen, true = (ball(x) + ball(1 - x) * rest for x in (case.q, case.p))
    return ball(eta) * abs((seen / true).log())


def net_costs(case: Near) -> Derivation:
    """Derive that a step of the net changes the deviation by at most ``1 / sqrt(K)``."""
    there = case.eta + case.step
    moved = enclose_closely(lambda: abs(_objective(case, there) - _objective(case, case.eta)))

    def lines() -> tuple[str, ...]:
        ends = (enclose_closely(partial(_objective, case, eta)) for eta in (case.eta, there))
        before, after = map(interval, ends)
        return (
            f"V = (0, 1), P(V = 0) = {case.p}, Phat(V = 0) = {case.q}, S = 2, H = 1, rho = {case.radius}",
            f"K = {case.K}: the net has radius 1 / (rho S sqrt K) = {case.step}",
            f"at eta = {case.eta} eta |log ratio| {before}",
            f"at eta = {there} it is {after}; their difference against 1 / sqrt(K)",
        )

    return at_most(moved, Fraction(1, isqrt(case.K)), lines)


def ratio_bounds(case: Near, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``eta |log ratio| <= factor eta max |log(Phat / P)|``."""

    def allowed() -> arb:
        first, second = (abs(ball(x).log()) for x in (case.q / case.p, (1 - case.q) / (1 - case.p)))
        return ball(factor * case.eta) * first.max(second)

    def lines() -> tuple[str, ...]:
        return (
            f"V = (0, 1), P(V = 0) = {case.p}, Phat(V = 0) = {case.q}, eta = {case.eta}",
            f"eta |log ratio| against {factor} eta max |log Phat / P|",
        )

    if case.p == case.q:
        return at_most(0, 0, lines, silent=EVEN)
    return at_most(enclose_closely(lambda: _objective(case, case.eta)), enclose_closely(allowed), lines)


def _nears(budget: Budget) -> Iterator[Near]:
    chances = [Fraction(x) for x in ("1/2", "9/10", "1/10", "1/100")]
    radii = [Fraction(1, 10**k) for k in range(1 + budget.size + 1)]
    for radius, K, p, q in product(radii, (100, 10**6), chances, chances):
        step = 1 / (radius * 2 * isqrt(K))
        for eta in (step, 3 * step, Fraction(1, 2), Fraction(1, 2) / radius):
            yield Near(p, q, radius, K, eta)


def _far(budget: Budget) -> Iterator[Near]:
    """Yield the instances whose eta is not so small that e^(-1/eta) drowns."""
    return (case for case in _nears(budget) if case.eta >= Fraction(1, 8))


C8 = Claim(
    id="C8",
    place="Section 5.2, caption of Table 1",
    title="1 / P_min in the place of e^H",
    statement="e^H can be replaced by 1 / P_min: e^(H^2) by P_min^-H, under the root P_min^(-2 H).",
    latex=(
        r"\bar V_1 - \underline{V}_1 \le "
        r"P_{min}^{-H} E_{P^*}\left[\bar V_{H+1} - \underline{V}_{H+1}\right]"
    ),
    formalisation=(
        "One factor for each step. Estimates that differ after H steps only, so that the factor of (114) "
        "compounds: two next states each step, certified worst cases; both sides are equal where the "
        "adversary takes the ladder for certain. A single factor for all steps, which nobody should read "
        "into the sentence, is a false neighbour. One step alone is claim C6.corrected."
    ),
    assumptions=("no bonus", "0 <= L <= U <= 1"),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Ladder,
    search=Exhaustive(_ladders),
    derive=compounded,
    neighbours=(
        Neighbour("99/100 of P_min^-H", lambda case: compounded(case, Fraction(99, 100))),
        Neighbour("one step without a factor", lambda case: compounded(case, spared=1)),
        Neighbour("one factor for all steps", one_factor),
    ),
)
C13 = Claim(
    id="C13",
    place="Lemmas 22-24, the covering argument",
    title="What a net of radius 1 / (rho S sqrt K) costs",
    statement="Moving eta by 1 / (rho_min S sqrt K) changes the deviation by at most 1 / sqrt(K).",
    latex=(
        r"|\eta - \eta'| \le \frac{1}{\rho_{min} S \sqrt{K}} \Rightarrow "
        r"\left| \eta \left|\log \frac{E_{\hat P} e^{-V/\eta}}{E_P e^{-V/\eta}}\right| "
        r"- \eta' \left|\log \frac{E_{\hat P} e^{-V/\eta'}}{E_P e^{-V/\eta'}}\right| \right| "
        r"\le \frac{1}{\sqrt{K}}"
    ),
    formalisation="Two states, V = (0, 1), H = 1, rational rows; logarithms are enclosed.",
    assumptions=("KL", "every next state was seen"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="C13.corrected",
    instance_type=Near,
    search=Exhaustive(_nears),
    derive=net_costs,
)
C13_CORRECTED = replace(
    C13,
    id="C13.corrected",
    place="Lemmas 22-24, without a net",
    title="The ratio of probabilities bounds the deviation at every eta",
    statement="At every eta the deviation is at most eta max |log(Phat / P)|: no net is needed.",
    latex=(
        r"\eta \left|\log \frac{E_{\hat P} e^{-V/\eta}}{E_P e^{-V/\eta}}\right| "
        r"\le \eta \max_s \left|\log \frac{\hat P(s)}{P(s)}\right|"
    ),
    formalisation="As C13.",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    search=Exhaustive(_far),
    derive=ratio_bounds,
    neighbours=(Neighbour("99/100 of the ratio", lambda case: ratio_bounds(case, Fraction(99, 100))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C8, C13, C13_CORRECTED)
