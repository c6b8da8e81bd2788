"""The rows that an implementation gets are the rows that it is judged on, number by number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.referee.asking import float_parts, row_as_given
from drmg_check.referee.levels._row_questions import (
    complexity,
    family_rows,
    generated_rows,
    smaller_rows,
    smoke_rows,
)
from drmg_check.sets import KullbackLeibler, Row, TotalVariation
from drmg_check.targets import set_family
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import enclose

NAMES = st.sampled_from(["tv", "kl", "chi2", "reverse-kl", "wasserstein", "interval:nominal"])


@given(NAMES.flatmap(lambda name: generated_rows(set_family(name))))
def test_generated_rows_pass_through_floats_unchanged(row: Row):
    p, V, rho = float_parts(row)
    assert Row.of(row.uncertainty, p, V, rho) == row
    assert row_as_given(row) == row
    assert sum(row.nominal) == 1


@pytest.mark.parametrize("name", ["tv", "kl"])
def test_probabilities_of_family_rows_sum_to_one_up_to_the_tiny_ones(name: str):
    """So that it does not matter whether an implementation normalises, even at a radius of 5e-324."""
    for rows in family_rows(name).values():
        for row in rows:
            assert abs(sum(row.nominal) - 1) <= sum(x for x in row.nominal if x < Fraction(1, 2**53))
            assert abs(sum(row.nominal) - 1) < Fraction(1, 2**53)


def test_a_third_is_rounded_to_the_grid():
    row = row_as_given(Row.of(KullbackLeibler(), ["1/3", "1/3", "1/3"], ["1/10", 0, 1], "1/10"))
    assert sum(row.nominal) == 1
    assert row.values[0] == Fraction(0.1)
    assert row.radius == Fraction(0.1)
    assert max(abs(x - Fraction(1, 3)) for x in row.nominal) <= Fraction(1, 2**53)


@pytest.mark.parametrize("values", [[Fraction(1, 3) * Fraction(2) ** -1060, 0], [10**400, 0]])
def test_a_derived_row_that_floats_cannot_mean_is_not_asked(values: list[Fraction]):
    """Halving 5e-324 would turn a tiny probability into a structural zero."""
    row = Row(TotalVariation(), (Fraction(1), Fraction(1)), tuple(map(Fraction, values)), Fraction(0))
    with pytest.raises(UnsupportedError, match="beyond float64"):
        float_parts(row)


@given(NAMES.flatmap(lambda name: generated_rows(set_family(name))))
def test_smaller_rows_are_legal_rows_of_the_same_kind(row: Row):
    for smaller in smaller_rows(row):
        assert smaller.uncertainty.kind == row.uncertainty.kind
        assert row_as_given(smaller) == smaller
        assert complexity(smaller)[0] <= complexity(row)[0]


def test_smoke_rows_have_values_that_a_reader_can_check():
    expected = {"one-state": Fraction(3), "radius-zero": Fraction(2), "two-states": Fraction(1, 4)}
    found = {name: enclose(row) for name, row in smoke_rows(set_family("tv")).items()}
    assert {name: truth.lo for name, truth in found.items()} == expected
