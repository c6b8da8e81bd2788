"""A run on the terminal: progress while it lasts, then tables, failures and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from drmg_check.events import Event, Header, Result
from drmg_reports._run import Judgement, Run, read_run, sentence
from drmg_reports._show import duration, number, visible

CLAIMS_ABREAST = 14
"""Columns of the table of games that fit beside a name into 80 characters."""
_COLOURS = {"holds": "green", "proved": "bold green", "refuted": "red", "not checkable": "yellow"}
_MARKS = {"refuted": "✗", "skipped": "·", "error": "!"}


@contextmanager
def progress_handler(
    console: Console, *, verbose: bool = False, quiet: bool = False
) -> Iterator[Callable[[Event], None]]:
    """Show how far a run is while its results come; ``verbose`` adds a line for each.

    A console that is no terminal shows no bar; ``quiet`` shows nothing.
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

    def show(event: Event) -> None:
        if isinstance(event, Header):
            progress.add_task("judging", total=len(event.cases), last="")
            if not quiet:
                progress.console.print(_opening(event))
        elif isinstance(event, Result):
            progress.update(progress.task_ids[0], advance=1, last=visible(event.case))
            if verbose:
                progress.console.print(_one_line(event))

    with progress:
        yield show


def print_summary(
    console: Console,
    events: Sequence[Event],
    *,
    verbose: bool = False,
    quiet: bool = False,
    files: Sequence[Path] = (),
) -> None:
    """Print what there is to say about a run, finished or not: tables, failures, a sentence, ``files``.

    ``quiet`` leaves the failures and the last line, ``verbose`` adds every counterexample.
    """
    for part in _summary(read_run(events), verbose=verbose, quiet=quiet, files=files):
        # A command to paste must stay on one line, however narrow the terminal.
        console.print(part, soft_wrap=isinstance(part, Text))


def print_result(console: Console, result: Result) -> None:
    """Print one result with its evidence."""
    console.print(_claims_table([result]))
    if _is_alarming(result):
        lines = _failure(result)
    elif result.counterexample is not None:
        lines = _evidence(result)
    else:
        lines = iter([Text(f"  {visible(result.note)}"), Text()])
    for line in lines:
        console.print(line, soft_wrap=True)


def _summary(run: Run, *, verbose: bool, quiet: bool, files: Sequence[Path]) -> Iterator[RenderableType]:
    if not quiet:
        if generated := [judgement.generated for judgement in run.judgements if judgement.generated]:
            yield _claims_table(generated)
        if run.games:
            yield from _games_tables(run)
    for result in run.results:
        if _is_alarming(result):
            yield from _failure(result)
        elif verbose and result.counterexample is not None:
            yield from _evidence(result)
    if not quiet:
        yield from _skipped(run)
        yield Group(Text(visible(sentence(run))), "")
        for file in files:
            yield Text(visible(f"{file.suffix[1:].upper()}  {file}"), style="cyan")
    yield _last_line(run)


def _opening(header: Header) -> Text:
    return Text(
        f"drmg-check {visible(header.tool_version)}: {len(header.cases)} cases, "
        f"profile {visible(header.profile)}, seed {header.seed}"
    )


def _one_line(result: Result) -> Text:
    said = result.found or f"{result.outcome}: {result.note}"
    return Text(
        visible(f"  {result.case}  {said}  ({duration(result.seconds)})"), no_wrap=True, overflow="ellipsis"
    )


def _claims_table(results: Iterable[Result]) -> Table:
    table = _table()
    table.add_column("claim", no_wrap=True)
    table.add_column("statement")  # the one column that gives way on a narrow terminal
    table.add_column("expected", no_wrap=True)
    table.add_column("found", no_wrap=True)
    for name in ("tried", "slack", "time"):
        table.add_column(name, no_wrap=True, justify="right")
    for result in results:
        table.add_row(
            Text.assemble("! " if _is_alarming(result) else "  ", (visible(result.claim.id), "bold")),
            Text(visible(result.claim.title), no_wrap=True, overflow="ellipsis"),
            Text(visible(result.claim.expected), style="dim"),
            Text(result.found or result.outcome, style=_style(result)),
            Text(f"{result.instances:,}" + (f" ({result.undecided} open)" if result.undecided else "")),
            Text(_slack(result)),
            Text(duration(result.seconds), style="dim"),
        )
    return table


