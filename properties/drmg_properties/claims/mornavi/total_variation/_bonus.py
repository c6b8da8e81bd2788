"""Appendix E: the bonus (19) and the recursion of its estimates, eq. (25)-(37) (B6, B8, B9, B28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
)
from drmg_properties.claims.steps import Count, Estimates, covering, episodes, mean, sdrop
from drmg_properties.formulas import ball, enclose_closely, interval, root, vector
from drmg_properties.strategies import fractions, weighted_values

MAX_VISITS = 10**18
LONG = tuple(10**k for k in range(2, 7))
"""Horizons at which (1 + 20/H)^H is ever closer to e^20: within 2e-4 of it at the last."""


@dataclass(frozen=True, slots=True)
class Visits:
    """N visits, and the ratio c2' / c2 of the constant in Lemma 7 to that of the bonus."""

    N: int
    ratio: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.N <= MAX_VISITS or self.ratio <= 0:
            raise InputError(f"N={self.N}, ratio={self.ratio}; expected 1 <= N <= {MAX_VISITS}, ratio > 0")


def _rate(case: Visits) -> Derivation:
    """State ``1 / sqrt(N) <= ratio / N``, both in units of ``c2 H^2 S iota``."""
    return at_most(
        root(Fraction(1, case.N)),
        case.ratio / case.N,
        lambda: (
            f"N = {case.N}, c2' = {case.ratio} c2; last step h = H, where V_(h+1) = 0",
            "bonus (19) less 1 / sqrt(K): c2 H^2 S iota / sqrt(N); Lemma 7 allows c2' H^2 S iota / N",
            "in units of c2 H^2 S iota: left = 1 / sqrt(N), right = (c2' / c2) / N",
        ),
    )


def _many_visits(c: Fraction) -> Visits:
    """Return so many visits that the bonus is a hundred times what the constant c allows."""
    return Visits(int((100 * c) ** 2), c)


@st.composite
def _estimates(draw: DrawFn, budget: Budget) -> Estimates:
    """Draw ``U >= L`` at a row; with the radius 0, B is as large as it can be."""
    p, L, D = draw(weighted_values(1 + budget.size, columns=2, high=1, min_states=2))
    U = tuple(low + d for low, d in zip(L, D, strict=True))
    return Estimates(p, U, L, draw(fractions(0, 1, 4)))


def _hinge_gap(case: Estimates, sign: int) -> tuple[Fraction, Fraction]:
    """Return the sup over eta of ``sign (E(eta - U)+ - E(eta - L)+)`` and its eta, found at the breaks."""

    def difference(eta: Fraction) -> Fraction:
        upper, lower = ([max(eta - v, Fraction(0)) for v in values] for values in (case.U, case.L))
        return sign * (mean(case.nominal, upper) - mean(case.nominal, lower))

    return max((difference(eta), eta) for eta in {Fraction(0), *case.U, *case.L})


def _hinge_parts(case: Estimates, sign: int, share: Fraction) -> Derivation:
    """State ``B <= share sup``, the supremum with the sign given."""
    gap, eta = _hinge_gap(case, sign)
    upper, lower = (sdrop(case.nominal, values, case.radius) for values in (case.U, case.L))
    name = "E(eta - U)+ - E(eta - L)+" if sign > 0 else "E(eta - L)+ - E(eta - U)+"
    return at_most(
        upper - lower,
        share * gap,
        lambda: (
            f"P* = {vector(case.nominal)}, U = {vector(case.U)}, L = {vector(case.L)}, rho = {case.radius}",
            f"B = sdrop(U) - sdrop(L) = {upper} - {lower} = {upper - lower}",
            f"sup over eta of {name} = {gap}, at eta = {eta}",
        ),
    )


def _hinge_turned(case: Estimates, share: Fraction = Fraction(1), last: Fraction = Fraction(1)) -> Derivation:
    """State ``B <= share sup`` with the sign turned, and ``sup <= last E[U - L]``."""
    first = _hinge_parts(case, -1, share)
    gap, eta = _hinge_gap(case, -1)
    width = mean(case.nominal, case.U) - mean(case.nominal, case.L)
    return both(
        first,
        at_most(gap, last * width, lambda: (*first.lines(), f"at eta = {eta}; E[U - L] = {width}")),
    )


