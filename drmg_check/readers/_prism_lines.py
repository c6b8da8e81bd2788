"""The lines of PRISM's explicit files: fields, headers, indices; each surprise is one refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from drmg_check.vocabulary import InputError

Place: TypeAlias = tuple[int, int]
"""A state and a choice."""

_COMMA = re.compile(r"\s*,\s*")


def lines(text: str) -> Iterator[list[str]]:
    """Yield the fields of each line that is neither empty nor a comment; an interval is one field."""
    for line in text.splitlines():
        fields = _COMMA.sub(",", line).split()
        if fields and not fields[0].startswith("#"):
            yield fields


def natural(text: str, what: str) -> int:
    """Return an index of at most nine digits."""
    if not re.fullmatch("[0-9]{1,9}", text):
        raise InputError(f"{what}: {text[:60]!r} is no index; expected an integer >= 0")
    return int(text)


def entry(fields: list[str], chain: bool, what: str) -> tuple[Place, int, str]:
    """Return (s, a), s' and the value of ``s [a] s' value [action]``."""
    numbers = 2 if chain else 3
    if not numbers < len(fields) <= numbers + 2:
        raise InputError(
            f"{what} line {' '.join(fields)[:60]!r}; expected: s {'' if chain else 'a '}s' value"
        )
    s, *choice, t = (natural(field, what) for field in fields[:numbers])
    return (s, choice[0] if choice else 0), t, fields[numbers]


def body(text: str, sizes: list[int], what: str) -> list[list[str]]:
    """Return the lines below the header of a file of rewards, once the header fits the model and the file.

    PRISM writes the model's states, its choices if it has any, and the number of lines. So a file without
    header, one that was cut off and one of another model are told from what is meant: states are counted
    from 0, so that no line but the header can start with S.
    """
    header, *rows = list(lines(text)) or [[]]
    fits = [[*map(str, sizes), str(len(rows))]]
    if len(sizes) > 1:  # some exporters count the choices that have a reward
        fits.append([str(sizes[0]), str(len({tuple(row[:2]) for row in rows})), str(len(rows))])
    if header not in fits:
        raise InputError(
            f"the {what} file starts with {' '.join(header)[:60]!r}; expected {' '.join(fits[0])!r}, that is "
            f"states {'choices ' * (len(sizes) - 1)}lines: it lacks its header, is cut off, or is of another "
            "model"
        )
    return rows
