"""The Markdown report: a page for a pull request or the step summary of a CI job."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drmg_check.runs import Event
from drmg_check.vocabulary import visible
from drmg_reports._run import Judgement, Run, read_run, sentence
from drmg_reports._show import duration, slack

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$#@]|:(?=//)|(?<=www)\.)")
_MARKS = {
    "holds": "✅",
    "proved": "✅",
    "refuted": "❌",
    "unproved": "❔",
    "vacuous": "∅",
    "not checkable": "➖",
}


def render_markdown(events: Sequence[Event]) -> str:
    """Return the run as GitHub-flavoured Markdown: the sentence, the table, each counterexample.

    Every string is escaped: it can form no markup, link, mention or formula.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports._run.read_run`).
    """
    run = read_run(events)
    blocks = [f"# {escaped(sentence(run))}", *_alarms(run), _facts(run)]
    if run.judgements:
        blocks.append(_table(run))
    blocks += [_counterexamples(one) for one in run.judgements if any(r.counterexample for r in one.results)]
    return "\n\n".join(blocks) + "\n"


def _alarms(run: Run) -> list[str]:
    blocks = []
    if run.footer is None:
        planned, missing = len(run.header.cases), len(run.missing)
        blocks.append(
            f"> [!CAUTION]\n> This run did not finish: {missing} of {planned} planned cases have no result."
        )
    if run.alarms:
        lines = [
            f"> - {_code(result.case)}: "
            + (
                f"error: {escaped(result.note)}"
                if result.outcome == "error"
                else f"found {escaped(result.found)}, expected {escaped(one.claim.expected)}"
            )
            for one in run.alarms
            for result in one.results
            if result.outcome in ("unexpected", "error")
        ]
        blocks.append("\n".join(["> [!WARNING]", "> Not as expected:", ">", *lines]))
    return blocks


def _facts(run: Run) -> str:
    header = run.header
    return (
        f"drmg-check {escaped(header.tool_version)}, profile {escaped(header.profile)}, seed {header.seed}, "
        f"started {escaped(header.started)}, {duration(run.seconds)}."
    )


def _table(run: Run) -> str:
    rows = [
        "| Id | Claim | Found | Expected | Smallest slack | Instances | Time |",
        "|---|---|---|---|--:|--:|--:|",
    ]
    for one in run.judgements:
        mark = "⚠️" if one.outcome in ("unexpected", "error") else _MARKS.get(one.status, "➖")
        cells = (
            escaped(one.claim.id),
            f"{escaped(one.claim.title)} ({escaped(one.claim.place)})",
            f"{mark} {escaped(one.status)}",
            escaped(one.claim.expected),
            escaped(slack(*one.smallest)),
            f"{one.instances:,}",
            duration(one.seconds),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _counterexamples(judgement: Judgement) -> str:
    claim = judgement.claim
    summary = f"{escaped(claim.id)} {escaped(claim.title)}: {escaped(judgement.status)}"
    blocks = [f"<details><summary>{summary}</summary>", escaped(claim.statement)]
    for result in judgement.results:
        if result.counterexample:
            lines = (*result.counterexample.lines, result.replay)
            blocks.append(fenced([visible(line.replace("\n", " ")) for line in lines]))
    if claim.corrected:
        blocks.append(f"Corrected by {escaped(claim.corrected)}.")
    return "\n\n".join([*blocks, "</details>"])


def escaped(text: str) -> str:
    """Escape for a line of Markdown outside code."""
    return _SPECIAL.sub(_escape_one, " ".join(visible(text).split()))


def _escape_one(match: re.Match[str]) -> str:
    # A mention is found in the rendered text, where a backslash is gone; an empty comment stays.
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@<!-- -->"}.get(match[1], f"\\{match[1]}")


def _code(text: str) -> str:
    shown = " ".join(visible(text).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def fenced(lines: Sequence[str]) -> str:
    """Return a block of code that its lines cannot end."""
    body = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}"
