"""Two runs compared, in Markdown."""

from __future__ import annotations

from drmg_reports.formats.markdown._escape import code_block, escape_line
from drmg_reports.runs import RunComparison
from drmg_reports.words import (
    CHANGES,
    change_mark,
    changes_by_kind,
    comparison_sentence,
    comparison_warnings,
    one_line,
    shown_side,
)


def render_comparison(comparison: RunComparison) -> str:
    """Return the comparison as GitHub-flavoured Markdown; every string is escaped.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import compare_runs
    >>> print(render_comparison(compare_runs(example_audit(), example_audit())), end="")
    # 0 worse, 2 the same; 500 ms -&gt; 500 ms of work
    """
    blocks = [f"# {escape_line(comparison_sentence(comparison))}"]
    blocks += [f"> [!CAUTION]\n> {escape_line(text)}" for text in comparison_warnings(comparison)]
    if comparison.settings:
        blocks.append(
            "\n".join(
                f"- {escape_line(name)}: {escape_line(a)} → {escape_line(b)}"
                for name, (a, b) in comparison.settings.items()
            )
        )
    for kind, changes in changes_by_kind(comparison):
        rows = ["| | Case | Before | After |", "|---|---|---|---|"]
        for change in changes:
            cells = (
                change_mark(worse=change.worse, better=change.better),
                f"{escape_line(change.case)} {escape_line(change.title)}",
                escape_line(shown_side(change.before)),
                escape_line(shown_side(change.after)),
            )
            rows.append(f"| {' | '.join(cells)} |")
        blocks.append(f"## {CHANGES[kind].capitalize()}\n\n" + "\n".join(rows))
        blocks += [
            f"{escape_line(change.case)}: {escape_line(change.why)}\n\n"
            + code_block([one_line(change.replay)])
            for change in changes
            if change.worse and change.replay
        ]
    return "\n\n".join(blocks) + "\n"
