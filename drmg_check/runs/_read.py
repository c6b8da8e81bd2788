"""A run from its file: one record a line (NDJSON), read only if the lines tell one consistent story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from drmg_check.runs._lines import decode_event
from drmg_check.runs._records import SCHEMA_VERSION, Check, Event, Footer, Header, Result
from drmg_check.vocabulary import InputError

_BEGINNING = b'{"type":"header",'


class _AnySchema(msgspec.Struct, tag_field="type", tag="header"):
    schema: int


def read_events(path: Path | str) -> tuple[Event, ...]:
    """Read a run, finished or not.

    A run that died has no footer, and its last line may be torn (it lacks the newline); what it
    completed is returned, and :func:`is_complete` tells the two apart.

    Returns
    -------
    tuple of Event
        The header, then one result per case in the order of the file, then the footer if there is one.

    Raises
    ------
    InputError
        No such file, no header, another schema, a line that is no record, a case twice or not
        planned, anything after the footer, or a footer that miscounts.

    Examples
    --------
    >>> from importlib.resources import files
    >>> path = files("drmg_check.runs") / "audit.example.ndjson"
    >>> len(read_events(path))
    4
    """
    try:
        data = _regular(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; expected the NDJSON file of a run") from error
    lines = data.split(b"\n")[:-1]  # what follows the last newline is empty or torn
    if not lines:
        died = ": the run died before it began" if holds_nothing(path) else "; expected the file of a run"
        raise InputError(f"{path} holds no header{died}")
    _check_schema(lines[0], path)
    events = tuple(decode_event(line, f"{path}, line {k}") for k, line in enumerate(lines, 1))
    _check_story(events, path)
    return events


def whole_lines(path: Path | str) -> int:
    """Return how many bytes of the file are whole lines; a kill leaves the rest torn.

    >>> from importlib.resources import files
    >>> whole_lines(files("drmg_check.runs") / "audit.example.ndjson") > 1000
    True
    """
    return _regular(path).read_bytes().rfind(b"\n") + 1


def holds_nothing(path: Path | str) -> bool:
    """Whether a run may begin in this file: it is not there, or a kill left a torn header at most.

    >>> holds_nothing("no-such-file.ndjson")
    True
    """
    if not _regular(path).exists():
        return True
    data = Path(path).read_bytes()
    return b"\n" not in data and data.startswith(_BEGINNING[: len(data)])


def _regular(path: Path | str) -> Path:
    if Path(path).exists() and not Path(path).is_file():
        raise InputError(f"{path} is no regular file; expected the NDJSON file of a run")
    return Path(path)  # a pipe or a device might never end


def is_complete(events: Sequence[Event]) -> bool:
    """Whether the run reached its footer.

    >>> from drmg_check.runs import example_audit
    >>> is_complete(example_audit()), is_complete(example_audit()[:2])
    (True, False)
    """
    return bool(events) and isinstance(events[-1], Footer)


def _check_schema(line: bytes, path: Path | str) -> None:
    try:
        schema = msgspec.json.decode(line, type=_AnySchema).schema
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}, line 1: {error}; expected the header of a drmg-check run") from error
    if schema != SCHEMA_VERSION:
        raise InputError(
            f"{path} has schema={schema}; this drmg-check reads schema={SCHEMA_VERSION}: "
            f"use the version that wrote it"
        )


def _check_story(events: Sequence[Event], path: Path | str) -> None:
    header, seen = events[0], set[str]()
    if not isinstance(header, Header):
        raise InputError(f"{path}, line 1 is a {_kind(header)}; expected the header")
    planned = set(header.cases)
    for k, event in enumerate(events[1:], 2):
        if isinstance(event, Header):
            raise InputError(f"{path}, line {k} is a second header; expected one run per file")
        if isinstance(event, Footer):
            if k != len(events):
                raise InputError(f"{path}, line {k + 1} follows the footer; expected the end of the file")
            _check_footer(event, events, planned - seen, path)
        elif event.case in seen:
            raise InputError(
                f"{path}, line {k}: case={event.case!r} is there twice; expected one result each"
            )
        elif event.case not in planned:
            raise InputError(f"{path}, line {k}: case={event.case!r} is not among the cases of the header")
        else:
            seen.add(event.case)


def _check_footer(footer: Footer, events: Sequence[Event], missing: set[str], path: Path | str) -> None:
    counted = tuple(count_outcomes(events).values())
    stated = (footer.results, footer.unexpected, footer.errors, footer.skipped)
    if missing:
        raise InputError(f"{path} has a footer but no result for {sorted(missing)[0]!r}: lines were removed")
    if stated != counted:
        raise InputError(
            f"{path}: the footer counts (results, unexpected, errors, skipped)={stated}, "
            f"the file has {counted}: lines were changed"
        )


def count_outcomes(events: Iterable[Event]) -> dict[str, int]:
    """Return the counts that a footer states; a failed check is unexpected.

    >>> from drmg_check.runs import example_validation
    >>> count_outcomes(example_validation())
    {'results': 3, 'unexpected': 1, 'errors': 0, 'skipped': 1}
    """
    outcomes = [event.outcome for event in events if isinstance(event, Result | Check)]
    unexpected = outcomes.count("unexpected") + outcomes.count("failed")
    return {
        "results": len(outcomes),
        "unexpected": unexpected,
        "errors": outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
    }


def _kind(event: Event) -> str:
    return type(event).__name__.lower()
