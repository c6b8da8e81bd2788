"""The HTML report of a run: one file that needs no network, no server and no script to be read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from drmg_check.files import write_whole
from drmg_check.runs import Event, encode_event
from drmg_reports.formats.html._audits import audit_parts
from drmg_reports.formats.html._checks import validation_parts
from drmg_reports.formats.html._templates import environment, file_text, inert, style_sheet
from drmg_reports.runs import Audited, read_run


def write_html(events: Sequence[Event], path: Path) -> None:
    """Write :func:`render_html` of ``events`` to ``path``, in UTF-8 with Unix line ends.

    >>> from tempfile import TemporaryDirectory
    >>> from drmg_check.runs import example_audit
    >>> with TemporaryDirectory() as folder:
    ...     write_html(example_audit(), Path(folder, "audit.html"))
    """
    write_whole(path, render_html(events))


def render_html(events: Sequence[Event]) -> str:
    """Return the report of one run as a single HTML page.

    The page is a pure function of the events: the same events give the same bytes. It contains no network
    address, forbids itself every request by its content security policy, and escapes every string.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports.runs.read_run`).

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> render_html(example_audit())[:15]
    '<!doctype html>'
    """
    run = read_run(events)
    audited = isinstance(run, Audited)
    parts = audit_parts(run) if isinstance(run, Audited) else validation_parts(run)
    script = file_text("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        environment()
        .get_template("report.html" if audited else "validation.html")
        .render(
            run=run,
            **parts,
            style=style_sheet(),
            script=Markup(script),  # noqa: S704 - our own file
            script_digest=f"sha256-{digest}",
            data=inert(b"".join(encode_event(event) for event in events).decode()),
        )
    )
