"""A run in Markdown: a page for a pull request or the step summary of a CI job."""

from __future__ import annotations

from collections.abc import Sequence

from drmg_check.runs import Event
from drmg_reports.formats.markdown._audits import audit_alarms, audit_blocks, audit_heading
from drmg_reports.formats.markdown._checks import validation_alarms, validation_blocks, validation_heading
from drmg_reports.formats.markdown._escape import escape_line
from drmg_reports.runs import Audited, ReadRun, read_run
from drmg_reports.words import duration


def render_markdown(events: Sequence[Event]) -> str:
    r"""Return the run as GitHub-flavoured Markdown: the sentence, the table, each counterexample or failure.

    Every string is escaped: it can form no markup, link, mention or formula.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports.runs.read_run`).

    Examples
    --------
    >>> from drmg_check.runs import example_validation
    >>> print(render_markdown(example_validation()).splitlines()[0])
    # mine.py:half\_radius passes 1 of 2 checks. At fault in 1 check: too optimistic (unsafe) in 1.
    """
    run = read_run(events)
    if isinstance(run, Audited):
        heading, alarms, blocks = audit_heading(run), audit_alarms(run), audit_blocks(run)
    else:
        heading, alarms, blocks = validation_heading(run), validation_alarms(run), validation_blocks(run)
    return "\n\n".join([heading, *_cautions(run, alarms), _facts(run), *blocks]) + "\n"


def _cautions(run: ReadRun, alarms: Sequence[str]) -> list[str]:
    blocks = []
    if run.footer is None:
        planned, missing = len(run.header.cases), len(run.missing)
        what = "claims and games" if isinstance(run, Audited) else "checks"
        blocks.append(
            f"> [!CAUTION]\n> This run did not finish: {missing} of {planned} planned {what} have no result."
        )
    if alarms:
        told = "Not as expected" if isinstance(run, Audited) else "Failed"
        lines = ["> [!WARNING]", f"> {told}:", ">", *(f"> {alarm}" for alarm in alarms)]
        blocks.append("\n".join(lines))
    return blocks


def _facts(run: ReadRun) -> str:
    header = run.header
    return (
        f"drmg-check {escape_line(header.tool_version)}, profile {escape_line(header.profile)}, "
        f"seed {header.seed}, started {escape_line(header.started)}, {duration(run.seconds)}."
    )
