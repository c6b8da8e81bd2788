"""Proved worst cases of all rows of a block of nominal rows, under one value vector."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from drmg_check.enclosures._blocks import OPEN_INTERVAL, sliced
from drmg_check.enclosures._kinds import enclosing, order_of
from drmg_check.enclosures._open_interval import least_values
from drmg_check.enclosures._outward import between, check_arithmetic
from drmg_check.enclosures._sweep import sweep
from drmg_check.enclosures._wasserstein import are_apart, transport
from drmg_check.models import RowBlock, SparseRows, support
from drmg_check.sets import UncertaintySet, Wasserstein, leaves_support
from drmg_check.vocabulary import Array, FloatArray, InputError, IntArray, UnsupportedError, exact
from drmg_oracles.rows import enclose, row_on_support

LARGEST_OFFSET = 2.0**500  # of values in units of their span: above, only the exact layer is meaningful
LEAST_WEIGHT = 2.0**-1000  # of rounded rows: below, a weight may have lost more than u of itself
WIDEST = 2.0**-40  # in units of the span: wider rows are done again in the exact layer, 9e-13
OF_OFFSET = 2.0**-50  # of the largest value, which no double near it tells apart: four ulps
SHARE = 2**16  # entries that are worth a thread: half a millisecond and more
BITS = 80  # of the exact layer: 1e-24 of the span


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Rows as enclosing kernels read them: see :func:`entries_of`.

    >>> from drmg_check.models import DenseRows
    >>> entries_of(DenseRows([[[0.5, 0.5]]])).rounded
    False

    Attributes
    ----------
    starts : int64 array [blocks + 1]
        Where each eight rows begin, in entries of a lane.
    columns : uint32 array
    weights : float64 array
        Entry j of row l of a block at ``8 (starts[block] + j) + l``, with weight 0 where a row has ended.
    rounded : bool
        Whether a weight is the rounding of an exact one.
    block : RowBlock
        Where they come from, with exact weights.
    """

    starts: IntArray
    columns: IntArray
    weights: FloatArray
    rounded: bool
    block: RowBlock


@dataclass(frozen=True, slots=True, eq=False)
class Radii:
    """Exact radii between doubles: see :func:`radii_between`.

    >>> radii_between(np.array([0.5])).low.tolist()
    [0.5]

    Attributes
    ----------
    exact : array [n]
    low, high : float64 array [n]
        Next to them, or equal.
    """

    exact: Array
    low: FloatArray
    high: FloatArray


def entries_of(block: RowBlock) -> Entries:
    """Return rows in slices of eight, as enclosing kernels read them; an array is compressed.

    Raises
    ------
    UnsupportedError
        A rounded weight is too small to be near its exact one.

    Examples
    --------
    >>> from drmg_check.models import DenseRows
    >>> entries = entries_of(DenseRows([[["1/3", 0, "2/3"]]]))
    >>> entries.columns[::8].tolist(), entries.weights[::8].tolist(), entries.rounded
    ([0, 2], [0.3333333333333333, 0.6666666666666666], True)
    """
    if isinstance(block, SparseRows):
        indptr, indices, weights, exactly = block.indptr, block.indices, block.P, block.weights
    else:
        S, A, after = block.shape
        flat = block.P.reshape(S * A, after)
        row, indices = np.nonzero(flat)
        indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=S * A))]).astype(np.int64)
        weights, exactly = flat[row, indices], block.weights.reshape(S * A, after)[row, indices]
    rounded = any_rounded(exactly)
    if rounded and float(weights.min()) < LEAST_WEIGHT:
        raise UnsupportedError(
            f"a weight rounds to {float(weights.min())!r}; enclosing kernels need rounded weights of at "
            f"least "
            f"{LEAST_WEIGHT!r}; the exact certificate handles it"
        )
    starts, columns, p = sliced(
        np.ascontiguousarray(indptr, dtype=np.int64),
        np.ascontiguousarray(indices),
        np.ascontiguousarray(weights),
    )
    return Entries(starts, columns, p, rounded, block)


def any_rounded(numbers: Array) -> bool:
    """Return whether one of the numbers is no double."""
    return numbers.dtype == object and any(x != float(x) for x in set(numbers.ravel().tolist()))


def radii_between(radius: Array) -> Radii:
    """Return doubles on both sides of each exact radius.

    >>> from fractions import Fraction
    >>> radii = radii_between(np.array([Fraction(1, 10), Fraction(1, 4)], dtype=object))
    >>> (radii.low < radii.high).tolist()
    [True, False]
    """
    if radius.dtype == np.float64:
        return Radii(radius, radius, radius)
    low, high = np.empty(radius.shape), np.empty(radius.shape)
    known: dict[object, tuple[float, float]] = {}
    for k, number in enumerate(radius.tolist()):
        if number not in known:
            known[number] = between(exact(number))
        low[k], high[k] = known[number]
    return Radii(radius, low, high)


