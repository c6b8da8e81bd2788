r"""Lemmas 16, 17 and 19 where their event holds, and for which V it has to hold (C1, C21).

E_KL bounds distances of logarithms, ``D = max over the net of |log E_Phat e^(-V/eta) - log E_P e^(-V/eta)|``,
for a V that (103) does not name. The claims ask for the D of each V that is used, the least that the event
can allow; then worst cases differ by at most ``(H / rho) D + 1 / sqrt(K)`` (claim C21), and Lemma 19 follows
backwards step by step. Where the event holds for another V only, nothing follows.
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
from drmg_check.vocabulary import Bounds, InputError, Verdict, difference
from drmg_oracles import enclose
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_most,
    both,
)
from drmg_properties.formulas import ball, enclose_closely, interval, vector

S = 2
MAX_POINTS = 10**3
EVEN = "P = Phat"


@dataclass(frozen=True, slots=True)
class Estimated:
    """A row of two states, what was seen of it, estimates ``0 <= L <= U <= 1``, the radius, a square K."""

    p: Fraction
    q: Fraction
    U: tuple[Fraction, Fraction]
    L: tuple[Fraction, Fraction]
    radius: Fraction
    K: int

    def __post_init__(self) -> None:
        if not (0 < self.p < 1 and 0 < self.q < 1 and self.radius > 0):
            raise InputError(f"{self}; expected 0 < p, q < 1 and radius > 0")
        if not all(0 <= low <= high <= 1 for low, high in zip(self.L, self.U, strict=True)):
            raise InputError(f"U={self.U}, L={self.L}; expected 0 <= L <= U <= 1")
        check_square(self.K)


@dataclass(frozen=True, slots=True)
class Climbed:
    """A ladder of H steps, kept with probability p, so often as q in the data; the radius, a square K."""

    p: Fraction
    q: Fraction
    radius: Fraction
    H: int
    K: int

    def __post_init__(self) -> None:
        if not (0 < self.p < 1 and 0 < self.q < 1 and self.radius > 0 and 1 <= self.H <= 6):
            raise InputError(f"{self}; expected 0 < p, q < 1, radius > 0 and 1 <= H <= 6")
        check_square(self.K)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rows P and Phat of three states, V of which the event holds, U of which it is used; c, rho, K."""

    P: tuple[Fraction, Fraction, Fraction]
    Phat: tuple[Fraction, Fraction, Fraction]
    V: tuple[Fraction, Fraction, Fraction]
    U: tuple[Fraction, Fraction, Fraction]
    radius: Fraction
    c: Fraction
    K: int

    def __post_init__(self) -> None:
        if not sum(self.P) == sum(self.Phat) == 1 or min(self.P + self.Phat) <= 0:
            raise InputError(f"P={self.P}, Phat={self.Phat}; expected positive rows")
        if not all(0 <= v <= u <= 1 for v, u in zip(self.V, self.U, strict=True)):
            raise InputError(f"V={self.V}, U={self.U}; expected 0 <= V <= U <= 1")
        if self.radius <= 0 or self.c <= 0:
            raise InputError(f"{self}; expected radius, c > 0")
        check_square(self.K)


def check_square(K: int) -> None:
    """Refuse a K that is no square of an affordable net.

    >>> check_square(100)
    """
    if K < 1 or isqrt(K) ** 2 != K or S * isqrt(K) > MAX_POINTS:
        raise InputError(f"K={K}; expected a square of at most {(MAX_POINTS // S) ** 2}")


def worst(bad: Fraction, low: Fraction, high: Fraction, radius: Fraction) -> Bounds:
    """Enclose the worst case of the values ``(low, high)``, the first with probability ``bad``.

    >>> worst(Fraction(1, 2), Fraction(0), Fraction(1), Fraction(10)).high < 1e-6
    True
    """
    if low == high:
        return Bounds.of(low)
    enclosed = enclose(Row(KullbackLeibler(), (bad, 1 - bad), (low, high), radius))
    return Bounds(enclosed.lo, enclosed.hi)


