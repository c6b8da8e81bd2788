"""Nominal rows by their supports: where play may go after each (s, a), as an array or compressed.

A zero is structural, so the support is part of what a row says. Both forms mean the same distributions, and
whoever reads them asks for the support of a row, or for float64 rows that a kernel can sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    IntArray,
    check_distributions,
    check_sum,
    float_view,
    numbers_array,
)

WHOLE = 2**20  # float64 numbers of compressed rows that are written out at once: 8 MB


@dataclass(frozen=True, slots=True, eq=False)
class DenseRows:
    """The distributions ``P(. | s, a)`` as one array: best where rows reach a good part of the states.

    Parameters
    ----------
    weights : array [S, A, S']
        A row means its exact normalisation, and its exact sum lies within ``S' 2^-52`` of 1.
    view : float64 array [S, A, S'], optional
        The weights rounded, from a caller that has checked them: a game checks and rounds all steps at once.

    Attributes
    ----------
    P : float64 array [S, A, S']
        The weights as kernels read them.

    Raises
    ------
    InputError
        Another shape, a negative weight, or a sum that is not 1.

    Examples
    --------
    >>> rows = DenseRows([[["1/3", "2/3"], [0, 1]]])  # one state, two joint actions, two next states
    >>> rows.shape
    (1, 2, 2)
    >>> rows.P[0, 0].tolist()
    [0.3333333333333333, 0.6666666666666666]
    """

    weights: Array
    P: FloatArray = field(init=False, repr=False)
    view: InitVar[FloatArray | None] = None

    def __post_init__(self, view: FloatArray | None) -> None:
        if view is None:
            weights = numbers_array(self.weights, "rows")
            if weights.ndim != 3 or 0 in weights.shape:
                raise InputError(f"rows.shape={weights.shape}; expected [S, A, S']")
            check_distributions(weights, "rows")
            object.__setattr__(self, "weights", weights)
            view = float_view(weights)
        object.__setattr__(self, "P", view)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The numbers of states, of joint actions and of next states."""
        S, A, after = self.weights.shape
        return S, A, after


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SparseRows:
    """The distributions ``P(. | s, a)`` compressed: a row takes what its support takes, whatever S' is.

    Parameters
    ----------
    indptr : int array [S A + 1]
        Row ``(s, a)`` holds the entries ``indptr[s A + a]`` to ``indptr[s A + a + 1]``.
    indices : int array [n]
        Next states, increasing in each row.
    weights : array [n]
        Positive; a row means its exact normalisation, and its exact sum lies within ``S' 2^-52`` of 1.
    shape : tuple (S, A, S')

    Attributes
    ----------
    P : float64 array [n]
        The weights as kernels read them.

    Raises
    ------
    InputError
        Arrays that do not fit together, a state that does not exist or is listed twice, a weight that is not
        positive, or a sum that is not 1.

    Examples
    --------
    >>> rows = SparseRows(indptr=[0, 2, 3], indices=[0, 2, 1], weights=["1/3", "2/3", 1], shape=(1, 2, 3))
    >>> support(rows, 0, 0)
    (array([0, 2]), array([Fraction(1, 3), Fraction(2, 3)], dtype=object))
    """

    indptr: IntArray
    indices: IntArray
    weights: Array
    shape: tuple[int, int, int]
    P: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        weights = numbers_array(self.weights, "weights")
        indptr, indices = _integers(self.indptr, "indptr"), _integers(self.indices, "indices")
        S, A, after = self.shape
        if min(self.shape) < 1 or indptr.shape != (S * A + 1,) or weights.shape != indices.shape:
            raise InputError(
                f"indptr.shape={indptr.shape}, indices.shape={indices.shape}, weights.shape={weights.shape}; "
                f"expected [S A + 1] and two of the same length for (S, A, S')={self.shape}"
            )
        if indptr[0] != 0 or indptr[-1] != len(indices) or np.any(np.diff(indptr) < 1):
            raise InputError(
                f"indptr goes from {int(indptr[0])} to {int(indptr[-1])}; expected 0 to {len(indices)}, "
                "increasing, for every row has a support"
            )
        if indices.min() < 0 or indices.max() >= after:
            raise InputError(f"indices reach {int(indices.max())}; expected states 0 <= s < {after}")
        within = np.ones(len(indices), dtype=bool)
        within[indptr[:-1]] = False  # the first entry of a row has no predecessor
        if np.any(np.diff(indices, prepend=-1)[within] < 1):
            raise InputError("indices repeat or fall within a row; expected increasing states in each row")
        least = int(np.argmin(weights > 0))
        if not weights[least] > 0:
            raise InputError(f"weights[{least}]={weights[least]}; expected a positive weight, or no entry")
        _check_sums(weights, indptr, self.shape)
        view = float_view(weights)
        for name, value in (("indptr", indptr), ("indices", indices), ("weights", weights), ("P", view)):
            object.__setattr__(self, name, value)


RowBlock: TypeAlias = DenseRows | SparseRows
"""The nominal rows of a stage, one for each (s, a)."""


def support(rows: RowBlock, s: int, a: int) -> tuple[IntArray, Array]:
    """Return the states that follow (s, a) with positive probability, in order, and their exact weights.

    Examples
    --------
    >>> states, weights = support(DenseRows([[["1/3", 0, "2/3"]]]), 0, 0)
    >>> states.tolist(), weights.tolist()
    ([0, 2], [Fraction(1, 3), Fraction(2, 3)])
    """
    if isinstance(rows, SparseRows):
        row = s * rows.shape[1] + a
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        return rows.indices[part], rows.weights[part]
    weights = rows.weights[s, a]
    states = np.flatnonzero(weights)
    return states, weights[states]


def compressed(rows: RowBlock) -> SparseRows:
    """Return the same rows without the states that do not follow.

    >>> compressed(DenseRows([[["1/3", 0, "2/3"]]])).indices.tolist()
    [0, 2]
    """
    if isinstance(rows, SparseRows):
        return rows
    S, A, after = rows.shape
    weights = rows.weights.reshape(S * A, after)
    row, states = np.nonzero(weights)
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=S * A))])
    return SparseRows(indptr=ends, indices=states, weights=weights[row, states], shape=rows.shape)


