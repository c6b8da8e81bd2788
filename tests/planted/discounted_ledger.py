"""Claims of discounted: what an author writes in place of the skeleton's, from the documentation alone.

``drmg-check audit --ledger ./discounted.py:LEDGER`` judges them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import strategies as st

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Verdict
from drmg_oracles import worst_case_exact
from drmg_properties import Budget, Claim, Derivation, Generated, Ledger, Neighbour, at_least, at_most, equal
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions, nominal_rows, value_vectors

SOURCE = "Iyengar (2005); Nilim and El Ghaoui (2005)"


@dataclass(frozen=True, slots=True)
class State:
    """A state with one action in a discounted robust decision process, and two guesses of the values."""

    nominal: tuple[Fraction, ...]
    reward: Fraction
    radius: Fraction
    discount: Fraction
    V: tuple[Fraction, ...]
    W: tuple[Fraction, ...]


def states(budget: Budget) -> st.SearchStrategy[State]:
    """Draw a state that leads to two, three or more."""

    def of_size(n: int) -> st.SearchStrategy[State]:
        return st.builds(
            State,
            nominal=nominal_rows(n).map(tuple),
            reward=fractions(0, 1),
            radius=fractions(0, 1),
            discount=fractions(0, 1),
            V=value_vectors(n).map(tuple),
            W=value_vectors(n).map(tuple),
        )

    return st.integers(2, 2 + budget.size).flatmap(of_size)


def backup(state: State, values: tuple[Fraction, ...]) -> Fraction:
    """Return ``r + discount inf E V`` over the ball of total variation."""
    row = Row(TotalVariation(), state.nominal, values, state.radius)
    return state.reward + state.discount * worst_case_exact(row)


def lines(state: State) -> tuple[str, ...]:
    """Say which state it is."""
    return (
        f"P* = {vector(state.nominal)}, r = {state.reward}, rho = {state.radius}, discount {state.discount}",
        f"V = {vector(state.V)}, W = {vector(state.W)}",
    )


def contraction(state: State, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``|TV - TW| <= factor discount |V - W|``."""
    distance = max(abs(v - w) for v, w in zip(state.V, state.W, strict=True))
    return at_most(
        abs(backup(state, state.V) - backup(state, state.W)),
        factor * state.discount * distance,
        lambda: lines(state),
    )


def shift(state: State, factor: Fraction | None = None) -> Derivation:
    """Derive ``T(V + 1) = TV + factor``, with the discount for the factor."""
    raised = tuple(v + 1 for v in state.V)
    added = state.discount if factor is None else factor
    return equal(backup(state, raised), backup(state, state.V) + added, lambda: lines(state))


def caution(state: State, share: Fraction = Fraction(0)) -> Derivation:
    """Derive ``T V <= T_0 V - share discount rho (E V - min V)``, where T_0 ignores the ball."""
    plain = replace(state, radius=Fraction(0))
    mean = backup(replace(plain, reward=Fraction(0), discount=Fraction(1)), state.V)
    loss = share * state.discount * state.radius * (mean - min(state.V))
    return at_most(backup(state, state.V), backup(plain, state.V) - loss, lambda: lines(state))


def price(state: State) -> Derivation:
    """Derive ``T V >= T_0 V - discount rho span(V) / 2``."""
    span = max(state.V) - min(state.V)
    plain = backup(replace(state, radius=Fraction(0)), state.V)
    return at_least(
        backup(state, state.V), plain - state.discount * state.radius * span / 2, lambda: lines(state)
    )


def claim(claim_id: str, title: str, statement: str, latex: str, **fields: object) -> Claim[State]:
    """Return a claim on states."""
    return Claim(
        id=claim_id,
        place=SOURCE,
        title=title,
        statement=statement,
        latex=latex,
        formalisation="One state with one action, exactly; the ball is that of half the L1 distance.",
        assumptions=("0 <= rho <= 1", "0 <= discount <= 1"),
        instance_type=State,
        search=Generated(states),
        **fields,  # type: ignore[arg-type] - each call below gives the others
    )


LEDGER = Ledger(
    id="discounted",
    name="the first ledger of an author",
    source=SOURCE,
    claims=(
        claim(
            "S1",
            "The robust backup is a contraction",
            "|TV - TW| <= discount |V - W|.",
            r"|TV - TW| \le \gamma \|V - W\|_\infty",
            derive=contraction,
            neighbours=(Neighbour("nine tenths of it", lambda state: contraction(state, Fraction(9, 10))),),
        ),
        claim(
            "S2",
            "A constant comes out discounted",
            "T(V + 1) = TV + discount.",
            r"T(V + 1) = TV + \gamma",
            derive=shift,
            neighbours=(Neighbour("undiscounted", lambda state: shift(state, Fraction(1))),),
        ),
        claim(
            "S3",
            "Caution lowers the value",
            "TV <= T_0 V, where T_0 has radius 0.",
            r"TV \le T_0 V",
            derive=caution,
            neighbours=(Neighbour("by twice what mixing costs", lambda state: caution(state, Fraction(2))),),
        ),
        claim(
            "S4",
            "Caution costs at most half the radius times the span",
            "TV >= T_0 V - discount rho span(V) / 2.",
            r"TV \ge T_0 V - \gamma \rho \, \mathrm{span}(V) / 2",
            derive=price,
            severity="constant",
            expected=Verdict.REFUTED,
        ),
    ),
    powerful=True,
)
