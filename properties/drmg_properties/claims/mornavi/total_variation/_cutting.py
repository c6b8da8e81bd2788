"""Lemma 11, term (i), eq. (86)-(87): cutting values at a level, and a net of levels (B14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, normalise
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most
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


def _cut(case: Cut, share: Fraction = Fraction(1)) -> Derivation:
    """State ``Var((a - X)+) <= share Var(X)``."""
    return at_most(
        variance(case.nominal, _hinge(case.a, case.X)),
        share * variance(case.nominal, case.X),
        lambda: (
            f"P = {vector(case.nominal)}, X = {vector(case.X)}, a = {case.a}",
            f"left = Var((a - X)+), right = {share} Var(X)",
        ),
    )


def _deviation(case: Netted, level: Fraction) -> Fraction:
    """Return ``(Phat - P)(level - X)+``."""
    cut = _hinge(level, case.X)
    return mean(case.empirical, cut) - mean(case.nominal, cut)


def _net(case: Netted, share: Fraction = Fraction(1)) -> Derivation:
    """State that the neighbour's deviation is within ``share / sqrt(K)``."""
    here, there = _deviation(case, case.level), _deviation(case, case.neighbour)
    return at_most(
        abs(here - there),
        share / case.root,
        lambda: (
            f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, X = {vector(case.X)}",
            f"at eta = {case.level} the deviation is {here}, at {case.neighbour} {there}",
            f"right = {share} / sqrt(K), K = {case.root}^2",
        ),
    )


def _far_apart(budget: Budget) -> Iterator[Netted]:
    """Yield rows without a common state: the deviation moves as much as the level."""
    zero, half, all_ = Fraction(0), Fraction(1, 2), Fraction(1)
    for r in (1, 2):
        yield Netted((all_, zero), (zero, all_), (zero, Fraction(2)), all_, all_ - half / r, r)


B14 = Claim(
    id="B14",
    place="Lemma 11, term (i), eq. (86)",
    title="Cutting does not add variance",
    statement="Var[(a - X)+] <= Var[X].",
    latex=r"Var[(a - X)_+] \le Var[X]",
    formalisation="Exact variances.",
    instance_type=Cut,
    search=Generated(_cuts),
    derive=_cut,
    neighbours=(Neighbour("9/10 of Var[X]", lambda case: _cut(case, Fraction(9, 10))),),
)
B14_NET = Claim(
    id="B14.net",
    place="Lemma 11, term (i), eq. (87)",
    title="A net of levels costs 1 / sqrt(K)",
    statement="Moving eta by 1 / (S sqrt K) changes (Phat - P)(eta - V)+ by at most 1 / sqrt(K).",
    latex=(
        r"|\eta - \eta'| \le \frac{1}{S \sqrt{K}} \; \Rightarrow \; \left| (\hat P - P^*) "
        r"\left[ (\eta - V)_+ - (\eta' - V)_+ \right] \right| \le \frac{1}{\sqrt{K}}"
    ),
    formalisation=(
        "K is a square, so that all is rational. The variance of (86) does not "
        "depend on eta, so this is all that the net costs; for KL it costs more (C13)."
    ),
    assumptions=("total variation",),
    instance_type=Netted,
    search=Generated(_netted, _far_apart),
    derive=_net,
    neighbours=(Neighbour("9/20 of 1 / sqrt(K)", lambda case: _net(case, Fraction(9, 20))),),
)
CLAIMS: tuple[Claim[Any], ...] = (
    B14,
    B14_NET,
)
