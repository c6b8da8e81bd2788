"""Definition 1: what the ball is where the nominal probability is 0, and what its radius is (A1, B3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Slack, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.mornavi.model._duals import printed_dual, row_line, tv_rows, worst_case
from drmg_properties.formulas import vector
from drmg_properties.strategies import nominal_rows

TV_NOMINAL = TotalVariation(support="nominal")


def _conventions(row: Row) -> tuple[Fraction, Fraction]:
    """Return the worst case when mass may leave the support of P*, and when it may not."""
    inside = Row(TV_NOMINAL, row.nominal, row.values, row.radius)
    return worst_case(row)[0], worst_case(inside)[0]


def _a1_slack(row: Row) -> Slack:
    free, inside = _conventions(row)
    return Slack.of(-abs(free - inside))


def _a1_explain(row: Row) -> tuple[str, ...]:
    free, inside = _conventions(row)
    return (
        row_line(row),
        f"0 f(x / 0) = x lim f(t)/t = x / 2: mass may leave the support of P*, worst case {free}",
        f"only P << P*: mass stays in the support of P*, worst case {inside}",
        f"slack = -|{free} - {inside}| = {-abs(free - inside)}",
    )


@st.composite
def _pairs(draw: DrawFn, budget: Budget) -> Row:
    """Draw two distributions; the second one takes the place of V, and the radius plays no part."""
    S = draw(st.integers(1, 2 + budget.size))
    p, q = draw(nominal_rows(S)), draw(nominal_rows(S))
    return Row(TotalVariation(), p, q, Fraction(0))


def _divergence(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    """Return ``sum p f(q / p)`` for f(t) = abs(t - 1) / 2, where ``0 f(x / 0) = x / 2``."""
    return sum((w * abs(x / w - 1) / 2 if w else x / 2 for w, x in zip(p, q, strict=True)), Fraction(0))


def _half_l1(p: Sequence[Fraction], q: Sequence[Fraction]) -> Fraction:
    return sum((abs(x - w) for w, x in zip(p, q, strict=True)), Fraction(0)) / 2


def _a1_corrected_slack(pair: Row) -> Slack:
    p, q = pair.probabilities, pair.values
    return Slack.of(-abs(_divergence(p, q) - _half_l1(p, q)))


def _a1_corrected_explain(pair: Row) -> tuple[str, ...]:
    p, q = pair.probabilities, pair.values
    return (
        f"P* = {vector(p)}, P = {vector(q)}",
        f"sum P* f(P / P*) with 0 f(x / 0) = x / 2: {_divergence(p, q)}",
        f"half the L1 distance: {_half_l1(p, q)}",
    )


def _shocks(budget: Budget) -> Iterator[Row]:
    """Yield the first step of Example 1: from good, P* = (1, 0), with V(good) >= V(bad)."""
    radii = [Fraction(n, d) for d in range(1, 3 + budget.size) for n in range(1, d + 1)]
    for rho, (good, bad) in product(dict.fromkeys(radii), ((1, 0), (2, 1), (3, 1), (1, 1), (5, 0))):
        yield Row.of(TotalVariation(), (1, 0), (good, bad), rho)


def _shock(row: Row) -> Fraction:
    """Return ``(1 - rho) V(good) + rho V(bad)``."""
    good, bad = row.values
    return (1 - row.radius) * good + row.radius * bad


def _printed_shock_slack(row: Row) -> Slack:
    return Slack.of(-abs(printed_dual(row, row.radius / 2)[0] - _shock(row)))


def _shock_lines(row: Row) -> tuple[str, ...]:
    rho, (good, bad) = row.radius, row.values
    return (
        f"good leads to good, P* = (1, 0); V(good) = {good}, V(bad) = {bad}, rho = {rho}",
        f"Example 1: mass rho moves to bad, (1 - rho) V(good) + rho V(bad) = {_shock(row)}",
    )


def _printed_shock_explain(row: Row) -> tuple[str, ...]:
    printed, eta = printed_dual(row, row.radius / 2)
    return (
        *_shock_lines(row),
        f"(10) is largest at eta = {eta}: {printed}, as if mass rho/2 = {row.radius / 2} moved",
        f"slack = -|{printed} - {_shock(row)}| = {-abs(printed - _shock(row))}",
    )


def _shock_forms(row: Row) -> tuple[Fraction, Fraction]:
    return worst_case(row)[0], printed_dual(row, row.radius)[0]


def _shock_slack(row: Row) -> Slack:
    return Slack.of(-max(abs(form - _shock(row)) for form in _shock_forms(row)))


def _shock_explain(row: Row) -> tuple[str, ...]:
    least, dual = _shock_forms(row)
    return (
        *_shock_lines(row),
        f"least E_Q V over the vertices of the ball: {least}; dual with coefficient rho: {dual}",
        f"slack = {_shock_slack(row).low}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A1",
        place="Definition 1",
        title="The f-divergence ball is well defined",
        statement="The ball { P : sum f(P / P*) P* <= rho } is one set, whatever 0 f(x / 0) means.",
        latex=r"\sum_{s'} f\left(\frac{P(s')}{P^*(s')}\right) P^*(s') \le \rho",
        formalisation=(
            "Total variation, f(t) = |t - 1| / 2. Worst case with mass allowed outside the support of P* "
            "against worst case with P << P*; slack = -|difference|."
        ),
        assumptions=("V >= 0",),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="A1.corrected",
        instance_type=Row,
        search=Generated(tv_rows),
        derive=twins(_a1_slack, _a1_explain),
    ),
    Claim(
        id="A1.corrected",
        place="Definition 1",
        title="The f-divergence ball with its convention",
        statement=(
            "With 0 f(x / 0) = x lim f(t)/t the divergence of f(t) = |t - 1| / 2 is half the L1 distance for "
            "every P and P*."
        ),
        latex=r"\sum_{s} f\left(\frac{P(s)}{P^*(s)}\right) P^*(s) = \frac{1}{2} \sum_{s} |P(s) - P^*(s)|",
        formalisation="Both sides in rationals; P stands in the place of the values. slack = -|difference|.",
        assumptions=(),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Row,
        search=Generated(_pairs),
        derive=twins(_a1_corrected_slack, _a1_corrected_explain),
    ),
    Claim(
        id="B3",
        place="Example 1 and Lemma 5 against eq. (10)",
        title="One radius for the dual and for the hard instance",
        statement="By eq. (10), the adversary of Example 1 forces a shock with probability rho.",
        latex=r"\sigma_{(10)}[V] = (1 - \rho) V(s_{good}) + \rho V(s_{bad})",
        formalisation=(
            "The first step of Example 1, V(good) >= V(bad); slack = -|(10) - right side|. Example 1, Lemma "
            "5 and min{1/rho, H} of Theorem 1 and Table 1 need the coefficient rho; only (10) has rho/2."
        ),
        assumptions=("V(good) >= V(bad)", "total variation"),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="B3.corrected",
        instance_type=Row,
        search=Exhaustive(_shocks),
        derive=twins(_printed_shock_slack, _printed_shock_explain),
    ),
    Claim(
        id="B3.corrected",
        place="Example 1 and Lemma 5, with coefficient rho",
        title="One radius for the dual and for the hard instance, corrected",
        statement="With half the L1 distance and coefficient rho the shock has probability rho.",
        latex=r"\sigma[V] = (1 - \rho) V(s_{good}) + \rho V(s_{bad})",
        formalisation=(
            "The least expectation over the vertices of the ball, and the dual with coefficient rho; slack = "
            "-(the larger difference from the right side). The span of Lemma 5 is B1."
        ),
        assumptions=("V(good) >= V(bad)", "total variation"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Row,
        search=Exhaustive(_shocks),
        derive=twins(_shock_slack, _shock_explain),
    ),
)
