"""A study on the terminal: its numbers, its findings, its criteria."""

from __future__ import annotations

from textwrap import indent, wrap

from rich.console import Console
from rich.text import Text

from drmg_check.documents import Criterion, Study, StudyTable
from drmg_check.vocabulary import visible
from drmg_reports.formats.terminal._layout import print_facts, print_part
from drmg_reports.formats.terminal._prose import Prose
from drmg_reports.formats.terminal._shown import NORMALLY, Shown
from drmg_reports.words import finding_facts, measured, setting_facts, value_text


def print_study(console: Console, study: Study, shown: Shown = NORMALLY) -> None:
    """Print a study, and an empty line; ``quiet`` leaves the criteria that are not met.

    >>> from drmg_check.documents import example_study
    >>> print_study(Console(width=80), example_study(), Shown(quiet=True))
    """
    if not shown.quiet:
        _print_opening(console, study)
        for table in study.tables:
            print_table(console, table)
            console.print()
        if findings := finding_facts(study.findings):
            print_facts(console, findings)
            console.print()
    criteria = [criterion for criterion in study.criteria if not (shown.quiet and criterion.met)]
    for criterion in criteria:
        _print_criterion(console, criterion)
    if study.small and not shown.quiet:
        console.print("\nSmaller than the size for which the criteria are meant.", style="bold")
    if criteria:
        console.print()


def _print_opening(console: Console, study: Study) -> None:
    print_part(console, Prose(f"{study.name}: {study.question}", style="bold"))
    print_facts(console, setting_facts(study.setting))
    console.print()


def print_table(console: Console, table: StudyTable) -> None:
    """Print the rows of a table below the names of its columns.

    >>> from drmg_check.documents import example_study
    >>> print_table(Console(width=80), example_study().tables[0])
    uniform play, N   M  H  gap / rho
                  1  64  8      6.576
                  2   2  8      1.607
                  2   8  8      2.325
                  2  32  8     0.7951
                  3   4  8      1.123
                  3  12  8     0.1756
    """
    kinds = [kind for _, kind in table.columns]
    rows = [
        [name for name, _ in table.columns],
        *([value_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows),
    ]
    widths = [max(len(row[k]) for row in rows) for k in range(len(kinds))]
    for k, row in enumerate(rows):
        cells = [
            f"{cell:<{width}}" if kind == "text" else f"{cell:>{width}}"
            for cell, width, kind in zip(row, widths, kinds, strict=True)
        ]
        style = "dim" if k == 0 else ""
        console.print(visible("  ".join(cells).rstrip()), style=style, soft_wrap=True)


def _print_criterion(console: Console, criterion: Criterion) -> None:
    mark, style = ("met", "bold green") if criterion.met else ("NOT MET", "bold red")
    lines = wrap(visible(f"{criterion.statement}: {measured(criterion)}"), console.width - 9)
    text = indent("\n".join(lines), " " * 9)[9:]
    console.print(Text.assemble((f"{mark:<9}", style), text), soft_wrap=True)
