"""States whose actions share a budget: ties, structural zeros, budgets from none to more than enough."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    Shareable,
    SRectangular,
    StateProblem,
    TotalVariation,
)
from drmg_properties.strategies._numbers import fractions
from drmg_properties.strategies._rows import nominal_rows, value_vectors

POLYHEDRAL: tuple[Shareable, ...] = (
    L1(),
    L1("nominal"),
    TotalVariation(),
    TotalVariation("nominal"),
    Interval(),
    Interval("nominal"),
)
CURVED: tuple[Shareable, ...] = (KullbackLeibler(), ChiSquare())
BUDGETS = tuple(map(Fraction, ("1/4", "1/2", "1", "0", "1/10", "1/1000", "3/2", "3", "10")))


@st.composite
def state_problems(
    draw: DrawFn,
    balls: SearchStrategy[Shareable] = st.sampled_from(POLYHEDRAL + CURVED),  # noqa: B008 - strategies are values
    *,
    max_actions: int = 3,
    max_states: int = 3,
    among_others: bool = False,
) -> StateProblem:
    """Draw a state of an agent that is alone, or whose choices are mixed by the actions of others.

    >>> from hypothesis import find
    >>> find(state_problems(st.just(L1())), lambda problem: problem.n_choices == 2).budget
    Fraction(1, 4)
    """
    A, S = draw(st.integers(1, max_actions)), draw(st.integers(1, max_states))
    weights = draw(st.one_of(st.just([]), st.lists(st.integers(1, 3), min_size=A, max_size=A)))
    rows = [draw(nominal_rows(S)) for _ in range(A)]
    values = [draw(value_vectors(S)) for _ in range(A)]
    uncertainty, budget = SRectangular(draw(balls), weights), draw(st.sampled_from(BUDGETS))
    alone = StateProblem.of(uncertainty, rows, values, budget)
    if not among_others:
        return alone
    K = draw(st.integers(1, A))
    choices = tuple(k if k < K else draw(st.integers(0, K - 1)) for k in range(A))
    drawn = [draw(fractions(0, 1, 4)) for _ in range(A)]
    sums = [Fraction(0)] * K
    for x, k in zip(drawn, choices, strict=True):
        sums[k] += x
    first = [choices.index(k) for k in range(K)]
    shares = tuple(
        x / sums[k] if sums[k] else Fraction(first[k] == a)
        for a, (x, k) in enumerate(zip(drawn, choices, strict=True))
    )
    return StateProblem(uncertainty, alone.nominal, alone.values, budget, choices, shares)
