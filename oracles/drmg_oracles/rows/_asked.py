"""Which worst cases a computation asks for, so that who relies on it can have each of them proved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from drmg_check.sets import Row

Asked: TypeAlias = dict[Row, int]
_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def asked_rows() -> Iterator[Asked]:
    """Yield a dictionary that fills, until the end of the block, with the rows asked for and the bits.

    Rows are those of :func:`enclose`, of :func:`worst_case_exact` and of the exact recursions of games; a
    worst case that comes out of a cache is not asked for. Of an exact one the bits are 0.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles.rows import asked_rows, worst_case_exact
    >>> with asked_rows() as asked:
    ...     worst_case_exact(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(1, 4)
    >>> len(asked)
    1
    """
    asked: Asked = {}
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def is_recording() -> bool:
    """Whether somebody wants to know; a recursion asks once a step.

    >>> is_recording()
    False
    """
    return _asked.get() is not None


def note_row(row: Row, bits: int) -> None:
    """Take note of a row; the closest enclosure counts.

    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles.rows import asked_rows, note_row
    >>> row = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> with asked_rows() as asked:
    ...     note_row(row, 100), note_row(row, 50)
    (None, None)
    >>> asked == {row: 100}
    True
    """
    if (asked := _asked.get()) is not None:
        asked[row] = max(bits, asked.get(row, 0))
