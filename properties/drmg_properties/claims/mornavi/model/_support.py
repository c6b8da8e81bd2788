"""Sections 4.2 and 5.1: which next states the adversary reaches; what failure states are for (A17, A18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.sets import KullbackLeibler, Row, TotalVariation
from drmg_check.vocabulary import Slack, Verdict, within
from drmg_oracles import enclose, worst_case_exact
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.model._convention import TV_NOMINAL
from drmg_properties.claims.mornavi.model._duals import row_line, worst_case
from drmg_properties.claims.steps import sdrop
from drmg_properties.formulas import interval, vector

TOLERANCE = Fraction(1, 2**60)


def _grid(budget: Budget) -> Iterator[tuple[tuple[Fraction, ...], tuple[Fraction, ...], Fraction]]:
    """Yield rows of three states, the last one without value, simplest first."""
    weights = ((1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 1), (1, 2, 0))
    values = ((1, 1, 0), (1, 2, 0), (2, 1, 0), (3, 1, 0))[: 2 + budget.size]
    radii = sorted({Fraction(n, d) for d in range(1, 3 + budget.size) for n in range(d + 1)})
    for w, V, radius in product(weights, values, reversed(radii)):
        yield tuple(Fraction(x, sum(w)) for x in w), tuple(Fraction(v) for v in V), radius


def _tv_rows(budget: Budget) -> Iterator[Row]:
    return (Row(TotalVariation(), p, V, radius) for p, V, radius in _grid(budget))


def _kl_rows(budget: Budget) -> Iterator[Row]:
    return (Row(KullbackLeibler(), p, V, radius) for p, V, radius in _grid(budget))


def _covered_sides(row: Row) -> tuple[Fraction, Fraction]:
    """Return the worst case over the ball, and over its members that stay in the support of P*."""
    return worst_case(row)[0], worst_case_exact(replace(row, uncertainty=TV_NOMINAL))


def _covered_slack(row: Row) -> Slack:
    anywhere, inside = _covered_sides(row)
    return Slack.of(anywhere - inside)


def _covered_explain(row: Row) -> tuple[str, ...]:
    anywhere, inside = _covered_sides(row)
    value, Q = worst_case(row)
    return (
        f"{row_line(row)}; the last state is the failure state",
        f"worst case over the ball: {value}, by Q = {vector(Q)}",
        f"over the members of the ball on the support of P*: {inside}",
        f"slack = {anywhere} - {inside} = {anywhere - inside}; below 0, every worst case leaves the support",
    )


def _seen(row: Row) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Return the positive probabilities of P* and the values there."""
    pairs = [(p, v) for p, v in zip(row.probabilities, row.values, strict=True) if p > 0]
    return tuple(p for p, _ in pairs), tuple(v for _, v in pairs)


def _known_sides(row: Row) -> tuple[Fraction, Fraction]:
    return worst_case(row)[0], sdrop(*_seen(row), row.radius)


def _known_slack(row: Row) -> Slack:
    true, from_data = _known_sides(row)
    return Slack.of(-abs(true - from_data))


def _known_explain(row: Row) -> tuple[str, ...]:
    true, from_data = _known_sides(row)
    p, V = _seen(row)
    return (
        f"{row_line(row)}; the last state is the failure state",
        f"least E_Q V over the vertices of the ball: {true}",
        f"sup over eta of (1 - rho) eta - E(eta - V)+, from the visited states {vector(p)}, {vector(V)}: "
        f"{from_data}",
        f"slack = -|{true} - {from_data}| = {-abs(true - from_data)}",
    )


def _unseen_sides(row: Row) -> tuple[Slack, Slack]:
    """Return the worst case with values 0, and with the largest value, where P* is 0."""
    found = []
    for unseen in (Fraction(0), max(row.values)):
        V = tuple(v if p > 0 else unseen for p, v in zip(row.probabilities, row.values, strict=True))
        enclosure = enclose(replace(row, values=V))
        found.append(Slack(enclosure.lo, enclosure.hi))
    return found[0], found[1]


def _unseen_slack(row: Row) -> Slack:
    return within(*_unseen_sides(row), TOLERANCE)


def _unseen_explain(row: Row) -> tuple[str, ...]:
    low, high = _unseen_sides(row)
    return (
        row_line(row),
        f"worst case with the value 0 where P* is 0: {interval(low)}",
        f"with the largest value there: {interval(high)}",
        f"slack = 2^-60 - |difference|: {interval(_unseen_slack(row))}",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="A17",
        place="Section 5.1, before Assumption 1",
        title="Failure states keep the worst case in the support",
        statement="With a failure state the support of the worst-case kernel is covered by the nominal one.",
        latex=r"\mathrm{supp}\, \arg\min_{TV(Q, P^*) \le \rho} E_Q V \subseteq \mathrm{supp}\, P^*",
        formalisation=(
            "A finding beyond the table of claims. Rows whose last state is worth 0. slack = (worst case "
            "over the ball) - (worst case over its members on the support of P*); below 0 every worst case "
            "moves mass to a state that is never visited. A failure state does not stop the adversary; it "
            "makes the place where he goes worth a known 0."
        ),
        assumptions=("Assumption 1", "total variation"),
        reading="literal",
        severity="proof",
        expected=Verdict.REFUTED,
        corrected="A17.corrected",
        instance_type=Row,
        search=Exhaustive(_tv_rows),
        derive=twins(_covered_slack, _covered_explain),
    ),
    Claim(
        id="A17.corrected",
        place="Section 5.1, before Assumption 1",
        title="Failure states make the worst case a matter of visited states",
        statement=(
            "With a failure state sigma(V) depends on V only where P* > 0: it is sup over eta of "
            "(1 - rho) eta - E(eta - V)+ there."
        ),
        latex=r"\sigma[V] = \sup_{\eta} \left\{ (1 - \rho) \eta - E_{P^*}[(\eta - V)_+] \right\}",
        formalisation=(
            "Rows whose last state is worth 0: the vertices of the ball against the dual on the support of "
            "P*; slack = -|difference|. So the data suffice, although the adversary leaves them."
        ),
        assumptions=("Assumption 1", "V >= 0", "total variation"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Row,
        search=Exhaustive(_tv_rows),
        derive=twins(_known_slack, _known_explain),
    ),
    Claim(
        id="A18",
        place="Section 4.2",
        title="No support shift for KL",
        statement="For KL the worst case does not depend on the values of states that P* never reaches.",
        latex=r"V = V' \text{ where } P^* > 0 \quad \Rightarrow \quad \sigma[V] = \sigma[V']",
        formalisation=(
            "A finding beyond the table of claims. Certified worst cases with the least and with the largest "
            "value at the states outside the support; slack = 2^-60 - |difference|."
        ),
        assumptions=("Kullback-Leibler",),
        reading="literal",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Row,
        search=Exhaustive(_kl_rows),
        derive=twins(_unseen_slack, _unseen_explain),
    ),
)
