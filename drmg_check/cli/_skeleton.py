"""Claims of NAME.

``drmg-check audit --ledger ./NAME.py:LEDGER`` judges them. One that holds and one that does not
stand here as examples: write yours in their place.
"""

from __future__ import annotations

from fractions import Fraction

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Verdict
from drmg_oracles import worst_case_exact
from drmg_properties import Claim, Derivation, Generated, Ledger, Neighbour, at_least, at_most
from drmg_properties.strategies import rows


def contaminated(row: Row, factor: Fraction = Fraction(1)) -> Fraction:
    """Return ``(1 - rho) E V + factor rho min V``, the formula under test."""
    mean = sum((p * v for p, v in zip(row.probabilities, row.values, strict=True)), Fraction(0))
    return (1 - row.radius) * mean + factor * row.radius * min(row.values)


def lines(row: Row) -> tuple[str, ...]:
    """Return the lines by which a reader checks both sides with a pencil."""
    P, V = (", ".join(map(str, vector)) for vector in (row.probabilities, row.values))
    return (
        f"P* = ({P}), V = ({V}), rho = {row.radius}",
        f"worst case {worst_case_exact(row)}, formula {contaminated(row)}",
    )


def above(row: Row) -> Derivation:
    """Derive ``worst case <= formula``; the worst case comes from another place than the formula."""
    return at_most(worst_case_exact(row), contaminated(row), lambda: lines(row))


def above_half(row: Row) -> Derivation:
    """Derive the same with half the mass on the minimum: a stronger statement, and false."""
    return at_most(worst_case_exact(row), contaminated(row, Fraction(1, 2)), lambda: lines(row))


def below(row: Row) -> Derivation:
    """Derive ``worst case >= formula``."""
    return at_least(worst_case_exact(row), contaminated(row), lambda: lines(row))


TV_ROWS = Generated(lambda budget: rows(TotalVariation(), max_states=2 + budget.size))
"""Nominal rows, values and radii; what violates a claim is shrunk to a small instance."""

X1 = Claim(
    id="X1",
    place="Lemma 1, eq. (2)",
    title="The worst case is at most that of contamination",
    statement="sigma(V) <= (1 - rho) E V + rho min V.",
    latex=r"\sigma(V) \le (1 - \rho) E_{P^*} V + \rho \min V",
    formalisation="Balls of total variation, half the L1 distance.",
    assumptions=("0 <= rho <= 1",),
    instance_type=Row,
    search=TV_ROWS,
    derive=above,
    neighbours=(Neighbour("half the mass on the minimum", above_half),),
)
X2 = Claim(
    id="X2",
    place="Lemma 1, eq. (3)",
    title="The worst case is that of contamination",
    statement="sigma(V) >= (1 - rho) E V + rho min V.",
    latex=r"\sigma(V) \ge (1 - \rho) E_{P^*} V + \rho \min V",
    formalisation="As X1.",
    assumptions=("0 <= rho <= 1",),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="X1",
    instance_type=Row,
    search=TV_ROWS,
    derive=below,
)

LEDGER = Ledger(
    id="LEDGER-ID",
    name="NAME",
    source="Authors, title, year",
    claims=(X1, X2),
)
