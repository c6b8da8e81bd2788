"""An audit in Markdown: the sentence, the table of claims, each counterexample."""

from __future__ import annotations

from drmg_check.vocabulary import visible
from drmg_reports.formats.markdown._escape import code_block, escape_line, inline_code
from drmg_reports.runs import Audited, Judgement
from drmg_reports.words import audit_sentence, duration, slack_interval

_MARKS = {
    "holds": "✅",
    "holds on a list": "✅",
    "proved": "✅",
    "refuted": "❌",
    "unproved": "❔",
    "vacuous": "∅",
    "not checkable": "➖",
}


def audit_blocks(run: Audited) -> list[str]:
    """Return the blocks of the page but for the facts: what comes before them, and what after."""
    blocks = [_table(run)] if run.judgements else []
    return blocks + [
        _counterexamples(each) for each in run.judgements if any(r.counterexample for r in each.results)
    ]


def audit_heading(run: Audited) -> str:
    """Return the verdict as a heading."""
    return f"# {escape_line(audit_sentence(run))}"


def audit_alarms(run: Audited) -> list[str]:
    """Return the lines about each unexpected verdict and each error."""
    return [
        f"- {inline_code(result.case)}: "
        + (
            f"error: {escape_line(result.note)}"
            if result.outcome == "error"
            else f"found {escape_line(result.found)}, expected {escape_line(judgement.claim.expected)}"
        )
        for judgement in run.alarms
        for result in judgement.results
        if result.outcome in ("unexpected", "error")
    ]


def _table(run: Audited) -> str:
    rows = [
        "| Id | Claim | Found | Expected | Smallest slack | Instances | Time |",
        "|---|---|---|---|--:|--:|--:|",
    ]
    for judgement in run.judgements:
        alarming = judgement.outcome in ("unexpected", "error")
        mark = "⚠️" if alarming else _MARKS.get(judgement.status, "➖")
        cells = (
            escape_line(judgement.claim.id),
            f"{escape_line(judgement.claim.title)} ({escape_line(judgement.claim.place)})",
            f"{mark} {escape_line(judgement.status)}",
            escape_line(judgement.claim.expected),
            escape_line(slack_interval(*judgement.smallest)),
            f"{judgement.instances:,}",
            duration(judgement.seconds),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _counterexamples(judgement: Judgement) -> str:
    claim = judgement.claim
    summary = f"{escape_line(claim.id)} {escape_line(claim.title)}: {escape_line(judgement.status)}"
    blocks = [f"<details><summary>{summary}</summary>", escape_line(claim.statement)]
    for result in judgement.results:
        if result.counterexample:
            lines = (*result.counterexample.lines, result.replay)
            blocks.append(code_block([visible(line.replace("\n", " ")) for line in lines]))
    if claim.corrected:
        blocks.append(f"Corrected by {escape_line(claim.corrected)}.")
    return "\n\n".join([*blocks, "</details>"])
