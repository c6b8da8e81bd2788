"""Rebuild ``reports/sample``: the audit of the paper's claims, as NDJSON and as HTML.

Run by ``make sample``. What differs from run to run or from machine to machine is set to fixed values, so
that the same claims give the same bytes: the start, all times (0), and the versions, of which there is only
a note that says so. Everything else is what the audit found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from drmg_check.runs import (
    Event,
    Footer,
    Header,
    Result,
    count_outcomes,
    in_plan_order,
    read_events,
    write_events,
)
from drmg_check.zoo import named_games
from drmg_properties.audit import AuditPlan, audit, claim_text, list_claims, plan
from drmg_reports import write_html

FOLDER = Path("reports/sample")
RUN, PAGE = FOLDER / "audit.ndjson", FOLDER / "audit.html"  # in replay lines, pasted at the repository's root
LEFT_OUT = {"sample": "start, times and versions are left out"}  # it changes only when a result does


def planned_sample() -> AuditPlan:
    """Return the plan of the sample: the whole ledger and every named game, as ``drmg-check audit`` does."""
    games = [f"zoo:{name}" for name in named_games()]
    return plan(list_claims(), games, "ci", 0, run_file=str(RUN))


def without_times(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return a run in plan order, without what varies between equal runs."""
    return tuple(
        msgspec.structs.replace(event, started="2026-01-01T00:00:00Z", versions=LEFT_OUT)
        if isinstance(event, Header)
        else msgspec.structs.replace(event, seconds=0.0)
        for event in in_plan_order(events)
    )


def main() -> None:
    """Run the audit, or what is new of it, and write both files."""
    parser = argparse.ArgumentParser(description="Rebuild reports/sample.")
    parser.add_argument("--new", action="store_true", help="judge only claims that are new or restated")
    parser.add_argument("--render", action="store_true", help="only render the page again")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    words = parser.parse_args()
    events = read_events(RUN) if words.render else _judge(planned_sample(), words.jobs, keep=words.new)
    sample = without_times(events)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_events(RUN, sample)
    write_html(sample, PAGE)
    said = ", ".join(f"{n} {name}" for name, n in count_outcomes(sample).items())
    sys.stdout.write(f"{FOLDER}: {said}\n")
    footer = sample[-1]
    if not isinstance(footer, Footer) or footer.unexpected or footer.errors:
        raise SystemExit(1)


def _judge(planned: AuditPlan, jobs: int, *, keep: bool) -> tuple[Event, ...]:
    events: list[Event] = [planned.header]
    if keep:
        cases, texts = set(planned.header.cases), [claim_text(entry) for entry in list_claims()]
        events += [
            event
            for event in read_events(RUN)
            if isinstance(event, Result) and event.case in cases and event.claim in texts
        ]
    audit(planned, jobs=jobs, emit=events.append, resume_from=tuple(events))
    return tuple(events)


if __name__ == "__main__":
    main()