def n_successors(rows: RowBlock) -> IntArray:
    """Return how many states follow each (s, a) with positive probability, ``[S, A]``.

    Examples
    --------
    >>> n_successors(DenseRows([[["1/3", 0, "2/3"], [0, 1, 0]]])).tolist()
    [[2, 1]]
    """
    if isinstance(rows, SparseRows):
        return np.diff(rows.indptr).reshape(rows.shape[:2])
    counts: IntArray = np.count_nonzero(rows.P, axis=-1)
    return counts


def float_rows(rows: RowBlock) -> Iterator[tuple[slice, FloatArray]]:
    """Yield rows in float64, ``[n, S']``, and which of the rows ``s A + a`` they are.

    An array is given as it is; compressed rows are written out a few at a time, within 8 MB.

    Examples
    --------
    >>> rows = SparseRows(indptr=[0, 2, 3], indices=[0, 2, 1], weights=["1/4", "3/4", 1], shape=(1, 2, 3))
    >>> [(part, written.tolist()) for part, written in float_rows(rows)]
    [(slice(0, 2, None), [[0.25, 0.0, 0.75], [0.0, 1.0, 0.0]])]
    """
    S, A, after = rows.shape
    if isinstance(rows, DenseRows):
        yield slice(0, S * A), rows.P.reshape(S * A, after)
        return
    step = max(1, WHOLE // after)
    for first in range(0, S * A, step):
        part = slice(first, min(first + step, S * A))
        yield part, _written_out(rows, rows.P, part)


def float_array(rows: RowBlock) -> FloatArray:
    """Return all rows in float64 as one array ``[S, A, S']``; it is not copied if there is one.

    Examples
    --------
    >>> float_array(DenseRows([[["1/4", 0, "3/4"]]])).tolist()
    [[[0.25, 0.0, 0.75]]]
    """
    if isinstance(rows, DenseRows):
        return rows.P
    S, A, _ = rows.shape
    return _written_out(rows, rows.P, slice(0, S * A)).reshape(rows.shape)


def exact_array(rows: RowBlock) -> Array:
    """Return all exact weights as one array ``[S, A, S']``; it is not copied if there is one.

    Examples
    --------
    >>> rows = SparseRows(indptr=[0, 1], indices=[2], weights=["1"], shape=(1, 1, 3))
    >>> exact_array(rows).tolist()
    [[[Fraction(0, 1), Fraction(0, 1), Fraction(1, 1)]]]
    """
    if isinstance(rows, DenseRows):
        return rows.weights
    S, A, _ = rows.shape
    return _written_out(rows, rows.weights, slice(0, S * A)).reshape(rows.shape)


def _written_out(rows: SparseRows, numbers: Array, part: slice) -> Array:
    ends = rows.indptr[part.start : part.stop + 1]
    entries = slice(ends[0], ends[-1])
    zero = 0.0 if numbers.dtype == np.float64 else Fraction(0)
    written: Array = np.full((len(ends) - 1, rows.shape[2]), zero, dtype=numbers.dtype)
    written[np.repeat(np.arange(len(ends) - 1), np.diff(ends)), rows.indices[entries]] = numbers[entries]
    return written


def _integers(values: object, name: str) -> IntArray:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not array.size:
        raise InputError(f"{name} has shape {array.shape} and type {array.dtype}; expected integers [n]")
    result: IntArray = array.astype(np.int64)
    result.setflags(write=False)
    return result


def _check_sums(weights: Array, indptr: IntArray, shape: tuple[int, int, int]) -> None:
    _, A, after = shape
    suspect = np.arange(len(indptr) - 1)
    if weights.dtype == np.float64:  # the same reserve as for an array: see check_distributions
        with np.errstate(over="ignore"):
            sums = np.add.reduceat(weights, indptr[:-1])
        # a quarter of what is allowed: the sum of floats is off by less than the rest
        suspect = np.flatnonzero(~(np.abs(sums - 1.0) <= (after + 1) * 2.0**-54))
    for row in suspect.tolist():
        part = weights[indptr[row] : indptr[row + 1]].tolist()
        check_sum(part, after, f"rows[{row // A}, {row % A}]")
