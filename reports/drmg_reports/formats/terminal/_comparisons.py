"""Two runs compared, and many in a row, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from drmg_check.vocabulary import brief, visible
from drmg_reports.documents import CertificateComparison, ChangedBounds
from drmg_reports.runs import TREND_COLUMNS, CaseChange, Moment, RunComparison
from drmg_reports.words import (
    CHANGES,
    certificates_sentence,
    certificates_settings,
    change_mark,
    changed_numbers,
    changes_by_kind,
    comparison_sentence,
    comparison_warnings,
    duration,
    one_line,
    shown_side,
)

MOST_CHANGES = 12
"""Changes of a kind that are listed; ``verbose`` lists all."""
MOST_SLOWER = 3


def print_comparison(console: Console, comparison: RunComparison, *, verbose: bool = False) -> None:
    """Print what differs between two runs, the worse first, and one sentence.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import compare_runs
    >>> print_comparison(Console(width=80), compare_runs(example_audit(), example_audit()))
    0 worse, 2 the same; 500 ms -> 500 ms of work
    """
    for name, pair in comparison.settings.items():
        _wrapped(console, f"{name}: {pair[0]} -> {pair[1]}", style="dim")
    for kind, changes in changes_by_kind(comparison):
        console.print(f"\n{CHANGES[kind]}: {len(changes)}", style="bold")
        shown = changes if verbose else changes[:MOST_CHANGES]
        for change in shown:
            _print_change(console, change)
        if rest := len(changes) - len(shown):
            console.print(f"  and {rest} more; --verbose lists them", style="dim")
    if comparison.settings or comparison.changes:
        console.print()
    for case, before, after in comparison.slower[:MOST_SLOWER]:
        _wrapped(console, f"slower: {case}, {duration(before)} -> {duration(after)}", style="dim")
    for text in comparison_warnings(comparison):
        console.print(text, style="bold red")
    console.print(
        Text(comparison_sentence(comparison), style="bold red" if comparison.worse else "bold green")
    )


def print_certificate_comparison(
    console: Console, comparison: CertificateComparison, *, verbose: bool = False
) -> None:
    """Print what differs between two certificates, the gaps first, and one sentence.

    >>> from drmg_check.documents import example_certificate
    >>> from drmg_reports import compare_certificates
    >>> comparison = compare_certificates(example_certificate(), example_certificate())
    >>> print_certificate_comparison(Console(width=80), comparison)
    0 gaps grew, 0 shrank; 0 other numbers differ, 7 are the same
    """
    for name, text in certificates_settings(comparison).items():
        _wrapped(console, f"{name}: {text}", style="dim")
    lines = list(changed_numbers(comparison))
    shown = lines if verbose else lines[:MOST_CHANGES]
    if shown and certificates_settings(comparison):
        console.print()
    for change, text in shown:
        style = "bold red" if change.worse else "green" if change.better else ""
        _wrapped(console, f"{_mark_of(change)} {text}", indent=2, style=style)
    if rest := len(lines) - len(shown):
        console.print(f"  and {rest} more; --verbose lists them", style="dim")
    if lines or certificates_settings(comparison):
        console.print()
    style = "bold red" if comparison.worse else "bold green"
    console.print(Text(certificates_sentence(comparison), style=style))


def print_trend(console: Console, moments: Sequence[Moment]) -> None:
    """Print a line for each run; its number is its place on the axis of the curves.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports import trend_of_runs
    >>> runs = [("monday", example_audit()), ("tuesday", example_audit())]
    >>> print_trend(Console(width=80), trend_of_runs(runs))
    run           started  as expected  worse  better    work
      1  2026-01-01 00:00            2                 500 ms
      2  2026-01-01 00:00            2      0       0  500 ms
    <BLANKLINE>
    1  monday
    2  tuesday
    """
    columns = [column for column in TREND_COLUMNS if any(moment.counts[column] for moment in moments)]
    heads = ["run", "started", *columns, "worse", "better", "work"]
    table = [
        [
            str(k),
            moment.header.started.removesuffix("Z").replace("T", " ")[:16],
            *(str(moment.counts[column]) for column in columns),
            *(("", "") if k == 1 else (str(moment.worse), str(moment.better))),
            duration(moment.seconds),
        ]
        for k, moment in enumerate(moments, 1)
    ]
    widths = [max(len(row[j]) for row in (heads, *table)) for j in range(len(heads))]
    for k, row in enumerate((heads, *table)):
        cells = [f"{one_line(cell):>{width}}" for cell, width in zip(row, widths, strict=True)]
        style = "dim" if k == 0 else "bold red" if k > 1 and moments[k - 1].worse else ""
        console.print(Text("  ".join(cells), style=style), soft_wrap=True)
    console.print()
    for k, moment in enumerate(moments, 1):
        console.print(Text(f"{k}  {one_line(moment.name)}", style="dim"), soft_wrap=True)


def _print_change(console: Console, change: CaseChange) -> None:
    style = "bold red" if change.worse else "green" if change.better else ""
    pair = " -> ".join(shown_side(text) for text in (change.before, change.after) if text)
    case = one_line(brief(change.case, 48))
    head = Text.assemble(f"  {_mark_of(change)} ", (case, style), f"  {one_line(pair)}")
    console.print(head, soft_wrap=len(head) <= console.width)
    if change.worse and change.why:
        _wrapped(console, change.why, indent=4, style="dim")
    if change.worse and change.replay:
        console.print(Text(f"    {one_line(change.replay)}", style="cyan"), soft_wrap=True)


def _mark_of(change: CaseChange | ChangedBounds) -> str:
    return change_mark(worse=change.worse, better=change.better)


def _wrapped(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    space = " " * indent
    lines: Sequence[str] = wrap(
        visible(text.replace("\n", " ")), console.width, initial_indent=space, subsequent_indent=f"{space}  "
    )
    console.print("\n".join(lines), style=style, soft_wrap=True)
