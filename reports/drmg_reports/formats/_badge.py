"""A badge of a run, as JSON in the form that shields.io serves from an endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence

from drmg_check.runs import Event
from drmg_reports.runs import Audited, Validated, count_checks, read_run

NOTHING = "not run"


def render_badge(events: Sequence[Event]) -> str:
    """Return a badge as JSON in the form that shields.io serves from an endpoint.

    Of a validation it counts checks, of an audit the verdicts that are as expected.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports.runs.read_run`).

    Examples
    --------
    >>> from drmg_check.runs import example_validation
    >>> print(render_badge(example_validation()), end="")
    {
     "schemaVersion": 1,
     "label": "drmg-check tv",
     "message": "1 passed, 1 failed, 1 skipped",
     "color": "red"
    }
    """
    run = read_run(events)
    label, message, bad, good = _of_audit(run) if isinstance(run, Audited) else _of_validation(run)
    colour = "red" if bad else "brightgreen" if good and run.footer is not None else "lightgrey"
    badge = {"schemaVersion": 1, "label": label, "message": message, "color": colour}
    return json.dumps(badge, indent=1) + "\n"


def _of_validation(run: Validated) -> tuple[str, str, int, int]:
    tally = count_checks(run.checks)
    declared = json.loads(run.target.declaration)
    what = ", ".join(declared.get("sets", [])) or declared.get("concept", "")
    message = ", ".join(f"{n} {outcome}" for outcome, n in tally.items() if n) or NOTHING
    return f"drmg-check {what}".strip(), message, tally["failed"], tally["passed"]


def _of_audit(run: Audited) -> tuple[str, str, int, int]:
    decided = [result for result in run.results if result.found]
    expected = sum(result.outcome == "as expected" for result in decided)
    message = f"{expected} of {len(decided)} verdicts as expected" if decided else NOTHING
    return "drmg-check audit", message, len(run.alarms), expected
