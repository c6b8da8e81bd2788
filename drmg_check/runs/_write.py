"""The record of a run on disk: whatever kills the run, what it completed is there."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drmg_check.files import regular_target, write_whole
from drmg_check.runs._lines import encode_event
from drmg_check.runs._plan import in_plan_order
from drmg_check.runs._read import is_complete, read_events, whole_lines
from drmg_check.runs._records import Emit, Event


@contextmanager
def recording(path: Path, *, resume: bool = False) -> Iterator[Emit]:
    """Append each event to ``path`` the moment it is emitted.

    Leaving the context with a complete run puts its results into plan order, in one atomic step: two
    runs of one plan then differ in times only, however they were interrupted.

    Parameters
    ----------
    path : Path
    resume : bool
        Keep the whole lines that are there, drop a torn last line, and append; else start over.

    Raises
    ------
    OSError
        With ``filename`` set: the file cannot be opened or written, or the disk is full.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.runs import example_audit
    >>> with TemporaryDirectory() as folder:
    ...     with recording(Path(folder, "run.ndjson")) as record:
    ...         for event in example_audit():
    ...             record(event)
    ...     read_events(Path(folder, "run.ndjson")) == example_audit()
    True
    """
    file_path = regular_target(path)
    # Unbuffered: every line is with the operating system before the next case is asked for.
    with file_path.open("r+b" if resume else "wb", buffering=0) as file:
        if resume:
            file.truncate(whole_lines(path))
            file.seek(0, 2)

        def record(event: Event) -> None:
            line = encode_event(event)
            try:
                written = file.write(line)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from error
            if written != len(line):
                raise OSError(errno.ENOSPC, "no space left for a whole record", str(path))

        yield record
    events = read_events(path)
    if is_complete(events):
        write_events(path, in_plan_order(events))


def write_events(path: Path, events: Iterable[Event]) -> None:
    """Write a run as NDJSON in the order given; the file appears complete or not at all.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.runs import example_audit
    >>> with TemporaryDirectory() as folder:
    ...     write_events(Path(folder, "run.ndjson"), example_audit())
    ...     len(read_events(Path(folder, "run.ndjson")))
    4
    """
    write_whole(path, b"".join(map(encode_event, events)))
