"""Compressed rows as files have them: put in order, zeros left out, states named once, and that is said."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from drmg_check.models import SparseRows
from drmg_check.readers._limits import MAX_RATIONALS
from drmg_check.vocabulary import Array, InputError, InputWarning, IntArray, exact, numbers_array

AT_ONCE = 2**20  # entries that are sorted together: 32 MB of work, whatever the game's size


def compressed_rows(
    indptr: IntArray, indices: IntArray, weights: Array, shape: tuple[int, int, int], name: str = "P"
) -> SparseRows:
    """Return the rows that arrays of ``scipy.sparse.csr_array`` mean, entries being in any order.

    A weight of 0 is no successor. A state that a row names again has the sum of its weights, taken exactly:
    sets are over states, not over entries. That and another order are told by an :class:`InputWarning`.

    Raises
    ------
    InputError
        Arrays that do not fit together, or that :class:`SparseRows` refuses.

    Examples
    --------
    >>> ends, states, weights = np.array([0, 2, 3]), np.array([0, 1, 1]), np.array([0.5, 0.5, 1.0])
    >>> compressed_rows(ends, states, weights, (2, 1, 2)).indices.tolist()
    [0, 1, 1]
    """
    counts: IntArray = np.diff(indptr.astype(np.int64)).astype(np.int64, copy=False)
    if indptr[0] != 0 or indptr[-1] != len(indices) or np.any(counts < 0):
        raise InputError(
            f"{name}_indptr goes from {int(indptr[0])} to {int(indptr[-1])}; expected 0 to {len(indices)}, "
            "increasing"
        )
    if weights.dtype.kind == "U":
        weights = numbers_array(weights, f"{name}_weights")
    parts = [_ordered(*part) for part in _blocks(counts, indices, weights)]
    unordered, repeated = sum(part[3] for part in parts), sum(part[4] for part in parts)
    if not unordered and not repeated and sum(len(part[1]) for part in parts) == len(indices):
        return SparseRows(indptr=indptr, indices=indices, weights=weights, shape=shape)
    counts = np.concatenate([part[0] for part in parts])
    if any(part[2].dtype == object for part in parts) and len(indices) > MAX_RATIONALS:
        raise InputError(
            f"{name} has {len(indices):,} entries, and rows in which weights of one state sum to no float64 "
            "number; add them yourself, as sum_duplicates() of SciPy does, which rounds"
        )
    _say(name, unordered, repeated)
    return SparseRows(
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        indices=np.concatenate([part[1] for part in parts]),
        weights=np.concatenate([part[2] for part in parts]),
        shape=shape,
    )


def rows_of_table(rows: Mapping[tuple[int, int], Mapping[int, Fraction]], S: int, A: int) -> SparseRows:
    """Return rows ``{(s, a): {s': weight}}``, as floats where that loses nothing.

    >>> half = Fraction(1, 2)
    >>> rows = rows_of_table({(0, 0): {1: half, 0: half}, (1, 0): {1: Fraction(1)}}, 2, 1)
    >>> rows.indices.tolist(), rows.weights.tolist()
    ([0, 1, 1], [0.5, 0.5, 1.0])
    """
    numbers = {weight for row in rows.values() for weight in row.values()}
    exactly = any(float(weight) != weight for weight in numbers)
    places = ((s * A + a, rows[s, a].items()) for s, a in np.ndindex(S, A))
    return rows_of_entries(places, (S, A, S), exactly=exactly)


def rows_of_entries(
    rows: Iterable[tuple[int, Iterable[tuple[int, float | Fraction]]]],
    shape: tuple[int, int, int],
    *,
    exactly: bool,
) -> SparseRows:
    """Return rows that come one by one: each place ``s A + a`` once, with its states and their weights.

    Weights of 0 are left out. With ``exactly`` they are kept as Fractions, else as floats.

    >>> rows = rows_of_entries([(1, [(0, 1.0)]), (0, [(1, 0.75), (0, 0.25)])], (2, 1, 2), exactly=False)
    >>> rows.indptr.tolist(), rows.indices.tolist(), rows.weights.tolist()
    ([0, 2, 3], [0, 1, 0], [0.25, 0.75, 1.0])
    """
    places, indices, which = array("q"), array("q"), array("q")
    known: dict[float | Fraction, int] = {}  # tables repeat a few weights many times
    for place, row in rows:
        for t, weight in row:
            if weight:
                places.append(place)
                indices.append(t)
                which.append(known.setdefault(weight, len(known)))
    distinct = np.empty(len(known), dtype=object if exactly else np.float64)
    distinct[:] = [exact(weight) if exactly else float(weight) for weight in known]
    of_row, states = (np.frombuffer(each, dtype=np.int64) for each in (places, indices))
    weights = distinct[np.frombuffer(which, dtype=np.int64)]
    if np.any((np.diff(of_row) < 0) | ((np.diff(of_row) == 0) & (np.diff(states) < 0))):
        order = np.lexsort((states, of_row))
        of_row, states, weights = of_row[order], states[order], weights[order]
    ends = np.concatenate([[0], np.cumsum(np.bincount(of_row, minlength=shape[0] * shape[1]))])
    return SparseRows(indptr=ends, indices=states, weights=weights, shape=shape)


def _blocks(
    counts: IntArray, indices: IntArray, weights: Array
) -> Iterator[tuple[IntArray, IntArray, Array]]:
    """Yield whole rows, about ``AT_ONCE`` entries of them."""
    ends = np.concatenate([[0], np.cumsum(counts)])
    row = 0
    while row < len(counts):
        last = max(int(np.searchsorted(ends, ends[row] + AT_ONCE, side="right")) - 1, row + 1)
        part = slice(ends[row], ends[last])
        yield counts[row:last], indices[part], weights[part]
        row = last


def _ordered(
    counts: IntArray, indices: IntArray, weights: Array
) -> tuple[IntArray, IntArray, Array, int, int]:
    """Return rows in order, and how many rows were not, and how many entries named a state again."""
    row = np.repeat(np.arange(len(counts)), counts)
    indices = indices.astype(np.int64, copy=False)
    kept = weights != 0
    if not kept.all():
        row, indices, weights = row[kept], indices[kept], weights[kept]
    falls = (np.diff(row) == 0) & (np.diff(indices) <= 0)
    unordered = len(np.unique(row[1:][falls & (np.diff(indices) < 0)]))
    if falls.any():
        order = np.lexsort((indices, row))
        row, indices, weights = row[order], indices[order], weights[order]
    again = np.flatnonzero((np.diff(row) == 0) & (np.diff(indices) == 0)) + 1
    if len(again):
        weights = _added(weights, again)
        row, indices = np.delete(row, again), np.delete(indices, again)
    return np.bincount(row, minlength=len(counts)), indices, weights, unordered, len(again)


def _added(weights: Array, again: IntArray) -> Array:
    """Return weights of which those at ``again`` are added to the one before; Fractions if floats lose."""
    added: dict[int, Fraction] = {}
    first, last = -1, -2
    for k in again.tolist():
        if last != k - 1:  # the first entry of its state is the one before; else that of the last sum
            first = k - 1
        added[first] = added.get(first, exact(weights[first])) + exact(weights[k])
        last = k
    lossless = weights.dtype == np.float64 and all(float(total) == total for total in added.values())
    result = weights.copy() if lossless else np.array([exact(x) for x in weights.tolist()], dtype=object)
    for k, total in added.items():
        result[k] = float(total) if lossless else total
    kept: Array = np.delete(result, again)
    return kept


def _say(name: str, unordered: int, repeated: int) -> None:
    said = []
    if repeated:
        said.append(
            f"{repeated:,} entries named a state that their row had named already: its weights were added"
        )
    if unordered:
        said.append(f"{unordered:,} rows were not in the order of states, and were sorted")
    if said:
        warnings.warn(f"{name}: {'; '.join(said)}", InputWarning, stacklevel=3)
