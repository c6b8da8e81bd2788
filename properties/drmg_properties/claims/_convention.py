"""Definition 1: what the ball is where the nominal probability is 0 (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.vocabulary import Row, Slack, TotalVariation, Verdict
from drmg_properties._claim import Budget, Claim, Generated
from drmg_properties._text import vector
from drmg_properties.claims._duals import row_line, tv_rows, worst_case
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


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A1",
        ledger="mornavi",
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
        slack=_a1_slack,
        explain=_a1_explain,
    ),
    Claim(
        id="A1.corrected",
        ledger="mornavi",
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
        slack=_a1_corrected_slack,
        explain=_a1_corrected_explain,
    ),
)
