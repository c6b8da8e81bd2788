"""Lemmas 22-24 given their event: what E_KL is good for where it holds (C21), and bonuses of at least H (C4).

Write ``f(eta) = -eta log E exp(-V / eta) - eta rho`` for a row; the worst case is its supremum. f rises up to
its optimum and falls by at most rho from there on, so that the next point of the net is at most
``rho / (rho S sqrt K)`` below the supremum. Hence on the event the worst cases of P and Phat differ by at
most ``(H / rho) max |difference of logarithms| + 1 / (S sqrt K)``, for a net anywhere: the step of the net
is right, by another argument than that of claim C13.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import isqrt
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, Verdict, distance
from drmg_oracles import enclose
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_least, at_most
from drmg_properties.claims.mornavi.kl._pessimism import CF, ENOUGH
from drmg_properties.formulas import ball, enclose_closely, interval, root

S = 2
MAX_POINTS = 10**4


@dataclass(frozen=True, slots=True)
class OnNet:
    """A row of two states with V = (0, 1), H = 1, and what was seen of it; a square K.

    ``p`` and ``q`` are the true and the empirical probability of V = 0, which may not have been seen.
    """

    p: Fraction
    q: Fraction
    radius: Fraction
    K: int

    def __post_init__(self) -> None:
        if not (0 <= self.p < 1 and 0 <= self.q < 1 and self.radius > 0):
            raise InputError(f"{self}; expected 0 <= p, q < 1 and radius > 0")
        if self.K < 1 or isqrt(self.K) ** 2 != self.K or S * isqrt(self.K) > MAX_POINTS:
            raise InputError(f"K={self.K}; expected a square of at most {(MAX_POINTS // S) ** 2}")

    @property
    def net(self) -> tuple[Fraction, ...]:
        """The points ``j / (rho S sqrt K)`` of ``[0, H / rho]``, but for 0."""
        points = S * isqrt(self.K)
        return tuple(j / (self.radius * points) for j in range(1, points + 1))


@dataclass(frozen=True, slots=True)
class Few:
    """``N Phat_min / iota`` at a row, and the radius."""

    visits: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if self.visits <= 0 or self.radius <= 0:
            raise InputError(f"{self}; expected visits > 0 and radius > 0")


def _log_mean(bad: Fraction, eta: Fraction) -> arb:
    """Return ``log E exp(-V / eta)``."""
    if not bad:
        return -ball(1 / eta)
    return (ball(bad) + ball(1 - bad) * (-ball(1 / eta)).exp()).log()


def _apart(case: OnNet, eta: Fraction) -> arb:
    return abs(_log_mean(case.p, eta) - _log_mean(case.q, eta))


def deviation(case: OnNet, factor: Fraction = Fraction(1), cost: Fraction = Fraction(1)) -> Derivation:
    """Derive ``|sigma_Phat(V) - sigma_P(V)| <= factor (H / rho) D + cost / sqrt(K)``.

    D is the largest distance of logarithms on the net, the least that E_KL can allow if it holds.
    """
    worst = [
        enclose(Row(KullbackLeibler(), (bad, 1 - bad), (Fraction(0), Fraction(1)), case.radius))
        for bad in (case.p, case.q)
    ]
    apart = [enclose_closely(partial(_apart, case, eta)) for eta in case.net]
    D = Bounds(max(x.low for x in apart), max(x.high for x in apart))
    covering = cost / isqrt(case.K)
    right = Bounds(*(factor * end / case.radius + covering for end in (D.low, D.high)))
    true, seen = (Bounds(x.lo, x.hi) for x in worst)
    return at_most(
        distance(true, seen),
        right,
        lambda: (
            f"V = (0, 1), P(V = 0) = {case.p}, Phat(V = 0) = {case.q}, H = 1, rho = {case.radius}",
            f"sigma_P(V) {interval(true)}, sigma_Phat(V) {interval(seen)}",
            f"K = {case.K}; at the {len(case.net)} points of the net the logarithms differ by at most D, "
            f"{interval(D)}",
            f"left: |sigma_Phat(V) - sigma_P(V)|; right: {factor} D / rho + {cost} / sqrt(K)",
        ),
        silent="P = Phat" if case.p == case.q else "",
    )


def few_visits(case: Few, radius: Fraction = Fraction(5, 4)) -> Derivation:
    """Derive ``beta >= H``, in units of H, if ``N Phat_min < 12 iota`` and rho is at most that radius."""
    if case.visits >= ENOUGH or case.radius > radius:
        return at_least(1, 0, lambda: (str(case),), silent="many visits, or a large radius")
    square = (2 * CF / case.radius) ** 2 / case.visits
    return at_least(
        root(square),
        1,
        lambda: (
            f"N Phat_min = {case.visits} iota, rho = {case.radius}, c_f = {CF}",
            f"(beta / H)^2 >= (2 c_f / rho)^2 iota / (N Phat_min) = {square}",
        ),
    )


def _nets(budget: Budget) -> Iterator[OnNet]:
    """Yield coarse nets and fine ones; a radius a little below ``log 1000`` is steep for the rarest state."""
    chances = [Fraction(x) for x in ("1/1000", "1/10", "1/2", "9/10")]
    shares = [Fraction(x) for x in ("0", "1/2", "2")]
    radii = [Fraction(x) for x in ("1/4", "1", "4")]
    for K, radius, p, share in product((1, 4, 100)[: 1 + budget.size], radii, chances, shares):
        if p * share < 1:
            yield OnNet(p, p * share, radius, K)
    yield OnNet(Fraction(1, 10**4), Fraction(0), Fraction(4), 1)
    yield OnNet(Fraction(1, 1000), Fraction(1, 500), Fraction(6), 10**6)


def _few(budget: Budget) -> Iterator[Few]:
    radii = [Fraction(x) for x in ("1/10", "1", "5/4", "4/3")]
    return (Few(Fraction(visits, 100), radius) for visits, radius in product(range(99, 1200, 100), radii))


C21 = Claim(
    id="C21",
    place="Lemmas 22-24, given E_KL",
    title="What the event gives: the deviation of worst cases",
    statement=(
        "On E_KL, |sigma_Phat(V) - sigma_P(V)| <= (c1 H / rho) sqrt(iota / (N Phat_min)) + 1 / sqrt(K)."
    ),
    latex=(
        r"\max_{\eta} \left| \log \frac{E_{\hat P} e^{-V/\eta}}{E_P e^{-V/\eta}} \right| \le D \Rightarrow "
        r"\left| \sigma_{\hat P}(V) - \sigma_P(V) \right| \le \frac{H}{\rho} D + \frac{1}{\sqrt{K}}"
    ),
    formalisation=(
        "A finding beyond the table of claims. Two states, V = (0, 1), H = 1, certified worst cases; D is "
        "the largest distance of logarithms on the net of radius 1 / (rho S sqrt K), which is the least that "
        "the event can allow. The event must be about this V; the lemmas' own probability 1 - delta on top "
        "of it is not needed."
    ),
    assumptions=("E_KL", "KL"),
    expected=Verdict.ON_A_LIST,
    instance_type=OnNet,
    search=Exhaustive(_nets),
    derive=deviation,
    neighbours=(
        Neighbour("1/2 of c1", lambda case: deviation(case, factor=Fraction(1, 2))),
        Neighbour("2/5 of 1 / sqrt(K)", lambda case: deviation(case, cost=Fraction(2, 5))),
    ),
)
C4_MODERATE = Claim(
    id="C4.moderate",
    place="Lemmas 19-21, optimism, at moderate radii",
    title="Radii at which Qbar is H for itself at first",
    statement="If rho <= 5/4, c_f = 11/5 and N Phat_min < 12 iota, then beta >= H, so that Qbar is H.",
    latex=r"\rho \le \frac{5}{4}, \; N \hat P_{min} < 12 \iota \Rightarrow \beta \ge H",
    formalisation=(
        "In units of H and iota, without 1/sqrt(K): the first half of the repair of C4.corrected changes "
        "nothing there. Instances lie on both sides of the conditions."
    ),
    assumptions=("KL",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Few,
    search=Exhaustive(_few),
    derive=few_visits,
    neighbours=(Neighbour("rho <= 4/3", lambda case: few_visits(case, Fraction(4, 3))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C21, C4_MODERATE)
