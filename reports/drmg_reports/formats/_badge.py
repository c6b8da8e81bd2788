"""A badge of a validation, as JSON in the form that shields.io serves from an endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence

from drmg_check.runs import Check, Event, Footer, Header
from drmg_check.vocabulary import InputError
from drmg_reports.runs import count_checks, target_of


def render_badge(events: Sequence[Event]) -> str:
    """Return a badge as JSON in the form that shields.io serves from an endpoint.

    Raises
    ------
    InputError
        The events are no validation.

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
    header, *rest = events
    target = target_of(header) if isinstance(header, Header) else None
    if target is None:
        raise InputError("a badge is about an implementation; expected the run of a validation")
    tally = count_checks(event for event in rest if isinstance(event, Check))
    complete = isinstance(rest[-1], Footer) if rest else False
    colour = "red" if tally["failed"] else "brightgreen" if tally["passed"] and complete else "lightgrey"
    declared = json.loads(target.declaration)
    what = ", ".join(declared.get("sets", [])) or declared.get("concept", "")
    message = ", ".join(f"{n} {outcome}" for outcome, n in tally.items() if n) or "not run"
    badge = {"schemaVersion": 1, "label": f"drmg-check {what}".strip(), "message": message, "color": colour}
    return json.dumps(badge, indent=1) + "\n"