def _games_tables(run: Run) -> Iterator[RenderableType]:
    judged = [judgement for judgement in run.judgements if judgement.on_games]
    for start in range(0, len(judged), CLAIMS_ABREAST):
        yield _games_table(run.games, judged[start : start + CLAIMS_ABREAST])
    yield Text("  ✓ holds   ✗ refuted   · skipped   ! error", style="dim")
    yield Text()


def _games_table(games: Sequence[str], judgements: Sequence[Judgement]) -> Table:
    table = _table()
    table.add_column("  game")
    for judgement in judgements:
        table.add_column(Text(visible(judgement.claim.id)), no_wrap=True)
    for game in games:
        marks = []
        for judgement in judgements:
            result = next((one for one in judgement.on_games if one.subject == game), None)
            marks.append(Text(_mark(result), style=_style(result)) if result else Text())
        table.add_row(Text(f"  {visible(game)}", no_wrap=True, overflow="ellipsis"), *marks)
    return table


def _table() -> Table:
    return Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")


def _is_alarming(result: Result) -> bool:
    return result.outcome in ("unexpected", "error")


def _mark(result: Result) -> str:
    return _MARKS.get(result.found or result.outcome, "✓")


def _failure(result: Result) -> Iterator[Text]:
    yield Text.assemble((f"FAILURE {visible(result.case)}", "bold red"), f"  {visible(result.claim.title)}")
    if result.found:
        yield Text(f"  expected {visible(result.claim.expected)}, found {result.found}")
    yield from _body(result)


def _evidence(result: Result) -> Iterator[Text]:
    yield Text.assemble((f"REFUTED {visible(result.case)}", "bold"), f"  {visible(result.claim.title)}")
    yield from _body(result)


def _body(result: Result) -> Iterator[Text]:
    if result.note:
        yield Text(f"  {visible(result.note)}")
    if result.counterexample is not None:
        for line in result.counterexample.lines:
            yield Text(f"    {visible(line)}")
    yield Text("  Reproduce with:")
    yield Text(f"    {visible(result.replay)}", style="cyan")
    yield Text()


def _skipped(run: Run) -> Iterator[Text]:
    reasons: dict[str, list[str]] = {}
    for result in run.results:
        if result.outcome == "skipped":
            reasons.setdefault(result.note, []).append(result.case)
    for note, cases in reasons.items():
        shown = ", ".join(cases[:3]) + (f" and {len(cases) - 3} more" if len(cases) > 3 else "")
        yield Text(visible(f"skipped {shown}: {note}"), style="dim")
    if reasons:
        yield Text()


def _last_line(run: Run) -> Text:
    outcomes = [result.outcome for result in run.results]
    counts = {
        "as expected": outcomes.count("as expected"),
        "unexpected": outcomes.count("unexpected"),
        "error" + "s" * (outcomes.count("error") != 1): outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "not run: the run died": len(run.missing),
    }
    said = ", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "as expected")
    failed = counts["unexpected"] or outcomes.count("error") or run.footer is None
    return Text(f"{said} in {duration(run.seconds)}", style="bold red" if failed else "bold green")


def _slack(result: Result) -> str:
    low, high = result.smallest_slack_low, result.smallest_slack_high
    if low == high:
        return number(low) if low else "–"
    return f"< {number(high)}" if result.found == "refuted" else f"> {number(low)}"


def _style(result: Result | None) -> str:
    if result is None:
        return ""
    if result.outcome == "error":
        return "bold red"
    return _COLOURS.get(result.found, "dim")
