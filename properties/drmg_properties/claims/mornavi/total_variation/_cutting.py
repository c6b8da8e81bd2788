"""Lemma 11, term (i), eq. (86)-(87): cutting values at a level, and a net of levels (B14)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, Slack, Verdict, normalise
from drmg_properties.claim import Budget, Claim, Generated, twins
from drmg_properties.claims.steps import mean, variance
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions, weighted_values

MAX_ROOT = 8


@dataclass(frozen=True, slots=True)
class Cut:
    """Values X at one nominal row, and a cap a."""

    nominal: tuple[Fraction, ...]
    X: tuple[Fraction, ...]
    a: Fraction

    def __post_init__(self) -> None:
        Row(TotalVariation(), self.nominal, self.X, Fraction(0))
        if normalise(self.nominal) != self.nominal:
            raise InputError(f"nominal={vector(self.nominal)}; expected a distribution")


@dataclass(frozen=True, slots=True)
class Netted:
    """A nominal and an empirical row with values X, a level, its neighbour in a net, and the root of K."""

    nominal: tuple[Fraction, ...]
    empirical: tuple[Fraction, ...]
    X: tuple[Fraction, ...]
    level: Fraction
    neighbour: Fraction
    root: int

    def __post_init__(self) -> None:
        Cut(self.nominal, self.X, self.level)
        Cut(self.empirical, self.X, self.neighbour)
        if self.root < 1 or abs(self.level - self.neighbour) * len(self.X) * self.root > 1:
            raise InputError(
                f"level={self.level}, neighbour={self.neighbour}, root={self.root}; expected levels at most "
                f"1 / ({len(self.X)} * root) apart"
            )


@st.composite
def _cuts(draw: DrawFn, budget: Budget) -> Cut:
    p, X = draw(weighted_values(2 + budget.size))
    return Cut(p, X, draw(fractions(-1, 3, 2)))


@st.composite
def _netted(draw: DrawFn, budget: Budget) -> Netted:
    p, X = draw(weighted_values(2 + budget.size))
    weights = draw(st.lists(st.integers(0, 4), min_size=len(p), max_size=len(p)).filter(any))
    q = normalise([Fraction(x) for x in weights])
    level, root = draw(fractions(0, 2, 3)), draw(st.integers(1, MAX_ROOT))
    step = draw(st.sampled_from((1, -1))) * draw(fractions(0, 1, 3))
    return Netted(p, q, X, level, level + step / (len(p) * root), root)


def _hinge(a: Fraction, X: tuple[Fraction, ...]) -> list[Fraction]:
    return [max(a - x, Fraction(0)) for x in X]


def _cut_sides(case: Cut) -> tuple[Fraction, Fraction]:
    return variance(case.nominal, _hinge(case.a, case.X)), variance(case.nominal, case.X)


def _cut_slack(case: Cut) -> Slack:
    left, right = _cut_sides(case)
    return Slack.of(right - left)


def _cut_explain(case: Cut) -> tuple[str, ...]:
    left, right = _cut_sides(case)
    return (
        f"P = {vector(case.nominal)}, X = {vector(case.X)}, a = {case.a}",
        f"Var((a - X)+) = {left}, Var(X) = {right}",
        f"slack = {right} - {left} = {right - left}",
    )


def _deviation(case: Netted, level: Fraction) -> Fraction:
    """Return ``(Phat - P)(level - X)+``."""
    cut = _hinge(level, case.X)
    return mean(case.empirical, cut) - mean(case.nominal, cut)


def _net_slack(case: Netted) -> Slack:
    moved = abs(_deviation(case, case.level) - _deviation(case, case.neighbour))
    return Slack.of(Fraction(1, case.root) - moved)


def _net_explain(case: Netted) -> tuple[str, ...]:
    here, there = _deviation(case, case.level), _deviation(case, case.neighbour)
    return (
        f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, X = {vector(case.X)}",
        f"K = {case.root}^2; at eta = {case.level} the deviation is {here}, at {case.neighbour} {there}",
        f"slack = 1/{case.root} - |{here} - {there}| = {_net_slack(case).low}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B14",
        place="Lemma 11, term (i), eq. (86)",
        title="Cutting does not add variance",
        statement="Var[(a - X)+] <= Var[X].",
        latex=r"Var[(a - X)_+] \le Var[X]",
        formalisation="Exact variances; slack = right - left.",
        assumptions=(),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Cut,
        search=Generated(_cuts),
        derive=twins(_cut_slack, _cut_explain),
    ),
    Claim(
        id="B14.net",
        place="Lemma 11, term (i), eq. (87)",
        title="A net of levels costs 1 / sqrt(K)",
        statement="Moving eta by 1 / (S sqrt K) changes (Phat - P)(eta - V)+ by at most 1 / sqrt(K).",
        latex=(
            r"|\eta - \eta'| \le \frac{1}{S \sqrt{K}} \; \Rightarrow \; \left| (\hat P - P^*) "
            r"\left[ (\eta - V)_+ - (\eta' - V)_+ \right] \right| \le \frac{1}{\sqrt{K}}"
        ),
        formalisation=(
            "K is a square, so that all is rational; slack = right - left. The variance of (86) does not "
            "depend on eta, so this is all that the net costs; for KL it costs more (C13)."
        ),
        assumptions=("total variation",),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Netted,
        search=Generated(_netted),
        derive=twins(_net_slack, _net_explain),
    ),
)
