"""Definition 1: what the ball is where the nominal probability is 0, and what its radius is (A1, B3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Generated, Neighbour, both, equal
from drmg_properties.claims.mornavi.model._duals import row_line, tv_rows, worst_case
from drmg_properties.claims.steps import printed_dual
from drmg_properties.formulas import vector
from drmg_properties.strategies import nominal_rows

TV_NOMINAL = TotalVariation(support="nominal")


def _one_set(row: Row) -> Derivation:
    """Derive that the worst case is the same whether mass may leave the support of P* or not."""
    free, inside = (
        worst_case(Row(ball, row.nominal, row.values, row.radius))[0]
        for ball in (TotalVariation(), TV_NOMINAL)
    )
    return equal(
        free,
        inside,
        lambda: (
            row_line(row),
            f"0 f(x / 0) = x lim f(t)/t = x / 2: mass may leave the support of P*, worst case {free}",
            f"only P << P*: mass stays in the support of P*, worst case {inside}",
        ),
    )


@st.composite
def _pairs(draw: DrawFn, budget: Budget) -> Row:
    """Draw two distributions; the second one takes the place of V, and the radius plays no part."""
    S = draw(st.integers(1, 2 + budget.size))
    p, q = draw(nominal_rows(S)), draw(nominal_rows(S))
    return Row(TotalVariation(), p, q, Fraction(0))


def _divergence(p: Sequence[Fraction], q: Sequence[Fraction], beyond: Fraction) -> Fraction:
    """Return ``sum p f(q / p)`` for f(t) = abs(t - 1) / 2, where ``0 f(x / 0) = beyond x``."""
    return sum((w * abs(x / w - 1) / 2 if w else beyond * x for w, x in zip(p, q, strict=True)), Fraction(0))


def _half_l1(beyond: Fraction) -> Callable[[Row], Derivation]:
    """Derive that the divergence with ``0 f(x / 0) = beyond x`` is half the L1 distance."""

    def derive(pair: Row) -> Derivation:
        p, q = pair.probabilities, pair.values
        divergence = _divergence(p, q, beyond)
        half = sum((abs(x - w) for w, x in zip(p, q, strict=True)), Fraction(0)) / 2
        return equal(
            divergence,
            half,
            lambda: (
                f"P* = {vector(p)}, P = {vector(q)}",
                f"sum P* f(P / P*) with 0 f(x / 0) = {beyond} x: {divergence}",
                f"half the L1 distance: {half}",
            ),
        )

    return derive


def _shocks(budget: Budget) -> Iterator[Row]:
    """Yield the first step of Example 1: from good, P* = (1, 0), with V(good) >= V(bad)."""
    radii = [Fraction(n, d) for d in range(1, 3 + budget.size) for n in range(1, d + 1)]
    for rho, (good, bad) in product(dict.fromkeys(radii), ((1, 0), (2, 1), (3, 1), (1, 1), (5, 0))):
        yield Row.of(TotalVariation(), (1, 0), (good, bad), rho)


def _shock(row: Row) -> Fraction:
    """Return ``(1 - rho) V(good) + rho V(bad)``."""
    good, bad = row.values
    return (1 - row.radius) * good + row.radius * bad


def _shock_by_dual(share: Fraction) -> Callable[[Row], Derivation]:
    """Derive that the dual with coefficient ``share rho`` gives the shock of Example 1."""

    def derive(row: Row) -> Derivation:
        value, eta = printed_dual(row, row.radius * share)
        good, bad = row.values
        return equal(
            value,
            _shock(row),
            lambda: (
                f"good leads to good, P* = (1, 0); V(good) = {good}, V(bad) = {bad}, rho = {row.radius}",
                f"Example 1: mass rho moves to bad, (1 - rho) V(good) + rho V(bad) = {_shock(row)}",
                f"the dual with coefficient {share} rho is largest at eta = {eta}: {value}, as if mass "
                f"{share * row.radius} moved",
            ),
        )

    return derive


def _shock_by_ball(row: Row) -> Derivation:
    """Derive that the least expectation over the ball and the dual with coefficient rho give the shock."""
    by_dual = _shock_by_dual(Fraction(1))(row)
    least = worst_case(row)[0]
    by_vertices = equal(
        least,
        _shock(row),
        lambda: (*by_dual.lines(), f"least E_Q V over the vertices of the ball: {least}"),
    )
    return both(by_vertices, by_dual)


A1 = Claim(
    id="A1",
    place="Definition 1",
    title="The f-divergence ball is well defined",
    statement="The ball { P : sum f(P / P*) P* <= rho } is one set, whatever 0 f(x / 0) means.",
    latex=r"\sum_{s'} f\left(\frac{P(s')}{P^*(s')}\right) P^*(s') \le \rho",
    formalisation=(
        "Total variation, f(t) = |t - 1| / 2. The worst case with mass allowed outside the support of P* "
        "against the worst case with P << P*."
    ),
    assumptions=("V >= 0",),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="A1.corrected",
    instance_type=Row,
    search=Generated(tv_rows),
    derive=_one_set,
)
A1_CORRECTED = Claim(
    id="A1.corrected",
    place="Definition 1",
    title="The f-divergence ball with its convention",
    statement=(
        "With 0 f(x / 0) = x lim f(t)/t the divergence of f(t) = |t - 1| / 2 is half the L1 distance for "
        "every P and P*."
    ),
    latex=r"\sum_{s} f\left(\frac{P(s)}{P^*(s)}\right) P^*(s) = \frac{1}{2} \sum_{s} |P(s) - P^*(s)|",
    formalisation="Both sides in rationals; P stands in the place of the values.",
    reading="corrected",
    instance_type=Row,
    search=Generated(_pairs),
    derive=_half_l1(Fraction(1, 2)),
    neighbours=(
        Neighbour("0 f(x / 0) = 0", _half_l1(Fraction(0))),
        Neighbour("0 f(x / 0) = x", _half_l1(Fraction(1))),
    ),
)
B3 = Claim(
    id="B3",
    place="Example 1 and Lemma 5 against eq. (10)",
    title="One radius for the dual and for the hard instance",
    statement="By eq. (10), the adversary of Example 1 forces a shock with probability rho.",
    latex=r"\sigma_{(10)}[V] = (1 - \rho) V(s_{good}) + \rho V(s_{bad})",
    formalisation=(
        "The first step of Example 1, V(good) >= V(bad). Example 1, Lemma 5 and min{1/rho, H} of Theorem 1 "
        "and Table 1 need the coefficient rho; only (10) has rho/2."
    ),
    assumptions=("V(good) >= V(bad)", "total variation"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B3.corrected",
    instance_type=Row,
    search=Exhaustive(_shocks),
    derive=_shock_by_dual(Fraction(1, 2)),
)
B3_CORRECTED = replace(
    B3,
    id="B3.corrected",
    place="Example 1 and Lemma 5, with coefficient rho",
    title="One radius for the dual and for the hard instance, corrected",
    statement="With half the L1 distance and coefficient rho the shock has probability rho.",
    latex=r"\sigma[V] = (1 - \rho) V(s_{good}) + \rho V(s_{bad})",
    formalisation=(
        "The least expectation over the vertices of the ball, and the dual with coefficient rho. The span of "
        "Lemma 5 is B1."
    ),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=_shock_by_ball,
    neighbours=(Neighbour("the coefficient 9/10 rho", _shock_by_dual(Fraction(9, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (A1, A1_CORRECTED, B3, B3_CORRECTED)
