"""Claims of NAME.

``drmg-check audit --ledger NAME:ledger`` judges them. One that holds and one that does not stand here as
examples: write yours in their place.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Slack, Verdict
from drmg_oracles import worst_case_exact
from drmg_properties import Claim, Generated
from drmg_properties.strategies import rows


def worst_case(row: Row) -> Fraction:
    """Return the least expectation over the ball: the truth, by another way than the formula under test."""
    return worst_case_exact(row)


def contaminated(row: Row) -> Fraction:
    """Return ``(1 - rho) E V + rho min V``, the formula under test."""
    mean = sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return (1 - row.radius) * mean + row.radius * min(row.values)


def at_most_slack(row: Row) -> Slack:
    """Return what must be >= 0: the right side less the left."""
    return Slack.of(contaminated(row) - worst_case(row))


def at_least_slack(row: Row) -> Slack:
    """Return what must be >= 0: the left side less the right."""
    return Slack.of(worst_case(row) - contaminated(row))


def derivation(row: Row) -> tuple[str, ...]:
    """Return the lines by which a reader checks the slack with a pencil."""
    P, V = (", ".join(map(str, vector)) for vector in (row.probabilities, row.values))
    return (
        f"P* = ({P}), V = ({V}), rho = {row.radius}",
        f"worst case {worst_case(row)}, formula {contaminated(row)}",
    )


TV_ROWS = Generated(lambda budget: rows(TotalVariation(), max_states=2 + budget.size))
"""Nominal rows, values and radii; what violates a claim is shrunk to a small instance."""

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="X1",
        ledger="NAME",
        place="Lemma 1, eq. (2)",
        title="The worst case is at most that of contamination",
        statement="sigma(V) <= (1 - rho) E V + rho min V.",
        latex=r"\sigma(V) \le (1 - \rho) E_{P^*} V + \rho \min V",
        formalisation="Balls of total variation, half the L1 distance; slack = right - left.",
        assumptions=("0 <= rho <= 1",),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Row,
        search=TV_ROWS,
        slack=at_most_slack,
        explain=derivation,
    ),
    Claim(
        id="X2",
        ledger="NAME",
        place="Lemma 1, eq. (3)",
        title="The worst case is that of contamination",
        statement="sigma(V) >= (1 - rho) E V + rho min V.",
        latex=r"\sigma(V) \ge (1 - \rho) E_{P^*} V + \rho \min V",
        formalisation="As X1; slack = left - right.",
        assumptions=("0 <= rho <= 1",),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="X1",
        instance_type=Row,
        search=TV_ROWS,
        slack=at_least_slack,
        explain=derivation,
    ),
)


def ledger() -> tuple[Claim[Any], ...]:
    """Return the claims, in the order of the report."""
    return CLAIMS
