"""Proved worst cases of all rows of a block of nominal rows, under one value vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drmg_check.enclosures._outward import check_arithmetic
from drmg_check.enclosures._sweep import (
    CHI2,
    CONTAMINATION,
    CRESSIE_READ,
    HELLINGER,
    INTERVAL,
    KL,
    REVERSE_KL,
    TV,
    sweep,
)
from drmg_check.models import RowBlock, SparseRows, support
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    PowerDivergence,
    ReverseKL,
    TotalVariation,
    UncertaintySet,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import Array, FloatArray, InputError, IntArray, UnsupportedError, exact
from drmg_oracles.rows import enclose, row_on_support

LARGEST_OFFSET = 2.0**500  # of values in units of their span: above, only the exact layer is meaningful
LEAST_WEIGHT = 2.0**-1000  # of rounded rows: below, a weight may have lost more than u of itself
WIDEST = 2.0**-40  # in units of the span: wider rows are done again in the exact layer, 9e-13
OF_OFFSET = 2.0**-50  # of the largest value, which no double near it tells apart: four ulps
BITS = 80  # of the exact layer: 1e-24 of the span


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Rows as enclosing kernels read them: see :func:`entries_of`.

    >>> from drmg_check.models import DenseRows
    >>> entries_of(DenseRows([[[0.5, 0.5]]])).rounded
    False

    Attributes
    ----------
    indptr, indices : int64 array
        As of :class:`SparseRows`.
    weights : float64 array
    rounded : bool
        Whether a weight is the rounding of an exact one.
    block : RowBlock
        Where they come from, with exact weights.
    """

    indptr: IntArray
    indices: IntArray
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


enclosing: Operation[[], int | None] = operation(
    "enclosing kernel", __name__, "proved worst cases of many rows at once", canonical=True
)


@enclosing.register(TotalVariation)
def _tv(uncertainty: TotalVariation) -> int:
    return TV


@enclosing.register(Contamination)
def _contamination(uncertainty: Contamination) -> int:
    return CONTAMINATION


@enclosing.register(KullbackLeibler)
def _kl(uncertainty: KullbackLeibler) -> int:
    return KL


@enclosing.register(ChiSquare)
def _chi2(uncertainty: ChiSquare) -> int:
    return CHI2


@enclosing.register(Hellinger)
def _hellinger(uncertainty: Hellinger) -> int:
    return HELLINGER


@enclosing.register(ReverseKL)
def _reverse_kl(uncertainty: ReverseKL) -> int:
    return REVERSE_KL


@enclosing.register(CressieRead)
def _cressie_read(uncertainty: CressieRead) -> int:
    return CRESSIE_READ


@enclosing.register(Interval)
def _interval(uncertainty: Interval) -> int | None:
    """Serve the nominal support alone: beyond it each row would need the least values of all."""
    return None if uncertainty.leaves_support else INTERVAL


def entries_of(block: RowBlock) -> Entries:
    """Return rows as enclosing kernels read them; an array is compressed.

    Raises
    ------
    UnsupportedError
        A rounded weight is too small to be near its exact one.

    Examples
    --------
    >>> from drmg_check.models import DenseRows
    >>> entries = entries_of(DenseRows([[["1/3", 0, "2/3"]]]))
    >>> entries.indices.tolist(), entries.rounded
    ([0, 2], True)
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
    return Entries(
        np.ascontiguousarray(indptr, dtype=np.int64),
        np.ascontiguousarray(indices, dtype=np.int64),
        np.ascontiguousarray(weights),
        rounded,
        block,
    )


def _order_of(ball: UncertaintySet) -> FloatArray:
    """Return what :mod:`drmg_check.enclosures._cressie_read` asks of the order a, each rounded once."""
    a = ball.power[0] if isinstance(ball, PowerDivergence) else Fraction(1)
    if a in (0, 1):
        return np.array([float(a), 0.0, 0.0, 0.0, 0.0])
    return np.array([float(x) for x in (a, 1 / (a - 1), a * (a - 1), (a - 1) / a, a / (a - 1))])


def any_rounded(numbers: Array) -> bool:
    """Return whether one of the numbers is no double."""
    return numbers.dtype == object and any(x != float(x) for x in set(numbers.ravel().tolist()))


def radii_between(radius: Array) -> Radii:
    """Return doubles on both sides of each exact radius.

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
            known[number] = _between(exact(number))
        low[k], high[k] = known[number]
    return Radii(radius, low, high)


def _between(number: Fraction) -> tuple[float, float]:
    nearest = float(number)
    low = nearest if Fraction(nearest) <= number else math.nextafter(nearest, -math.inf)
    high = nearest if Fraction(nearest) >= number else math.nextafter(nearest, math.inf)
    return low, high


def enclosed_expectations(
    uncertainty: UncertaintySet, entries: Entries, radii: Radii, V: FloatArray
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

    Raises
    ------
    InputError
        Values that are not finite, or of another length.
    NumericalError
        The thread's arithmetic is not that of IEEE: nothing is proved then.

    Examples
    --------
    >>> from drmg_check.models import DenseRows
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
    n = len(entries.indptr) - 1
    lo, hi = np.full(n, np.nan), np.full(n, np.nan)
    low, high = float(V.min()), float(V.max())
    if low == high:
        return np.full(n, low), np.full(n, high)
    exponent = math.frexp(high / 2.0 - low / 2.0)[1] + 1
    W = np.ldexp(V, -exponent)
    kind = enclosing(ball) if enclosing.has(type(ball)) else None
    if kind is not None and np.abs(W).max() <= LARGEST_OFFSET:
        floor = float(W.min()) if leaves_support(ball) else math.nan
        sweep(
            kind,
            entries.indptr, entries.indices, entries.weights, bounds.low, bounds.high, W, floor,
            _order_of(ball), float(entries.rounded), lo, hi,
        )  # fmt: skip
        lo, hi = _unscaled(lo, exponent, -math.inf), _unscaled(hi, exponent, math.inf)
    with np.errstate(invalid="ignore", over="ignore"):
        enough = WIDEST * (high / 2.0 - low / 2.0) * 2.0 + OF_OFFSET * max(abs(low), abs(high))
        wide = ~(hi - lo <= enough)
    for row in np.flatnonzero(wide).tolist():
        lo[row], hi[row] = _exactly(uncertainty, entries, radii, V, row)
    return lo, hi


def _unscaled(scaled: FloatArray, exponent: int, away: float) -> FloatArray:
    """Return ``scaled 2^exponent``, a step further out where that is subnormal and rounds."""
    with np.errstate(over="ignore", invalid="ignore"):
        result: FloatArray = np.ldexp(scaled, exponent)
        moved = np.ldexp(result, -exponent) != scaled
    return np.where(moved, np.nextafter(result, away), result)


def _exactly(
    uncertainty: UncertaintySet, entries: Entries, radii: Radii, V: FloatArray, row: int
) -> tuple[float, float]:
    A = entries.block.shape[1]
    states, weights = support(entries.block, row // A, row % A)
    radius = exact(radii.exact[row])
    bounds = enclose(row_on_support(uncertainty, states.tolist(), weights.tolist(), radius, V), bits=BITS)
    return _between(bounds.lo)[0], _between(bounds.hi)[1]