def enclosed_expectations(
    uncertainty: UncertaintySet, entries: Entries, radii: Radii, V: FloatArray, *, threads: int = 1
) -> tuple[FloatArray, FloatArray]:
    r"""Return doubles ``lo <= inf { E_q V : D(q, p) <= rho } <= hi`` for every row p.

    An enclosing kernel finds where the worst case is about, and proves bounds there, which hold whatever was
    found; their error terms are derived in its module. Rows that come out wider than ``2^-40`` of the span of
    V, and sets without such a kernel, are enclosed exactly, row by row, and rounded outward.

    Parameters
    ----------
    uncertainty : UncertaintySet
    entries : Entries
        Of n rows over S states: see :func:`entries_of`.
    radii : Radii
        Of the n rows, in the range of the set.
    V : array [S]
        Finite values, taken exactly.
    threads : int
        Rows are shared out to at most so many, fewer where there is little to do; the result is the same.

    Raises
    ------
    InputError
        Values that are not finite, or of another length.
    NumericalError
        The thread's arithmetic is not that of IEEE: nothing is proved then.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from drmg_check.models import DenseRows
    >>> from drmg_check.sets import TotalVariation
    >>> rows = entries_of(DenseRows([[["1/3", "2/3"]]]))
    >>> radius = radii_between(np.array([Fraction(1, 10)], dtype=object))
    >>> lo, hi = enclosed_expectations(TotalVariation(), rows, radius, np.array([0.0, 1.0]))
    >>> exactly = Fraction(2, 3) - Fraction(1, 10)
    >>> bool(lo[0] <= exactly <= hi[0]), bool(hi[0] - lo[0] < 1e-14)
    (True, True)
    """
    check_arithmetic()
    V = np.ascontiguousarray(V, dtype=np.float64)
    states = entries.block.shape[2]
    if V.shape != (states,) or not np.isfinite(V).all():
        raise InputError(
            f"V.shape={V.shape} with {int((~np.isfinite(V)).sum())} not finite; expected [{states}], finite"
        )
    ball, canonical = uncertainty.canonical(radii.exact)
    bounds = radii if canonical is radii.exact else radii_between(np.asarray(canonical))
    n = len(radii.low)
    low, high = float(V.min()), float(V.max())
    if low == high:
        return np.full(n, low), np.full(n, high)
    exponent = math.frexp(high / 2.0 - low / 2.0)[1] + 1
    lo, hi = np.full(n, np.nan), np.full(n, np.nan)
    W = np.ldexp(V, -exponent)
    if enclosing.has(type(ball)) and np.abs(W).max() <= LARGEST_OFFSET:
        _swept(ball, entries, bounds, W, exponent, threads, lo, hi)
    with np.errstate(invalid="ignore", over="ignore"):
        enough = WIDEST * (high / 2.0 - low / 2.0) * 2.0 + OF_OFFSET * max(abs(low), abs(high))
        wide = ~(hi - lo <= enough)
    for row in np.flatnonzero(wide).tolist():
        lo[row], hi[row] = _exactly(uncertainty, entries, radii, V, row)
    return lo, hi


def _swept(
    ball: UncertaintySet,
    entries: Entries,
    bounds: Radii,
    W: FloatArray,
    exponent: int,
    threads: int,
    lo: FloatArray,
    hi: FloatArray,
) -> None:
    """Write what the kernels prove of every row; each thread makes sure of its own arithmetic."""
    kind = enclosing(ball)
    half = exponent // 2
    scale = np.array([2.0**half, 2.0 ** (exponent - half), 2.0**-half, 2.0 ** (half - exponent)])
    rounded = float(entries.rounded)
    rows = entries.starts, entries.columns, entries.weights
    if isinstance(ball, Wasserstein):
        if not are_apart(ball):
            return
        part = transport(ball, rows, bounds.exact, W, scale, rounded, lo, hi)
    else:
        floor = float(W.min()) if leaves_support(ball) else math.nan
        longest = int(np.diff(entries.starts).max())
        least = least_values(W, bounds.low, longest) if kind == OPEN_INTERVAL else np.empty((4, 0))
        order = order_of(ball)

        def part(begin: int, end: int) -> None:
            sweep(
                kind, begin, end, *rows, bounds.low, bounds.high, W, floor, least, order, scale, rounded,
                lo, hi,
            )  # fmt: skip

    def checked(begin: int, end: int) -> None:
        check_arithmetic()
        part(begin, end)

    blocks = len(entries.starts) - 1
    threads = min(threads, max(len(entries.weights) // SHARE, 1))
    if threads == 1:
        part(0, blocks)
        return
    cuts = [blocks * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(checked, *pair) for pair in pairwise(cuts)]:
            future.result()


def _exactly(
    uncertainty: UncertaintySet, entries: Entries, radii: Radii, V: FloatArray, row: int
) -> tuple[float, float]:
    A = entries.block.shape[1]
    states, weights = support(entries.block, row // A, row % A)
    radius = exact(radii.exact[row])
    bounds = enclose(row_on_support(uncertainty, states.tolist(), weights.tolist(), radius, V), bits=BITS)
    return between(bounds.lo)[0], between(bounds.hi)[1]
