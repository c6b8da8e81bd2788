"""Appendix F: what the Kullback-Leibler proof does with ratios and exponentials (C2, C5, C6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, UnsupportedError, Verdict, difference, normalise
from drmg_oracles import enclose
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Lines,
    Neighbour,
    at_least,
    at_most,
    both,
)
from drmg_properties.claims.steps import mean
from drmg_properties.formulas import ball, enclose_closely, interval, sign, vector
from drmg_properties.strategies import fractions, simple_fractions, weighted_values

ETAS = tuple(Fraction(1, 2**k) for k in range(5))
"""Candidates for eta_low, the largest first."""
SAME = "U = L where P is positive"


@dataclass(frozen=True, slots=True)
class Change:
    """Two distributions with the support of the second inside that of the first, and a function f > 0."""

    nominal: tuple[Fraction, ...]
    empirical: tuple[Fraction, ...]
    f: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        for p in (self.nominal, self.empirical):
            Row(KullbackLeibler(), p, self.f, Fraction(0))
        if min(self.f) <= 0 or any(q and not p for p, q in zip(self.nominal, self.empirical, strict=True)):
            raise InputError(
                f"f={vector(self.f)}, Phat={vector(self.empirical)}; expected f > 0 and Phat << P"
            )


@dataclass(frozen=True, slots=True)
class KLEstimates:
    """Estimates ``H >= U >= L >= 0`` at a row of the KL set."""

    nominal: tuple[Fraction, ...]
    U: tuple[Fraction, ...]
    L: tuple[Fraction, ...]
    radius: Fraction
    H: int

    def __post_init__(self) -> None:
        for values in (self.U, self.L):
            Row(KullbackLeibler(), self.nominal, values, self.radius)
        if not all(self.H >= u >= low >= 0 for u, low in zip(self.U, self.L, strict=True)) or self.H > 50:
            raise InputError(
                f"U={vector(self.U)}, L={vector(self.L)}; expected 50 >= H={self.H} >= U >= L >= 0"
            )

    def row(self, values: tuple[Fraction, ...]) -> Row:
        """Return the row with these next values."""
        return Row(KullbackLeibler(), self.nominal, values, self.radius)


def ratios(case: Change, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``min Phat/P / factor <= E_Phat f / E_P f <= factor max Phat/P``, over the support of P."""
    shares = [q / p for p, q in zip(case.nominal, case.empirical, strict=True) if p]
    low, high = min(shares), max(shares)
    middle = mean(case.empirical, case.f) / mean(case.nominal, case.f)

    def lines() -> tuple[str, ...]:
        return (
            f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, f = {vector(case.f)}",
            f"min Phat/P = {low}, E_Phat f / E_P f = {middle}, max Phat/P = {high}; factor {factor}",
        )

    silent = "Phat = P" if low == high else ""
    return both(
        at_least(middle, low / factor, lines, silent=silent),
        at_most(middle, factor * high, lines, silent=silent),
    )


class Term(NamedTuple):
    """``B = sigma(U) - sigma(L)``, ``E_P[U - L]``, and lines that say how they come about."""

    B: Bounds
    expected: Fraction
    lines: Lines
    silent: str


def term_b(case: KLEstimates) -> Term:
    """Return the term B of eq. (110) and what it is compared with."""
    same = all(u == low for p, u, low in zip(case.nominal, case.U, case.L, strict=True) if p)
    if same:  # the same row for the adversary, whatever the arithmetic
        B = Bounds.of(0)
    else:
        upper, lower = (enclose(case.row(values)) for values in (case.U, case.L))
        B = difference(Bounds(upper.lo, upper.hi), Bounds(lower.lo, lower.hi))
    p = case.row(case.U).probabilities
    expected = mean(p, case.U) - mean(p, case.L)

    def lines() -> tuple[str, ...]:
        return (
            f"P = {vector(case.nominal)}, rho = {case.radius}, H = {case.H}",
            f"U = {vector(case.U)}, L = {vector(case.L)}",
            f"B = sigma(U) - sigma(L) = {interval(B)}; E_P[U - L] = {expected}",
        )

    return Term(B, expected, lines, SAME if same else "")