def _growth(case: Count, share: Fraction = Fraction(1)) -> Derivation:
    """State ``(1 + 20/H)^H <= share e^20``."""
    growth = enclose_closely(lambda: ((1 + ball(Fraction(20, case.n))).log() * case.n).exp())
    return at_most(
        growth,
        enclose_closely(lambda: ball(share) * ball(20).exp()),
        lambda: (
            f"H = {case.n}: (1 + 20/H)^H {interval(growth)}",
            "the sequence grows toward e^20 = 485165195.4...: an absolute constant, but it multiplies the "
            "regret",
        ),
    )


def _horizons(budget: Budget) -> Iterator[Count]:
    return map(Count, (*range(1, 20 * budget.size), *LONG))


B6 = Claim(
    id="B6",
    place="Eq. (19) against Lemmas 6, 7, 11 and eq. (27)",
    title="The rate of the last bonus term",
    statement="The bonus (19), with c2 H^2 S iota / sqrt(N), keeps Lemma 7's bound c2' H^2 S iota / N.",
    latex=r"\frac{c_2 H^2 S \iota}{\sqrt{N}} \le \frac{c_2' H^2 S \iota}{N}",
    formalisation=(
        "At the last step all other terms of both sides vanish or agree. For each ratio c of the two "
        "constants the witness has N = (100 c)^2 visits, where the bonus is a hundred times what is allowed."
    ),
    assumptions=("h = H", "c2, c2' absolute constants"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B20.corrected",
    instance_type=Visits,
    search=EveryConstant(_many_visits),
    derive=_rate,
)
B8 = Claim(
    id="B8",
    place="Eq. (27), (29), (112), (114)",
    title="The covering term of four bonuses",
    statement="4 beta contributes sqrt(4 / K).",
    latex=r"4 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{4}{K}}",
    formalisation="K is a square, so that all is rational.",
    assumptions=("K >= 1",),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B8.corrected",
    instance_type=Count,
    search=Exhaustive(episodes),
    derive=covering(4, 4),
)
B8_CORRECTED = replace(
    B8,
    id="B8.corrected",
    title="The covering term of four bonuses, corrected",
    statement="4 beta contributes sqrt(16 / K).",
    latex=r"4 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{16}{K}}",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=covering(4, 16),
    neighbours=(Neighbour("15 for 16", covering(4, 15)),),
)
B9 = Claim(
    id="B9",
    place="After eq. (25)",
    title="The sign in the bound on term B",
    statement="B = sigma(U) - sigma(L) <= sup over eta of E(eta - U)+ - E(eta - L)+.",
    latex=r"B \le \sup_{\eta \in [0,H]} \left\{ E_{P^*}[\eta - U]_+ - E_{P^*}[\eta - L]_+ \right\}",
    formalisation="sigma is the dual with its min term dropped, as in the paper here.",
    assumptions=("U >= L >= 0",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="B9.corrected",
    instance_type=Estimates,
    search=Generated(_estimates),
    derive=lambda case: _hinge_parts(case, 1, Fraction(1)),
)
B9_CORRECTED = replace(
    B9,
    id="B9.corrected",
    title="The bound on term B with the sign turned",
    statement="B <= sup over eta of E(eta - L)+ - E(eta - U)+ <= E[U - L].",
    latex=(
        r"B \le \sup_{\eta \in [0,H]} \left\{ E_{P^*}[\eta - L]_+ - E_{P^*}[\eta - U]_+ \right\} "
        r"\le E_{P^*}[U - L]"
    ),
    formalisation="Both inequalities; the one that is closer to being false is shown.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    derive=_hinge_turned,
    neighbours=(
        Neighbour("9/10 of the supremum", lambda case: _hinge_turned(case, share=Fraction(9, 10))),
        Neighbour("9/10 of E[U - L]", lambda case: _hinge_turned(case, last=Fraction(9, 10))),
    ),
)
B28 = Claim(
    id="B28",
    place="Eq. (37)",
    title="The factor of the recursion",
    statement="(1 + 20/H)^H is bounded by an absolute constant.",
    latex=r"\left(1 + \frac{20}{H}\right)^H \le e^{20}",
    formalisation="The least constant is e^20, about 4.85e8, approached as H grows.",
    assumptions=("H >= 1",),
    severity="constant",
    expected=Verdict.ON_A_LIST,
    instance_type=Count,
    search=Exhaustive(_horizons),
    derive=_growth,
    neighbours=(Neighbour("999/1000 of e^20", lambda case: _growth(case, Fraction(999, 1000))),),
)
CLAIMS: tuple[Claim[Any], ...] = (B6, B8, B8_CORRECTED, B9, B9_CORRECTED, B28)
