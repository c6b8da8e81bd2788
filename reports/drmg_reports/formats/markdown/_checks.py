"""A validation in Markdown: the verdict, the table of checks, each failure."""

from __future__ import annotations

from drmg_check.runs import Check
from drmg_check.vocabulary import visible
from drmg_reports.formats.markdown._escape import code_block, escape_line, inline_code
from drmg_reports.runs import Validated, same_failures
from drmg_reports.words import duration, fault_name, validation_headline, validation_sentence

_MARKS = {"passed": "✅", "failed": "❌", "xfail": "❔", "skipped": "➖"}


def validation_heading(run: Validated) -> str:
    """Return the verdict as a heading."""
    headline = validation_headline(run.target, run.checks)
    return f"# {escape_line(f'{headline}. {validation_sentence(run.checks)}')}"


def validation_alarms(run: Validated) -> list[str]:
    """Return the lines about each failed check."""
    return [
        f"- {inline_code(check.case)}: {escape_line(check.reason)}"
        for check in run.checks
        if check.outcome == "failed"
    ]


def validation_blocks(run: Validated) -> list[str]:
    """Return the blocks that follow the facts."""
    blocks = [_table(run)] if run.checks else []
    return blocks + [_failure(group) for group in same_failures(run.checks)]


def _table(run: Validated) -> str:
    rows = [
        "| Check | What it promises | Outcome | Accuracy | Answers | Time |",
        "|---|---|---|---|--:|--:|",
    ]
    for check in run.checks:
        cells = (
            escape_line(check.case),
            escape_line(check.title),
            f"{_MARKS[check.outcome]} {check.outcome}",
            escape_line(check.grade),
            f"{check.judged:,}",
            duration(check.seconds),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _failure(group: list[Check]) -> str:
    first = group[0]
    failure = first.failure
    assert failure is not None, "groups of failures are of checks with one"
    summary = f"{escape_line(first.case)} {escape_line(first.title)}: {escape_line(fault_name(failure))}"
    blocks = [f"<details><summary>{summary}</summary>"]
    if failure.diagnosis:
        blocks.append(f"Diagnosis: {escape_line(failure.diagnosis)}.")
    if len(group) > 1:
        others = ", ".join(inline_code(check.case) for check in group[1:])
        blocks.append(f"The same in {others}.")
    lines = (*failure.lines, first.replay)
    blocks.append(code_block([visible(line.replace("\n", " ")) for line in lines]))
    return "\n\n".join([*blocks, "</details>"])
