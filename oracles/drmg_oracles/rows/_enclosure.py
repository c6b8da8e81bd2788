"""One entry for every uncertainty set: a certified interval, or the exact number where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

from drmg_check.sets import L1, Contamination, Interval, Row, TotalVariation, Wasserstein, leaves_support
from drmg_check.vocabulary import UnsupportedError, check_type
from drmg_oracles.rows._certificate import Enclosure
from drmg_oracles.rows._polyhedral import enclose_contamination, enclose_interval, enclose_tv, tv_worst_case
from drmg_oracles.rows._smooth import enclose_smooth
from drmg_oracles.rows._transport import enclose_wasserstein

_RECORD: ContextVar[list[Enclosure] | None] = ContextVar("_RECORD", default=None)


@contextmanager
def recorded_enclosures() -> Iterator[list[Enclosure]]:
    """Collect what :func:`enclose` returns within the block, and certificates of exact worst cases.

    A result that rests on worst-case expectations can so be handed on with their proofs.
    """
    found: list[Enclosure] = []
    token = _RECORD.set(found)
    try:
        yield found
    finally:
        _RECORD.reset(token)


def enclose(row: Row, *, bits: int = 110) -> Enclosure:
    """Return a certified interval that contains ``inf { E_q V : D(q, p) <= rho }``.

    Parameters
    ----------
    row : Row
        A nominal row, a value vector, a radius and any uncertainty set.
    bits : int
        The interval is at most ``2**-bits`` times the span of V over the admissible states wide; exact,
        lo == hi, for TV, L1, contamination, interval and Wasserstein, whatever ``bits``.

    Raises
    ------
    InputError
        Something else than a row.
    NumericalError
        A divergence ball that would need more than 12,000 bits of working precision.
    """
    check_type(row, Row, "row", "a Row, as from Row.of")
    check_type(bits, int, "bits", "a number of bits")
    found = _enclose(row, bits)
    if (record := _RECORD.get()) is not None:
        record.append(found)
    return found


def _enclose(row: Row, bits: int) -> Enclosure:
    if isinstance(row.uncertainty, TotalVariation | L1):
        return enclose_tv(row)
    if isinstance(row.uncertainty, Contamination):
        return enclose_contamination(row)
    if isinstance(row.uncertainty, Interval):
        return enclose_interval(row)
    if isinstance(row.uncertainty, Wasserstein):
        return enclose_wasserstein(row)
    return enclose_smooth(row, bits)


def worst_case_exact(row: Row) -> Fraction:
    """Return the exact worst case of a row of a polyhedral set, without a certificate.

    Sparse TV, L1 and contamination rows cost O(support log support) and one minimum over the states.
    For whole games, :func:`tv_worst_case` lets the caller take that minimum once per sweep.

    Raises
    ------
    UnsupportedError
        The worst case of a divergence ball is irrational in general; :func:`enclose` it.
    """
    kind, rho = row.uncertainty, row.radius
    if isinstance(kind, Interval | Wasserstein):
        return enclose(row).hi
    if not isinstance(kind, TotalVariation | L1 | Contamination):
        raise UnsupportedError(f"uncertainty={kind} has no exact worst case; use enclose(row)")
    support = [s for s, weight in enumerate(row.nominal) if weight]
    weights, values = [row.nominal[s] for s in support], [row.values[s] for s in support]
    if _RECORD.get() is not None:
        enclose(row)  # only for its certificate
    floor = min(row.values) if leaves_support(kind) else min(values)
    if isinstance(kind, Contamination):
        return (1 - rho) * tv_worst_case(weights, values, floor, Fraction(0)) + rho * floor
    return tv_worst_case(weights, values, floor, rho / 2 if isinstance(kind, L1) else rho)
