"""Two recorded runs, small enough to be read: for examples, and to try a new report on."""

from __future__ import annotations

from importlib.resources import files

from drmg_check.runs._lines import decode_event
from drmg_check.runs._records import Event


def example_audit() -> tuple[Event, ...]:
    """Return an audit of two claims: one is refuted, the other is its correction.

    >>> [type(event).__name__ for event in example_audit()]
    ['Header', 'Result', 'Result', 'Footer']
    """
    return _events("audit")


def example_validation() -> tuple[Event, ...]:
    """Return a validation of a function that takes the radius for half of what it is.

    >>> [event.outcome for event in example_validation()[1:-1]]
    ['passed', 'skipped', 'failed']
    """
    return _events("validation")


def _events(name: str) -> tuple[Event, ...]:
    lines = (files("drmg_check.runs") / f"{name}.example.ndjson").read_bytes().splitlines()
    return tuple(decode_event(line, f"line {k} of the example") for k, line in enumerate(lines, 1))