def _log_mean(row: tuple[Fraction, ...], V: tuple[Fraction, ...], eta: Fraction) -> arb:
    """Return ``log E exp(-V / eta)``."""
    total = ball(0)
    for weight, v in zip(row, V, strict=True):
        total += ball(weight) * (-ball(v / eta)).exp()
    return total.log()


def apart(
    P: tuple[Fraction, ...], Phat: tuple[Fraction, ...], V: tuple[Fraction, ...], largest: Fraction, K: int
) -> Bounds:
    """Return D, the largest distance of logarithms on the net of ``[0, largest]``, but for 0."""
    points = S * isqrt(K)

    def at(eta: Fraction) -> arb:
        return abs(_log_mean(Phat, V, eta) - _log_mean(P, V, eta))

    distances = [enclose_closely(partial(at, largest * j / points)) for j in range(1, points + 1)]
    return Bounds(max(x.low for x in distances), max(x.high for x in distances))


def _sum(*terms: Bounds) -> Bounds:
    return Bounds(sum((x.low for x in terms), Fraction(0)), sum((x.high for x in terms), Fraction(0)))


def _times(factor: Fraction, number: Bounds) -> Bounds:
    return Bounds(factor * number.low, factor * number.high)


def term_A(case: Estimated, factor: Fraction = Fraction(2), cost: Fraction = Fraction(2)) -> Derivation:
    """State ``A <= factor (H / rho) D + cost / sqrt(K)`` at H = 1, D the larger of those of U and L."""
    there, here = ((bad, 1 - bad) for bad in (case.p, case.q))
    both_D = [apart(there, here, V, 1 / case.radius, case.K) for V in (case.U, case.L)]
    D = Bounds(max(x.low for x in both_D), max(x.high for x in both_D))
    upper = difference(worst(case.q, *case.U, case.radius), worst(case.p, *case.U, case.radius))
    lower = difference(worst(case.p, *case.L, case.radius), worst(case.q, *case.L, case.radius))
    covering = Bounds.of(cost / isqrt(case.K))
    return at_most(
        Bounds(upper.low + lower.low, upper.high + lower.high),
        _sum(_times(factor / case.radius, D), covering),
        lambda: (
            f"P = {vector(there)}, Phat = {vector(here)}, U = {vector(case.U)}, L = {vector(case.L)}, "
            f"rho = {case.radius}, H = 1",
            f"sigma_Phat(U) - sigma_P(U): {interval(upper)}; sigma_P(L) - sigma_Phat(L): {interval(lower)}",
            f"K = {case.K}; on the net the logarithms differ by at most D, {interval(D)}",
            f"left: A, the sum; right: {factor} D / rho + {cost} / sqrt(K)",
        ),
        silent=EVEN if case.p == case.q else "",
    )


def sandwich(case: Climbed, share: Fraction = Fraction(1)) -> Derivation:
    """State ``L_1 <= V_1 <= U_1`` on the ladder, with the share of ``(H / rho) D + 1 / sqrt(K)`` as bonus."""
    there, here = (case.p, 1 - case.p), (case.q, 1 - case.q)
    V = U = L = Bounds.of(0)
    lines = []
    for left in range(case.H):
        safe = Fraction(left)
        # V lies between its bounds; D is that of the lower one, up to what the bounds are apart.
        D = apart(there, here, (V.low, safe), case.H / case.radius, case.K)
        bonus = _times(share, _sum(_times(case.H / case.radius, D), Bounds.of(Fraction(1, isqrt(case.K)))))
        U = _between(case.q, U, safe, case.radius)
        U = Bounds(min(U.low + bonus.low, Fraction(case.H)), min(U.high + bonus.high, Fraction(case.H)))
        L = _between(case.q, L, safe, case.radius)
        L = Bounds(max(L.low - bonus.high, Fraction(0)), max(L.high - bonus.low, Fraction(0)))
        V = _between(case.p, V, safe, case.radius)
        shown = f"L {interval(L)}, V {interval(V)}, U {interval(U)}"
        lines.append(f"step {case.H - left}: bonus {interval(bonus)}; {shown}")

    def derived() -> tuple[str, ...]:
        return (
            f"a state is kept with p = {case.p}, in the data {case.q}; else a state comes that pays 1 a step",
            f"H = {case.H}, rho = {case.radius}, K = {case.K}",
            *lines,
        )

    silent = EVEN if case.p == case.q else ""
    return both(at_most(V, U, derived, silent=silent), at_most(L, V, derived, silent=silent))


