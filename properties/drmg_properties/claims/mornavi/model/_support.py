"""Sections 4.2 and 5.1: which next states the adversary reaches; what failure states are for (A17, A18)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.sets import KullbackLeibler, Row, TotalVariation, UncertaintySet
from drmg_check.vocabulary import Bounds, Verdict, distance
from drmg_oracles import enclose, worst_case_exact
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_least, equal
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


def _covered(row: Row) -> Derivation:
    """Derive that the worst case over the ball is not below that over its members on the support of P*."""
    value, Q = worst_case(row)
    inside = worst_case_exact(replace(row, uncertainty=TV_NOMINAL))
    return at_least(
        value,
        inside,
        lambda: (
            f"{row_line(row)}; the last state is the failure state",
            f"worst case over the ball: {value}, by Q = {vector(Q)}",
            f"over the members of the ball on the support of P*: {inside}; where that is more, every worst "
            f"case leaves the support",
        ),
    )


def _seen(row: Row) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Return the positive probabilities of P* and the values there."""
    pairs = [(p, v) for p, v in zip(row.probabilities, row.values, strict=True) if p > 0]
    return tuple(p for p, _ in pairs), tuple(v for _, v in pairs)


def _known(share: Fraction) -> Callable[[Row], Derivation]:
    """Derive that the worst case is the dual over the visited states, with ``share rho``."""

    def derive(row: Row) -> Derivation:
        p, V = _seen(row)
        true, from_data = worst_case(row)[0], sdrop(p, V, share * row.radius)
        return equal(
            true,
            from_data,
            lambda: (
                f"{row_line(row)}; the last state is the failure state",
                f"least E_Q V over the vertices of the ball: {true}",
                f"sup over eta of (1 - {share} rho) eta - E(eta - V)+, from the visited states {vector(p)}, "
                f"{vector(V)}: {from_data}",
            ),
        )

    return derive


def _unseen(ball: UncertaintySet) -> Callable[[Row], Derivation]:
    """Derive that a worst case is the same for the value 0 and the largest value where P* is 0."""

    def derive(row: Row) -> Derivation:
        enclosures = []
        for unseen in (Fraction(0), max(row.values)):
            V = tuple(v if p > 0 else unseen for p, v in zip(row.probabilities, row.values, strict=True))
            enclosures.append(enclose(Row(ball, row.nominal, V, min(row.radius, Fraction(1)))))
        low, high = (Bounds(enclosure.lo, enclosure.hi) for enclosure in enclosures)
        return Derivation(
            distance(low, high),
            Bounds.of(TOLERANCE),
            lambda: (
                row_line(row),
                f"worst case with the value 0 where P* is 0: {interval(low)}",
                f"with the largest value there: {interval(high)}",
            ),
            silent="" if min(row.probabilities) == 0 else "P* reaches every state",
            scale=max(row.values),
            names=("|difference|", "2^-60"),
        )

    return derive


A17 = Claim(
    id="A17",
    place="Section 5.1, before Assumption 1",
    title="Failure states keep the worst case in the support",
    statement="With a failure state the support of the worst-case kernel is covered by the nominal one.",
    latex=r"\mathrm{supp}\, \arg\min_{TV(Q, P^*) \le \rho} E_Q V \subseteq \mathrm{supp}\, P^*",
    formalisation=(
        "A finding beyond the table of claims. Rows whose last state is worth 0. Where the worst case over "
        "the ball is below that over its members on the support of P*, every worst case moves mass to a "
        "state that is never visited. A failure state does not stop the adversary; it makes the place where "
        "he goes worth a known 0."
    ),
    assumptions=("Assumption 1", "total variation"),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="A17.corrected",
    instance_type=Row,
    search=Exhaustive(_tv_rows),
    derive=_covered,
)
A17_CORRECTED = Claim(
    id="A17.corrected",
    place=A17.place,
    title="Failure states make the worst case a matter of visited states",
    statement=(
        "With a failure state sigma(V) depends on V only where P* > 0: it is sup over eta of "
        "(1 - rho) eta - E(eta - V)+ there."
    ),
    latex=r"\sigma[V] = \sup_{\eta} \left\{ (1 - \rho) \eta - E_{P^*}[(\eta - V)_+] \right\}",
    formalisation=(
        "Rows whose last state is worth 0: the vertices of the ball against the dual on the support of P*. "
        "So the data suffice, although the adversary leaves them."
    ),
    assumptions=("Assumption 1", "V >= 0", "total variation"),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Row,
    search=Exhaustive(_tv_rows),
    derive=_known(Fraction(1)),
    neighbours=(Neighbour("9/10 of the radius", _known(Fraction(9, 10))),),
)
A18 = Claim(
    id="A18",
    place="Section 4.2",
    title="No support shift for KL",
    statement="For KL the worst case does not depend on the values of states that P* never reaches.",
    latex=r"V = V' \text{ where } P^* > 0 \quad \Rightarrow \quad \sigma[V] = \sigma[V']",
    formalisation=(
        "A finding beyond the table of claims. Certified worst cases with the least and with the largest "
        "value at the states outside the support; they may differ by 2^-60."
    ),
    assumptions=("Kullback-Leibler",),
    expected=Verdict.ON_A_LIST,
    instance_type=Row,
    search=Exhaustive(_kl_rows),
    derive=_unseen(KullbackLeibler()),
    neighbours=(Neighbour("for total variation", _unseen(TotalVariation())),),
)

CLAIMS: tuple[Claim[Any], ...] = (A17, A17_CORRECTED, A18)
