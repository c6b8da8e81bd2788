"""A run on the terminal: progress while it lasts, then tables, failures and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from drmg_check.runs import Check, Event, Header, Result
from drmg_check.vocabulary import InputError, brief, exact
from drmg_reports._checks import target_of
from drmg_reports._prose import Prose
from drmg_reports._run import Judgement, Run, read_run, sentence
from drmg_reports._show import duration
from drmg_reports._show import line as _line
from drmg_reports._validation import validation_line, validation_sections

CLAIMS_ABREAST = 14
"""Columns of the table of games that fit beside a name into 80 characters."""
WIDE = 100
"""Columns from which the table of claims has room for everything."""
LONGEST = 200
"""Characters of a case's name, or of a title, that are shown."""
MOST_REASONS = 3
"""Lines about skipped cases; on the zoo nearly each has its own reason."""
LONGEST_NUMBER = 8
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
        elif isinstance(event, Result | Check):
            progress.update(progress.task_ids[0], advance=1, last=_line(event.case))
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
    notes: Sequence[str] = (),
) -> None:
    """Print what there is to say about a run, finished or not: tables, failures, a sentence, ``notes``.

    ``quiet`` leaves the failures and the last line, ``verbose`` adds every counterexample.
    """
    run = read_run(events)
    if target_of(run.header) is None:
        wide = console.width >= WIDE
        sections = _sections(run, verbose=verbose, quiet=quiet, wide=wide, notes=notes)
        last = _last_line(run)
    else:
        checks = [event for event in events if isinstance(event, Check)]
        sections = validation_sections(checks, _table(), verbose=verbose, quiet=quiet, notes=notes)
        last = validation_line(checks, len(run.missing), run.seconds)
    for section in sections:
        for part in section:
            _print(console, part)
        console.print()
    _print(console, last)


def print_result(console: Console, result: Result) -> None:
    """Print one result with its evidence."""
    _print(console, _claims_table([result], wide=True))
    for line in (Text(), *_evidence(result)):
        _print(console, line)


def _print(console: Console, part: RenderableType) -> None:
    # A Text is a line that may be pasted and stays whole, however narrow the terminal; Prose breaks itself.
    console.print(part, soft_wrap=isinstance(part, Text | Prose))


def _sections(
    run: Run, *, verbose: bool, quiet: bool, wide: bool, notes: Sequence[str]
) -> Iterator[Iterable[RenderableType]]:
    if not quiet:
        if generated := [judgement.generated for judgement in run.judgements if judgement.generated]:
            yield _claims_section(generated, wide=wide)
        if run.games:
            yield _games_section(run)
    for result in run.results:
        if _is_alarming(result) or (verbose and result.counterexample is not None):
            yield _evidence(result)
    if not quiet:
        if skipped := tuple(_skipped(run, verbose=verbose)):
            yield skipped
        yield (Group(Text(_line(sentence(run)))),)
        if notes:
            yield [Text(_line(note), style="cyan") for note in notes]


def _opening(header: Header) -> Text:
    target = target_of(header)
    what = f"{len(header.cases)} cases" if target is None else f"{len(header.cases)} checks of {target.name}"
    return Text(
        f"drmg-check {_line(header.tool_version)}: {_line(what)}, "
        f"profile {_line(header.profile)}, seed {header.seed}"
    )


def _one_line(result: Result | Check) -> Text:
    if isinstance(result, Check):
        said = f"{result.outcome}: {result.reason}" if result.reason else result.outcome
    else:
        said = result.found or f"{result.outcome}: {result.note}"
    return Text(
        _line(f"  {result.case}  {said}  ({duration(result.seconds)})"), no_wrap=True, overflow="ellipsis"
    )


def _claims_section(results: Sequence[Result], *, wide: bool) -> Iterator[RenderableType]:
    yield _claims_table(results, wide=wide)
    if any(result.undecided for result in results):
        yield Text("  a/b: a of b instances decided, the slack of the others is too close to 0", style="dim")