def _between(bad: Fraction, value: Bounds, safe: Fraction, radius: Fraction) -> Bounds:
    """Return the worst case of a value that is known between bounds, beside the safe one."""
    return Bounds(worst(bad, value.low, safe, radius).low, worst(bad, value.high, safe, radius).high)


def used_elsewhere(case: Elsewhere) -> Derivation:
    """State ``|sigma_Phat(U) - sigma_P(U)| <= c (H / rho) D + 1 / sqrt(K)``, D that of V."""
    D = apart(case.P, case.Phat, case.V, 1 / case.radius, case.K)
    enclosed = [enclose(Row(KullbackLeibler(), row, case.U, case.radius)) for row in (case.Phat, case.P)]
    seen, true = (Bounds(x.lo, x.hi) for x in enclosed)
    gap = difference(seen, true)
    return at_most(
        Bounds(max(gap.low, -gap.high, Fraction(0)), max(abs(gap.low), abs(gap.high))),
        _sum(_times(case.c / case.radius, D), Bounds.of(Fraction(1, isqrt(case.K)))),
        lambda: (
            f"P = {vector(case.P)}, Phat = {vector(case.Phat)}; the event for V = {vector(case.V)}: "
            f"D {interval(D)}",
            f"used for U = {vector(case.U)}: sigma_Phat(U) {interval(seen)}, sigma_P(U) {interval(true)}",
            f"rho = {case.radius}, H = 1, K = {case.K}; right: {case.c} D / rho + 1 / sqrt(K)",
        ),
    )


def _estimates(budget: Budget) -> Iterator[Estimated]:
    """Yield estimates that move together and against each other."""
    nothing, half, whole = Fraction(0), Fraction(1, 2), Fraction(1)
    pairs = (
        ((whole, whole), (nothing, whole)),
        ((whole, half), (nothing, half)),
        ((half, whole), (nothing, half)),
        ((whole, whole), (whole, nothing)),
    )
    chances = [Fraction(x) for x in ("1/1000", "1/10", "1/2", "9/10")]
    radii = [Fraction(x) for x in ("1/100", "1/2", "4")]
    shares = [Fraction(x) for x in ("1/2", "19/18")]
    for K, (U, L), radius, p, share in product((1, 100)[: budget.size], pairs, radii, chances, shares):
        yield Estimated(p, p * share, U, L, radius, K)
    # A radius a little below log 1000 is steep for the rare state: the bound is within a factor of 4.
    yield Estimated(Fraction(1, 1000), Fraction(1, 500), *pairs[0], Fraction(6), 10**4)


def _climbed(budget: Budget) -> Iterator[Climbed]:
    chances = [Fraction(x) for x in ("1/100", "1/2", "9/10")]
    radii, shares = [Fraction(x) for x in ("1/2", "4")], [Fraction(x) for x in ("9/10", "21/20")]
    for K, H, radius, p, share in product((4, 2500), range(2, 3 + budget.size), radii, chances, shares):
        yield Climbed(p, p * share, radius, H, K)


