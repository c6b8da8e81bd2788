"""Rows are the same distributions whether they are kept as an array or by their supports."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drmg_check.models import (
    DenseRows,
    SparseRows,
    exact_array,
    float_array,
    float_rows,
    n_successors,
    support,
)
from drmg_check.vocabulary import Array, InputError

THIRD = Fraction(1, 3)


def compressed(array: Array) -> SparseRows:
    """Return the rows ``[S, A, S']`` by their supports."""
    S, A, after = array.shape
    supports = [np.flatnonzero(row) for row in array.reshape(-1, after)]
    return SparseRows(
        indptr=np.cumsum([0, *map(len, supports)]),
        indices=np.concatenate(supports),
        weights=np.concatenate(
            [row[kept] for row, kept in zip(array.reshape(-1, after), supports, strict=True)]
        ),
        shape=(S, A, after),
    )


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    S, A, after = (draw(st.integers(1, 4)) for _ in range(3))
    counts = st.lists(st.integers(0, 4), min_size=after, max_size=after).filter(any)
    array = np.empty((S, A, after), dtype=object)
    for s, a in np.ndindex(S, A):
        row = draw(counts)
        array[s, a] = [Fraction(count, sum(row)) for count in row]
    return array.astype(float) if draw(st.booleans()) else array


@given(arrays())
def test_both_forms_say_the_same(array: Array):
    dense, sparse = DenseRows(array), compressed(array)
    assert dense.shape == sparse.shape == array.shape
    counts = np.count_nonzero(array, axis=-1).tolist()
    assert n_successors(dense).tolist() == n_successors(sparse).tolist() == counts
    for s, a in np.ndindex(*array.shape[:2]):
        for mine, other in zip(support(dense, s, a), support(sparse, s, a), strict=True):
            assert mine.tolist() == other.tolist()
    assert np.array_equal(float_array(dense), float_array(sparse))
    assert exact_array(sparse).dtype == array.dtype
    assert exact_array(dense).tolist() == exact_array(sparse).tolist() == array.tolist()
    for rows in (dense, sparse):
        ((part, written),) = float_rows(rows)
        assert (part.start, part.stop) == (0, array.shape[0] * array.shape[1])
        assert np.array_equal(written, float_array(rows).reshape(-1, array.shape[2]))


def test_many_compressed_rows_are_written_out_a_few_at_a_time_and_none_is_left_out():
    states = 2**11
    rows = SparseRows(
        indptr=np.arange(1101), indices=np.arange(1100), weights=np.ones(1100), shape=(550, 2, states)
    )
    parts = list(float_rows(rows))
    assert [(part.start, part.stop) for part, _ in parts] == [(0, 512), (512, 1024), (1024, 1100)]
    assert np.array_equal(np.concatenate([written for _, written in parts]), np.eye(1100, states))


def test_an_array_is_not_copied_by_who_sweeps_it():
    rows = DenseRows(np.full((2, 1, 2), 0.5))
    ((_, written),) = float_rows(rows)
    assert np.shares_memory(written, rows.P)
    assert float_array(rows) is rows.P
    assert exact_array(rows) is rows.weights


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"indptr": [0, 2]}, r"indptr.shape=\(2,\).*expected \[S A \+ 1\]"),
        ({"weights": [1]}, r"weights.shape=\(1,\)"),
        ({"indptr": [0, 0, 3]}, "every row has a support"),
        ({"indptr": [0, 2, 2]}, "indptr goes from 0 to 2; expected 0 to 3"),
        ({"indptr": [1, 2, 3]}, "indptr goes from 1"),
        ({"indptr": [0.0, 2.0, 3.0]}, "indptr has shape .* float64; expected integers"),
        ({"indices": [0, 3, 1]}, "indices reach 3; expected states 0 <= s < 3"),
        ({"indices": [-1, 2, 1]}, "expected states 0 <= s < 3"),
        ({"indices": [2, 0, 1]}, "increasing states in each row"),
        ({"indices": [2, 2, 1]}, "increasing states in each row"),
        ({"weights": ["1/3", "2/3", 0]}, r"weights\[2\]=0; expected a positive weight, or no entry"),
        ({"weights": ["4/3", "-1/3", 1]}, r"weights\[1\]=-1/3"),
        ({"weights": ["1/3", "1/3", 1]}, r"rows\[0, 0\] sums to 0.66"),
        ({"weights": [0.5, 0.5, 0.9]}, r"rows\[0, 1\] sums to 0.9"),
        ({"weights": [0.5, 0.5, float("nan")]}, r"weights\[2\]=nan is not finite"),
        ({"shape": (1, 2, 0)}, "expected"),
    ],
)
def test_illegal_compressed_rows_are_refused(changes: dict, message: str):
    legal: dict = {
        "indptr": [0, 2, 3],
        "indices": [0, 2, 1],
        "weights": ["1/3", "2/3", 1],
        "shape": (1, 2, 3),
    }
    SparseRows(**legal)
    with pytest.raises(InputError, match=message):
        SparseRows(**(legal | changes))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[0.5, 0.5]], r"rows.shape=\(1, 2\); expected \[S, A, S'\]"),
        (np.empty((1, 0, 2)), r"rows.shape=\(1, 0, 2\)"),
        ([[["1/2", "1/3"]]], r"rows\[0, 0\] sums to 0.83"),
        ([[[1.5, -0.5]]], r"rows\[0, 0, 1\]=-0.5 is negative"),
    ],
)
def test_illegal_arrays_are_refused(weights: object, message: str):
    with pytest.raises(InputError, match=message):
        DenseRows(weights)


def test_rounding_is_forgiven_as_in_an_array():
    """A row of three states may be off by 3 2^-52, whatever its support."""
    for off, legal in ((3, True), (4, False)):
        weights = [Fraction(1, 2), Fraction(1, 2) + Fraction(off, 2**52), Fraction(0)]
        for rows in (lambda w: DenseRows([[w]]), lambda w: compressed(np.array([[w]], dtype=object))):
            if legal:
                rows(weights)
            else:
                with pytest.raises(InputError, match="expected 1 up to rounding"):
                    rows(weights)