def _claims_table(results: Sequence[Result], *, wide: bool) -> Table:
    # 80 columns have no room for times, nor for expectations that were all met.
    with_expected = wide or any(map(_is_alarming, results))
    table = _table()
    table.add_column("  id", no_wrap=True)
    table.add_column("claim")  # the one column that gives way
    if with_expected:
        table.add_column("expected", no_wrap=True)
    table.add_column("found", no_wrap=True)
    for name in ("tried", "slack", "time") if wide else ("tried", "slack"):
        table.add_column(name, no_wrap=True, justify="right")
    for result in results:
        decided = result.instances - result.undecided
        cells = [
            Text.assemble("! " if _is_alarming(result) else "  ", (_line(result.claim.id), "bold")),
            Text(_line(result.claim.title), no_wrap=True, overflow="ellipsis"),
        ]
        if with_expected:
            cells.append(Text(_line(result.claim.expected), style="dim"))
        cells += [
            Text(result.found or result.outcome, style=_style(result)),
            Text(f"{decided}/{result.instances}" if result.undecided else f"{result.instances}"),
            Text(_slack(result)),
        ]
        if wide:
            cells.append(Text(duration(result.seconds), style="dim"))
        table.add_row(*cells)
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
        table.add_column(Text(_line(judgement.claim.id)), no_wrap=True)
    for game in games:
        marks = []
        for judgement in judgements:
            result = next((one for one in judgement.on_games if one.subject == game), None)
            marks.append(Text(_mark(result), style=_style(result)) if result else Text())
        table.add_row(Text(f"  {_line(game)}", no_wrap=True, overflow="ellipsis"), *marks)
    return table


def _table() -> Table:
    return Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")


def _is_alarming(result: Result) -> bool:
    return result.outcome in ("unexpected", "error")


def _mark(result: Result) -> str:
    return _MARKS.get(result.found or result.outcome, "✓")


def _evidence(result: Result) -> Iterator[RenderableType]:
    kind, colour = ("FAILURE", "bold red") if _is_alarming(result) else (result.found.upper(), "bold")
    case, title = (_line(brief(text, LONGEST)) for text in (result.case, result.claim.title))
    yield Text.assemble((f"{kind} {case}", colour), f"  {title}")
    if result.outcome == "unexpected":
        yield Text(f"  expected {_line(result.claim.expected)}, found {result.found}")
    if result.note:
        yield Prose(result.note, 2)
    if result.counterexample is not None:
        for line in result.counterexample.lines:
            yield Prose(line, 4)
    yield Text("  Reproduce with:")
    yield Text(f"    {_line(result.replay)}", style="cyan")


def _skipped(run: Run, *, verbose: bool) -> Iterator[Prose]:
    reasons: dict[str, list[str]] = {}
    for result in run.results:
        if result.outcome == "skipped":
            reasons.setdefault(result.note, []).append(brief(result.case, LONGEST))
    commonest = sorted(reasons, key=lambda note: -len(reasons[note]))
    shown = commonest if verbose or len(commonest) <= MOST_REASONS else commonest[: MOST_REASONS - 1]
    for note in shown:
        cases = reasons[note]
        more = f" and {len(cases) - 2} more" if len(cases) > 2 else ""
        yield Prose(f"skipped {', '.join(cases[:2])}{more}: {note}", style="dim")
    if rest := len(commonest) - len(shown):
        yield Prose(f"skipped more for {rest} other reasons; --verbose lists them", style="dim")


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
    time = f" {how} {duration(run.seconds)}" if run.seconds else ""
    return Text(said + time, style="bold red" if failed else "bold green")


def _slack(result: Result) -> str:
    low, high = result.smallest_slack_low, result.smallest_slack_high
    if low == high:
        return _short(low) if low else "–"
    return f"< {_short(high)}" if result.found == "refuted" else f"> {_short(low)}"


def _short(text: str) -> str:
    try:
        return text if len(text) <= LONGEST_NUMBER else f"{float(exact(text)):.1e}".replace("e-0", "e-")
    except InputError:  # beyond what vocabulary numbers are
        return f"{text[:LONGEST_NUMBER]}…"


def _style(result: Result) -> str:
    if result.outcome == "error":
        return "bold red"
    return _COLOURS.get(result.found, "dim")
