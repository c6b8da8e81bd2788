"""Appendix F: what the Kullback-Leibler proof does with ratios and exponentials (C2, C5, C6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import InputError, Slack, UnsupportedError, Verdict, normalise
from drmg_oracles import enclose
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.model._kl_dual import rises
from drmg_properties.claims.steps import mean
from drmg_properties.formulas import ball, enclose_formula, interval, vector
from drmg_properties.strategies import fractions, simple_fractions, weighted_values

WIDTH = Fraction(1, 2**80)


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


@st.composite
def _changes(draw: DrawFn, budget: Budget) -> Change:
    p, f = draw(weighted_values(2 + budget.size, high=2))
    shifted = tuple(x + Fraction(1, 2) for x in f)
    tilts = draw(st.lists(st.integers(0, 3), min_size=len(p), max_size=len(p)))
    weights = [w * t for w, t in zip(p, tilts, strict=True)]
    return Change(p, normalise(weights) if any(weights) else p, shifted)


def _ratio_parts(case: Change) -> tuple[Fraction, Fraction, Fraction]:
    ratios = [q / p for p, q in zip(case.nominal, case.empirical, strict=True) if p]
    return min(ratios), mean(case.empirical, case.f) / mean(case.nominal, case.f), max(ratios)


def _ratio_slack(case: Change) -> Slack:
    low, middle, high = _ratio_parts(case)
    return Slack.of(min(middle - low, high - middle))


def _ratio_explain(case: Change) -> tuple[str, ...]:
    low, middle, high = _ratio_parts(case)
    return (
        f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, f = {vector(case.f)}",
        f"min Phat/P = {low}, E_Phat f / E_P f = {middle}, max Phat/P = {high}",
        f"slack = {min(middle - low, high - middle)}",
    )


def _difference(case: KLEstimates) -> tuple[Slack, Fraction]:
    """Return ``B = sigma(U) - sigma(L)``, enclosed, and ``E_P[U - L]``."""
    if all(u == low for p, u, low in zip(case.nominal, case.U, case.L, strict=True) if p):
        return Slack.of(0), Fraction(0)  # the same row for the adversary, whatever the arithmetic
    upper, lower = (enclose(_row(case, values)) for values in (case.U, case.L))
    p = _row(case, case.U).probabilities
    return Slack(upper.lo - lower.hi, upper.hi - lower.lo), mean(p, case.U) - mean(p, case.L)


def _row(case: KLEstimates, values: tuple[Fraction, ...]) -> Row:
    return Row(KullbackLeibler(), case.nominal, values, case.radius)


def _times_exp(expected: Fraction, exponent: Fraction) -> Slack:
    def formula() -> arb:
        return ball(expected) * ball(exponent).exp()

    return enclose_formula(formula, WIDTH)


def _minus(allowed: Slack, found: Slack) -> Slack:
    return Slack(allowed.low - found.high, allowed.high - found.low)


def _lines(case: KLEstimates) -> tuple[str, ...]:
    found, expected = _difference(case)
    return (
        f"P = {vector(case.nominal)}, rho = {case.radius}, H = {case.H}",
        f"U = {vector(case.U)}, L = {vector(case.L)}",
        f"B = sigma(U) - sigma(L) = {interval(found)}",
        f"E_P[U - L] = {expected}",
    )


def _exp_slack(case: KLEstimates) -> Slack:
    found, expected = _difference(case)
    return _minus(_times_exp(expected, Fraction(case.H)), found)


def _exp_explain(case: KLEstimates) -> tuple[str, ...]:
    _, expected = _difference(case)
    allowed = _times_exp(expected, Fraction(case.H))
    return (
        *_lines(case),
        f"e^H E_P[U - L] = {interval(allowed)}",
        f"slack = {interval(_exp_slack(case))}",
    )


def _two_points(budget: Budget) -> Iterator[KLEstimates]:
    """Yield rows of two states whose first one is bad by L and not by U, the simplest first."""
    radii = [x for x in simple_fractions(0, 2, 4) if x]
    for n, radius, up in product(range(2, 3 + 2 * budget.size), radii, (Fraction(1), Fraction(1, 2))):
        p = (Fraction(1, n), 1 - Fraction(1, n))
        yield KLEstimates(p, (up, Fraction(1)), (Fraction(0), Fraction(1)), radius, 1)


def _least_mass(case: KLEstimates) -> Fraction:
    return min(p for p in case.nominal if p)


def _mass_slack(case: KLEstimates) -> Slack:
    found, expected = _difference(case)
    return _minus(Slack.of(expected / _least_mass(case)), found)


def _mass_explain(case: KLEstimates) -> tuple[str, ...]:
    _, expected = _difference(case)
    return (
        *_lines(case),
        f"E_P[U - L] / P_min = {expected / _least_mass(case)}",
        f"slack = {interval(_mass_slack(case))}",
    )


@st.composite
def _estimates(draw: DrawFn, budget: Budget, high: Fraction) -> KLEstimates:
    p, L, D = draw(weighted_values(1 + budget.size, columns=2, high=1, min_states=2))
    U = tuple(low + d for low, d in zip(L, D, strict=True))
    return KLEstimates(p, U, L, draw(fractions(Fraction(1, 8), high, 8)), 2)


def _eta_low(case: KLEstimates) -> Fraction:
    """Return the largest of 1, 1/2, ..., 1/16 that lies below the dual optimum at U.

    Raises
    ------
    UnsupportedError
        There is none; the bound would exceed e^(16 H).
    """
    row = _row(case, case.U)
    for eta in (Fraction(1, 2**k) for k in range(5)):
        if rises(row, eta):
            return eta
    raise UnsupportedError("the dual optimum at U lies below 1/16; expected a larger one")


def _has_eta_low(case: KLEstimates) -> bool:
    try:
        _eta_low(case)
    except UnsupportedError:
        return False
    return True


def _with_eta_low(budget: Budget) -> SearchStrategy[KLEstimates]:
    return _estimates(budget, Fraction(1, 4)).filter(_has_eta_low)


def _any_radius(budget: Budget) -> SearchStrategy[KLEstimates]:
    return _estimates(budget, Fraction(2))


def _problem_exp_slack(case: KLEstimates) -> Slack:
    found, expected = _difference(case)
    return _minus(_times_exp(expected, case.H / _eta_low(case)), found)


def _problem_exp_explain(case: KLEstimates) -> tuple[str, ...]:
    eta, (_, expected) = _eta_low(case), _difference(case)
    return (
        *_lines(case),
        f"eta_low = {eta}: there the dual of sigma(U) still rises",
        f"exp(H / eta_low) E_P[U - L] = {interval(_times_exp(expected, case.H / eta))}",
        f"slack = {interval(_problem_exp_slack(case))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C2",
        place="In the place of Lemma 16",
        title="Ratios of expectations under two distributions",
        statement="min Phat/P <= E_Phat f / E_P f <= max Phat/P for every f > 0.",
        latex=r"\min \frac{\hat P}{P} \le \frac{E_{\hat P} f}{E_P f} \le \max \frac{\hat P}{P}",
        formalisation="Exact, over the support of P; slack = the smaller of the two differences.",
        assumptions=("f > 0", "Phat << P"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Change,
        search=Generated(_changes),
        derive=twins(_ratio_slack, _ratio_explain),
    ),
    Claim(
        id="C5",
        place="Eq. (110)",
        title="Term B with a dual bound of its own",
        statement="B = sigma(U) - sigma(L) <= exp(H / eta_low) E_P[U - L], eta_low below the optimum at U.",
        latex=r"\sigma(U) - \sigma(L) \le e^{H / \underline{\eta}} \, E_P[U - L]",
        formalisation=(
            "eta_low is the first of 1, 1/2, ..., 1/16 at which the dual of sigma(U) has a certified "
            "positive slope, so it depends on the problem; slack = right - left, enclosed."
        ),
        assumptions=("0 <= L <= U <= H", "the dual optimum at U is above 1/16"),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=KLEstimates,
        search=Generated(_with_eta_low),
        derive=twins(_problem_exp_slack, _problem_exp_explain),
    ),
    Claim(
        id="C6",
        place="Eq. (110), as used for exp(2 H^2)",
        title="Term B with the factor exp(H)",
        statement="B = sigma(U) - sigma(L) <= e^H E_P[U - L], that is eta_low = 1.",
        latex=r"\sigma(U) - \sigma(L) \le e^H E_P[U - L]",
        formalisation="Certified worst cases on rows of two states, H = 1; slack = right - left, enclosed.",
        assumptions=("0 <= L <= U <= H",),
        reading="literal",
        severity="result step false",
        expected=Verdict.REFUTED,
        corrected="C6.corrected",
        instance_type=KLEstimates,
        search=Exhaustive(_two_points),
        derive=twins(_exp_slack, _exp_explain),
    ),
    Claim(
        id="C6.corrected",
        place="Eq. (110)",
        title="Term B with the factor 1 / P_min",
        statement="B = sigma(U) - sigma(L) <= E_P[U - L] / P_min.",
        latex=r"\sigma(U) - \sigma(L) \le \frac{E_P[U - L]}{P_{min}}",
        formalisation="Certified worst cases; slack = right - left, enclosed.",
        assumptions=("0 <= L <= U", "P_min is the least positive probability"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=KLEstimates,
        search=Generated(_any_radius),
        derive=twins(_mass_slack, _mass_explain),
    ),
)