def _unseen_by(c: Fraction) -> Elsewhere:
    """Return a row whose data are wrong between states of equal value V only: D = 0."""
    third, nothing, whole = Fraction(1, 3), Fraction(0), Fraction(1)
    data = (Fraction(1, 6), Fraction(1, 2), third)
    V, U = (nothing, nothing, whole), (nothing, whole, whole)
    return Elsewhere((third,) * 3, data, V, U, Fraction(1, 2), c, 10**4)


C1_WHICH = Claim(
    id="C1.which",
    place="Eq. (103), and its use in Lemmas 17 and 22-24",
    title="The event for one V, used for another",
    statement=(
        "E_KL for one V bounds |sigma_Phat(U) - sigma_P(U)| by c (H / rho) sqrt(iota / (N Phat_min)) + "
        "1 / sqrt(K) for the estimates U, too."
    ),
    latex=(
        r"\max_\eta \left| \log \frac{E_{\hat P} e^{-V/\eta}}{E_P e^{-V/\eta}} \right| \le D \Rightarrow "
        r"|\sigma_{\hat P}(U) - \sigma_P(U)| \le \frac{c H}{\rho} D + \frac{1}{\sqrt K}"
    ),
    formalisation=(
        "(103) does not say which V it means; Lemmas 22-24 use it for V^dagger, V^pi and both estimates. "
        "Three states, Phat wrong only between two of equal V, so that D = 0: whatever c. What serves all of "
        "them is a bound on the ratios of probabilities."
    ),
    assumptions=("one V <= U is meant",),
    reading="intended",
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="C1.corrected",
    instance_type=Elsewhere,
    search=EveryConstant(_unseen_by),
    derive=used_elsewhere,
)
C21_WIDTHS = Claim(
    id="C21.widths",
    place="Lemma 17, eq. (127)-(129), (106)-(109), given E_KL",
    title="What the event gives: term A",
    statement="On E_KL for U and L, A <= 2 (c1 H / rho) sqrt(iota / (N Phat_min)) + 2 / sqrt(K).",
    latex=(
        r"\sigma_{\hat P}(U) - \sigma_P(U) + \sigma_P(L) - \sigma_{\hat P}(L) \le "
        r"\frac{2 H}{\rho} D + \frac{2}{\sqrt K}"
    ),
    formalisation=(
        "Lemma 17 but for its sqrt(2/K) (claim C10). Two states, H = 1, certified worst cases; D is the "
        "larger of the distances of logarithms for U and for L on the net, the least that the event can "
        "allow."
    ),
    assumptions=("E_KL for both estimates", "0 <= L <= U <= H"),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Estimated,
    search=Exhaustive(_estimates),
    derive=term_A,
    neighbours=(
        Neighbour("c1 / 4 for c1, 1/10 for 2", lambda case: term_A(case, Fraction(1, 2), Fraction(1, 10))),
    ),
)
C21_SANDWICH = Claim(
    id="C21.sandwich",
    place="Lemma 19, eq. (135)-(147), given E_KL",
    title="What the event gives: the sandwich",
    statement="On E_KL for V, with the bonus (H / rho) D + 1 / sqrt(K), Vlow <= V <= Vbar at every step.",
    latex=r"\underline{V}_h \le V_h \le \overline{V}_h, \quad \beta_h = H D_h / \rho + 1 / \sqrt K",
    formalisation=(
        "One agent, one action; a ladder of up to four steps whose data are off at every step, certified "
        "recursions, D_h the least that the event for V_{h+1} can allow. Lemma 19 is true where its event "
        "holds, which with rare states it does not (claims C1, C3)."
    ),
    assumptions=("E_KL for the value of the policy",),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Climbed,
    search=Exhaustive(_climbed),
    derive=sandwich,
    neighbours=(Neighbour("1/5 of the bonus", lambda case: sandwich(case, Fraction(1, 5))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C1_WHICH, C21_WIDTHS, C21_SANDWICH)
