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
    run = read_run(events)
    for section in _sections(run, verbose=verbose, quiet=quiet, files=files):
        for part in section:
            _print(console, part)
        console.print()
    _print(console, _last_line(run))


def print_result(console: Console, result: Result) -> None:
    """Print one result with its evidence."""
    for part in (_claims_table([result]), Text(), *_evidence(result)):
        _print(console, part)


def _print(console: Console, part: RenderableType) -> None:
    # A line may be a command to paste: it must stay one line, however narrow the terminal is.
    console.print(part, soft_wrap=isinstance(part, Text))


def _sections(
    run: Run, *, verbose: bool, quiet: bool, files: Sequence[Path]
) -> Iterator[Iterable[RenderableType]]:
    if not quiet:
        if generated := [judgement.generated for judgement in run.judgements if judgement.generated]:
            yield _claims_section(generated)
        if run.games:
            yield _games_section(run)
    for result in run.results:
        if _is_alarming(result) or (verbose and result.counterexample is not None):
            yield _evidence(result)
    if not quiet:
        if skipped := tuple(_skipped(run)):
            yield skipped
        # Not a Text, so that it is wrapped.
        yield (Group(Text(visible(sentence(run)))),)
        if files:
            yield (Text(visible(f"Written: {', '.join(map(str, files))}"), style="cyan"),)


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


def _claims_section(results: Sequence[Result]) -> Iterator[RenderableType]:
    yield _claims_table(results)
    if any(result.undecided for result in results):
        yield Text("  a/b: a of b instances decided, the slack of the others is too close to 0", style="dim")


def _claims_table(results: Iterable[Result]) -> Table:
    table = _table()
    table.add_column("  id", no_wrap=True)
    table.add_column("claim")  # the one column that gives way on a narrow terminal
    table.add_column("expected", no_wrap=True)
    table.add_column("found", no_wrap=True)
    for name in ("tried", "slack", "time"):
        table.add_column(name, no_wrap=True, justify="right")
    for result in results:
        decided = result.instances - result.undecided
        table.add_row(
            Text.assemble("! " if _is_alarming(result) else "  ", (visible(result.claim.id), "bold")),
            Text(visible(result.claim.title), no_wrap=True, overflow="ellipsis"),
            Text(visible(result.claim.expected), style="dim"),
            Text(result.found or result.outcome, style=_style(result)),
            Text(f"{decided}/{result.instances}" if result.undecided else f"{result.instances}"),
            Text(_slack(result)),
            Text(duration(result.seconds), style="dim"),
        )
    return table


def _games_section(run: Run) -> Iterator[RenderableType]:
    judged = [judgement for judgement in run.judgements if judgement.on_games]
    for start in range(0, len(judged), CLAIMS_ABREAST):
        yield _games_table(run.games, judged[start : start + CLAIMS_ABREAST])
    yield Text("  ✓ holds   ✗ refuted   · skipped   ! error", style="dim")


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


def _evidence(result: Result) -> Iterator[Text]:
    kind, colour = ("FAILURE", "bold red") if _is_alarming(result) else (result.found.upper(), "bold")
    yield Text.assemble((f"{kind} {visible(result.case)}", colour), f"  {visible(result.claim.title)}")
    if result.outcome == "unexpected":
        yield Text(f"  expected {visible(result.claim.expected)}, found {result.found}")
    if result.note:
        yield Text(f"  {visible(result.note)}")
    if result.counterexample is not None:
        for line in result.counterexample.lines:
            yield Text(f"    {visible(line)}")
    yield Text("  Reproduce with:")
    yield Text(f"    {visible(result.replay)}", style="cyan")


def _skipped(run: Run) -> Iterator[Text]:
    reasons: dict[str, list[str]] = {}
    for result in run.results:
        if result.outcome == "skipped":
            reasons.setdefault(result.note, []).append(result.case)
    for note, cases in reasons.items():
        shown = ", ".join(cases[:3]) + (f" and {len(cases) - 3} more" if len(cases) > 3 else "")
        yield Text(visible(f"skipped {shown}: {note}"), style="dim")


def _last_line(run: Run) -> Text:
    outcomes = [result.outcome for result in run.results]
    counts = {
        "as expected": outcomes.count("as expected"),
        "unexpected": outcomes.count("unexpected"),
        "error" + "s" * (outcomes.count("error") != 1): outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "not run": len(run.missing),
    }
    said = ", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "as expected")
    failed = counts["unexpected"] or outcomes.count("error") or run.footer is None
    how = "in" if run.footer else "before the run died, after"
    return Text(f"{said} {how} {duration(run.seconds)}", style="bold red" if failed else "bold green")


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
