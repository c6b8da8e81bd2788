"""Worst cases in integers are those of the certified enclosures, to the last bit."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.sets import Row, UncertaintySet, examples
from drmg_check.vocabulary import Array, exact
from drmg_oracles import enclose
from drmg_oracles.rows._integers import (
    IntegerRow,
    in_integers,
    integer_row,
    integer_values,
    worst_case_in_integers,
    worst_row_in_integers,
)

SETS = [uncertainty for uncertainty in examples() if in_integers(uncertainty)]


def integers(nominal: Array) -> IntegerRow:
    states = np.flatnonzero(nominal)
    return integer_row(states, nominal[states])


def worst(uncertainty: UncertaintySet, nominal: Array, values: list[Fraction], radius: Fraction) -> Fraction:
    return worst_case_in_integers(uncertainty, integers(nominal), integer_values(values), radius)


@given(st.data(), st.sampled_from(SETS))
def test_they_equal_the_enclosure(data: st.DataObject, uncertainty: UncertaintySet):
    S = data.draw(st.integers(1, 6))
    numbers = st.floats(0.0, 1.0) if data.draw(st.booleans()) else st.fractions(0, 1, max_denominator=9)
    weights = data.draw(st.lists(numbers, min_size=S, max_size=S).filter(any))
    values = data.draw(st.lists(st.fractions(-3, 3, max_denominator=7), min_size=S, max_size=S))
    assert uncertainty.max_radius is not None
    radius = data.draw(st.fractions(0, uncertainty.max_radius, max_denominator=8))
    nominal = np.array(weights, dtype=float if isinstance(weights[0], float) else object)
    row = Row(uncertainty, tuple(exact(w) for w in weights), tuple(values), radius)
    assert worst(uncertainty, nominal, values, radius) == enclose(row).lo
    distribution = worst_row_in_integers(uncertainty, integers(nominal), integer_values(values), radius)
    assert sum(distribution.weights) == distribution.total
    assert (
        tuple(distribution.probabilities.get(s, Fraction(0)) for s in range(S))
        == enclose(row).worst_distribution
    )


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_the_smallest_floats_keep_their_weight(uncertainty: UncertaintySet):
    """2^-1074 beside 1: the row is read on a scale of 2127 bits."""
    nominal = np.array([1.0, 5e-324, 0.0])
    values, radius = [Fraction(1), Fraction(0), Fraction(-1)], Fraction(1, 3)
    row = Row(uncertainty, tuple(map(exact, nominal.tolist())), tuple(values), radius)
    assert worst(uncertainty, nominal, values, radius) == enclose(row).lo
