"""A run on the terminal: progress while it lasts, then its summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from drmg_check.runs import Check, Emit, Event, Header, Result
from drmg_reports.formats.terminal._audits import WIDE, audit_line, audit_sections
from drmg_reports.formats.terminal._checks import validation_line, validation_sections
from drmg_reports.formats.terminal._layout import print_part
from drmg_reports.formats.terminal._shown import NORMALLY, Shown
from drmg_reports.runs import Audited, read_run, target_of
from drmg_reports.words import duration, one_line

EVERY = 60.0
"""Seconds between two lines of a run that is piped."""
MOST_RUNNING = 3
"""Cases named beside the bar; more workers are seldom, and have no room."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a run: what to call with each event, and with each case that begins."""

    show: Emit
    begin: Callable[[str], None]


@contextmanager
def progress_handler(console: Console, *, verbose: bool = False, quiet: bool = False) -> Iterator[Watch]:
    """Show how far a run is while its results come; ``verbose`` adds a line for each.

    The bar names the cases that run. A console that is no terminal shows a line a minute instead, so that who
    watches a pipe sees that the run lives; ``quiet`` shows nothing.

    >>> from drmg_check.runs import example_audit
    >>> with progress_handler(Console(width=80)) as watch:
    ...     watch.show(example_audit()[0])
    drmg-check 0.1.0: 2 cases, profile quick, seed 0
    """
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", markup=False),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )

    running: dict[str, None] = {}
    told = [monotonic()]

    def tell() -> None:
        if progress.disable and not quiet and not verbose and monotonic() - told[0] >= EVERY:
            told[0], task = monotonic(), progress.tasks[0]
            console.print(f"{task.completed:.0f} of {task.total:.0f} done; {_running(running)}".rstrip("; "))

    def show(event: Event) -> None:
        if isinstance(event, Header):
            progress.add_task("judging", total=len(event.cases), last="")
            if not quiet:
                progress.console.print(_opening(event))
        elif isinstance(event, Result | Check):
            running.pop(event.case, None)
            progress.update(progress.task_ids[0], advance=1, last=_running(running) or one_line(event.case))
            if verbose:
                progress.console.print(_one_line(event))
            tell()

    def begin(case: str) -> None:
        running[case] = None
        progress.update(progress.task_ids[0], last=_running(running), refresh=True)
        tell()

    with progress:
        yield Watch(show, begin)


def _running(cases: Iterable[str]) -> str:
    """Say which cases run, the oldest first; those of a run that does not say are none."""
    shown = [one_line(case) for case in cases][:MOST_RUNNING]
    return f"running {', '.join(shown)}" if shown else ""


def print_summary(
    console: Console, events: Sequence[Event], shown: Shown = NORMALLY, *, notes: Sequence[str] = ()
) -> None:
    """Print what there is to say about a run, finished or not: tables, failures, a sentence, ``notes``.

    Parameters
    ----------
    console : Console
    events : sequence of Event
    shown : Shown
        How much of it.
    notes : sequence of str
        Lines that follow, of the files that were written; not printed if quiet.

    Examples
    --------
    >>> from drmg_check.runs import example_validation
    >>> print_summary(Console(width=80), example_validation(), Shown(quiet=True))  # doctest: +ELLIPSIS
    FAILED tv/oracle/small  agrees: fractions that a reader can check by hand
      p = (0, 1)   V = (0, 1)   rho = 1
    ...
    1 passed, 1 failed, 1 skipped in 250 ms
    """
    run = read_run(events)
    if isinstance(run, Audited):
        sections = audit_sections(run, shown, wide=console.width >= WIDE)
        last = audit_line(run)
    else:
        sections = validation_sections(run, shown)
        last = validation_line(run)
    for section in sections:
        for part in section:
            print_part(console, part)
        console.print()
    if notes and not shown.quiet:
        for note in notes:
            print_part(console, Text(one_line(note), style="cyan"))
        console.print()
    print_part(console, last)


def _opening(header: Header) -> Text:
    target = target_of(header)
    what = f"{len(header.cases)} cases" if target is None else f"{len(header.cases)} checks of {target.name}"
    return Text(
        f"drmg-check {one_line(header.tool_version)}: {one_line(what)}, "
        f"profile {one_line(header.profile)}, seed {header.seed}"
    )


def _one_line(result: Result | Check) -> Text:
    if isinstance(result, Check):
        said = f"{result.outcome}: {result.reason}" if result.reason else result.outcome
    else:
        said = result.found or f"{result.outcome}: {result.note}"
    return Text(
        one_line(f"  {result.case}  {said}  ({duration(result.seconds)})"), no_wrap=True, overflow="ellipsis"
    )