def _by_exponential(case: KLEstimates, exponent: Fraction, said: str) -> Derivation:
    """State ``B <= e^exponent E_P[U - L]``."""
    term = term_b(case)
    right = enclose_closely(lambda: ball(term.expected) * ball(exponent).exp())
    return at_most(term.B, right, lambda: (*term.lines(), said), silent=term.silent)


def by_exp_h(case: KLEstimates) -> Derivation:
    """Derive ``B <= e^H E_P[U - L]``."""
    return _by_exponential(case, Fraction(case.H), f"e^H E_P[U - L], H = {case.H}")


def by_eta_low(case: KLEstimates, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``B <= exp(factor H / eta_low) E_P[U - L]``."""
    eta = _eta_low(case)
    return _by_exponential(
        case,
        factor * case.H / eta,
        f"eta_low = {eta}: there the dual of sigma(U) still rises; exp({factor} H / eta_low) E_P[U - L]",
    )


def by_mass(case: KLEstimates, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``B <= factor E_P[U - L] / P_min``."""
    term, least = term_b(case), min(p for p in case.nominal if p)
    return at_most(
        term.B,
        factor * term.expected / least,
        lambda: (*term.lines(), f"{factor} E_P[U - L] / P_min, P_min = {least}"),
        silent=term.silent,
    )


def _divergence(row: Row, eta: Fraction) -> arb:
    """Return ``KL(q || P)`` of the tilted row ``q = P exp(-V / eta) / mass``, which falls in eta.

    The dual of the worst case, ``-eta log E exp(-V / eta) - eta rho``, has the slope ``KL(q || P) - rho``.
    """
    tilted = [(ball(p) * (-ball(v / eta)).exp(), v) for p, v in zip(row.nominal, row.values, strict=True)]
    mass = sum((w for w, _ in tilted), arb(0))
    return -mass.log() - sum((w * ball(v / eta) for w, v in tilted), arb(0)) / mass


def _eta_low(case: KLEstimates) -> Fraction:
    """Return the largest of ``ETAS`` that lies below the dual optimum at U.

    Raises
    ------
    UnsupportedError
        There is none; the bound would exceed e^(16 H).
    """
    row = case.row(case.U)

    def excess(eta: Fraction) -> arb:
        return _divergence(row, eta) - ball(case.radius)

    for eta in ETAS:
        if sign(partial(excess, eta)) > 0:
            return eta
    raise UnsupportedError("the dual optimum at U lies below 1/16; expected a larger one")


def _has_eta_low(case: KLEstimates) -> bool:
    try:
        _eta_low(case)
    except UnsupportedError:
        return False
    return True


@st.composite
def _changes(draw: DrawFn, budget: Budget) -> Change:
    p, f, tilts = draw(weighted_values(2 + budget.size, columns=2, high=2, min_states=2))
    weights = [w * t for w, t in zip(p, tilts, strict=True)]
    return Change(p, normalise(weights) if any(weights) else p, tuple(x + Fraction(1, 2) for x in f))


@st.composite
def _estimates(draw: DrawFn, budget: Budget, high: Fraction) -> KLEstimates:
    p, L, D = draw(weighted_values(1 + budget.size, columns=2, high=1, min_states=2))
    U = tuple(low + d for low, d in zip(L, D, strict=True))
    return KLEstimates(p, U, L, draw(fractions(Fraction(1, 8), high, 8)), 2)


@st.composite
def _rare_states(draw: DrawFn, high: Fraction) -> KLEstimates:
    """Draw rows of a rare state that is bad by L, and of another that is as good as can be."""
    n, up = 2 ** draw(st.integers(1, 8)), draw(fractions(Fraction(1, 8), 2, 8))
    p, radius = Fraction(1, n), draw(fractions(Fraction(1, 16), high, 16))
    return KLEstimates((p, 1 - p), (up, Fraction(2)), (Fraction(0), Fraction(2)), radius, 2)


def _with_eta_low(budget: Budget) -> SearchStrategy[KLEstimates]:
    high = Fraction(1, 4)
    return (_estimates(budget, high) | _rare_states(high)).filter(_has_eta_low)


def _any_radius(budget: Budget) -> SearchStrategy[KLEstimates]:
    return _estimates(budget, Fraction(2)) | _rare_states(Fraction(2))


def _two_points(budget: Budget) -> Iterator[KLEstimates]:
    """Yield rows of two states whose first one is bad by L and not by U, the simplest first."""
    radii = [x for x in simple_fractions(0, 2, 4) if x]
    for n, radius, up in product(range(2, 3 + 2 * budget.size), radii, (Fraction(1), Fraction(1, 2))):
        p = (Fraction(1, n), 1 - Fraction(1, n))
        yield KLEstimates(p, (up, Fraction(1)), (Fraction(0), Fraction(1)), radius, 1)


C2 = Claim(
    id="C2",
    place="In the place of Lemma 16",
    title="Ratios of expectations under two distributions",
    statement="min Phat/P <= E_Phat f / E_P f <= max Phat/P for every f > 0.",
    latex=r"\min \frac{\hat P}{P} \le \frac{E_{\hat P} f}{E_P f} \le \max \frac{\hat P}{P}",
    formalisation="Both inequalities exactly, over the support of P.",
    assumptions=("f > 0", "Phat << P"),
    reading="corrected",
    instance_type=Change,
    search=Generated(_changes),
    derive=ratios,
    neighbours=(Neighbour("9/10 of either end", lambda case: ratios(case, Fraction(9, 10))),),
)
C5 = Claim(
    id="C5",
    place="Eq. (110)",
    title="Term B with a dual bound of its own",
    statement="B = sigma(U) - sigma(L) <= exp(H / eta_low) E_P[U - L], eta_low below the optimum at U.",
    latex=r"\sigma(U) - \sigma(L) \le e^{H / \underline{\eta}} \, E_P[U - L]",
    formalisation=(
        "eta_low is the first of 1, 1/2, ..., 1/16 at which the dual of sigma(U) has a certified positive "
        "slope, so it depends on the problem; certified worst cases."
    ),
    assumptions=("0 <= L <= U <= H", "the dual optimum at U is above 1/16"),
    reading="intended",
    instance_type=KLEstimates,
    search=Generated(_with_eta_low),
    derive=by_eta_low,
    neighbours=(Neighbour("2/3 of the exponent", lambda case: by_eta_low(case, Fraction(2, 3))),),
)
C6 = Claim(
    id="C6",
    place="Eq. (110), as used for exp(2 H^2)",
    title="Term B with the factor exp(H)",
    statement="B = sigma(U) - sigma(L) <= e^H E_P[U - L], that is eta_low = 1.",
    latex=r"\sigma(U) - \sigma(L) \le e^H E_P[U - L]",
    formalisation="Certified worst cases on rows of two states, H = 1.",
    assumptions=("0 <= L <= U <= H",),
    severity="result step false",
    expected=Verdict.REFUTED,
    corrected="C6.corrected",
    instance_type=KLEstimates,
    search=Exhaustive(_two_points),
    derive=by_exp_h,
)
C6_CORRECTED = replace(
    C6,
    id="C6.corrected",
    place="Eq. (110)",
    title="Term B with the factor 1 / P_min",
    statement="B = sigma(U) - sigma(L) <= E_P[U - L] / P_min.",
    latex=r"\sigma(U) - \sigma(L) \le \frac{E_P[U - L]}{P_{min}}",
    formalisation="Certified worst cases.",
    assumptions=("0 <= L <= U", "P_min is the least positive probability"),
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(_any_radius),
    derive=by_mass,
    neighbours=(Neighbour("9/10 of 1 / P_min", lambda case: by_mass(case, Fraction(9, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C2, C5, C6, C6_CORRECTED)
