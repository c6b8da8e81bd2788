"""An unfinished run: refused unless it is to be resumed, so that nothing which took hours is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drmg_check.runs._plan import check_same_plan
from drmg_check.runs._read import holds_nothing, is_complete, read_events
from drmg_check.runs._records import Event, Header
from drmg_check.vocabulary import InputError


def earlier_events(run_file: Path, plan: Header, *, resume: bool) -> Sequence[Event]:
    """Return what an unfinished run of the same plan left in a file; nothing to start over.

    A complete run is replaced unless it is to be resumed, and so is a file in which nothing but the beginning
    of a header is.

    Raises
    ------
    InputError
        The file is an unfinished run and not to be resumed, it is one of another plan, or it is none that can
        be read: damaged, of another version, or a stranger's.

    Examples
    --------
    >>> from pathlib import Path
    >>> from drmg_check.runs import example_audit
    >>> earlier_events(Path("no-such-file.ndjson"), example_audit()[0], resume=True)
    ()
    """
    if holds_nothing(run_file):
        return ()
    try:
        events = read_events(run_file)
    except InputError as error:
        raise InputError(f"{error}; move or delete it to start over, or choose another --out") from error
    if resume:
        check_same_plan(plan, events)
        return events
    if len(events) > 1 and not is_complete(events):
        raise InputError(
            f"{run_file} is an unfinished run with {len(events) - 1} results; add --resume to go on "
            f"with it, delete it to start over, or choose another --out"
        )
    return ()
