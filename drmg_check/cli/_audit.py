"""``drmg-check audit``: judge the claims of a ledger and report."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console
from drmg_check.cli._options import ledger_option, profile_option, seed_option

if TYPE_CHECKING:
    from drmg_check.audit import Plan
    from drmg_check.events import Event


@click.command(epilog="Exit codes: 0 every verdict as expected, 1 findings or errors, 2 usage or input.")
@click.option(
    "--claims", "patterns", multiple=True, metavar="GLOB,...", help="Ids, as in A3,B*. [default: all]"
)
@click.option(
    "--game",
    "games",
    multiple=True,
    metavar="FILE|zoo:NAME",
    help="Judge on this game, not on those of the zoo. Repeatable.",
)
@profile_option
@click.option("--budget", metavar="TIME", help="Search this long, as in 2h or 90m (profile deep).")
@seed_option
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Worker processes; 1 judges in this process.  [default: 2, or the number of cores]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("drmg-audit"),
    show_default=True,
    help="Folder for audit.ndjson and audit.html.",
)
@click.option("--resume", is_flag=True, help="Go on with the unfinished run in --out.")
@click.option("-q", "--quiet", is_flag=True, help="Show failures and the last line only.")
@click.option("-v", "--verbose", is_flag=True, help="Show each result and every counterexample.")
@click.option("--json", "as_json", is_flag=True, help="Print the events as NDJSON, and nothing else.")
@ledger_option
def audit(
    patterns: tuple[str, ...],
    games: tuple[str, ...],
    profile: str,
    budget: str | None,
    seed: int,
    jobs: int | None,
    out: Path,
    resume: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    ledger: str,
) -> int:
    """Judge the claims of a ledger and report.

    Each result is on disk the moment it is there: an interrupted run loses nothing
    and goes on with --resume.
    """
    from drmg_check.audit import check_same_plan, load_ledger, parse_duration, plan, select_claims
    from drmg_check.zoo import named_games, resolve_game

    wanted = [pattern.strip() for text in patterns for pattern in text.split(",") if pattern.strip()]
    selected = select_claims(load_ledger(ledger), wanted)
    for game in games:
        resolve_game(game)  # a game that the user names must load before anything runs
    jobs = jobs or min(2, os.cpu_count() or 1)
    run_file = out / "audit.ndjson"
    planned = plan(
        selected,
        games or [f"zoo:{name}" for name in named_games()],
        profile,
        seed,
        spend=parse_duration(budget) * jobs / len(selected) if budget else 0.0,
        ledger=ledger,
        run_file=str(run_file),
    )
    earlier = _earlier_events(run_file, resume=resume)
    if earlier:
        check_same_plan(planned.header, earlier)
    out.mkdir(parents=True, exist_ok=True)
    try:
        _run(planned, jobs, run_file, earlier, quiet=quiet, verbose=verbose, as_json=as_json)
    except KeyboardInterrupt:
        _say_how_to_go_on(run_file)
        raise
    return _report(run_file, quiet=quiet, verbose=verbose, as_json=as_json)


def _earlier_events(run_file: Path, *, resume: bool) -> Sequence[Event]:
    from drmg_check.events import is_complete, read_events, whole_lines
    from drmg_check.vocabulary import InputError

    if not run_file.is_file() or whole_lines(run_file) == 0:
        return ()
    if resume:
        return read_events(run_file)
    try:
        events = read_events(run_file)
    except InputError:  # of another version, or damaged: nothing that could be resumed
        return ()
    if len(events) > 1 and not is_complete(events):
        raise InputError(
            f"{run_file} is an unfinished run with {len(events) - 1} results; add --resume to go on "
            f"with it, delete it to start over, or choose another --out"
        )
    return ()


def _run(
    planned: Plan,
    jobs: int,
    run_file: Path,
    earlier: Sequence[Event],
    *,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    from drmg_check.audit import audit as run_audit
    from drmg_check.events import encode_event
    from drmg_reports import ndjson_handler, progress_handler

    with ExitStack() as stack:
        record = stack.enter_context(ndjson_handler(run_file, resume=bool(earlier)))
        show: Callable[[Event], object] = (
            (lambda event: click.echo(encode_event(event), nl=False))
            if as_json
            else stack.enter_context(progress_handler(console(), verbose=verbose, quiet=quiet))
        )

        def emit(event: Event) -> None:
            record(event)  # first of all to disk
            show(event)

        for event in earlier:
            show(event)
        run_audit(planned, jobs=jobs, emit=emit, resume_from=earlier)


def _report(run_file: Path, *, quiet: bool, verbose: bool, as_json: bool) -> int:
    from drmg_check.audit import DEFAULT_RUN
    from drmg_check.events import Footer, Result, read_events
    from drmg_reports import print_summary, write_html

    events = read_events(run_file)
    page = run_file.with_suffix(".html")
    write_html(events, page)
    if not as_json:
        notes = [f"Written: {page}, {run_file}"]
        if refuted := [event for event in events if isinstance(event, Result) and event.counterexample]:
            words = ["drmg-check", "replay", refuted[0].case]
            if run_file != Path(DEFAULT_RUN):
                words += ["--run", str(run_file)]
            notes.append(f"Replay a refutation: {shlex.join(words)}")
        print_summary(console(), events, quiet=quiet, verbose=verbose, notes=notes)
    footer = events[-1]
    assert isinstance(footer, Footer)
    return 1 if footer.unexpected or footer.errors else 0


def _say_how_to_go_on(run_file: Path) -> None:
    from drmg_check.events import Result, read_events, whole_lines

    if not whole_lines(run_file):
        return
    done = sum(isinstance(event, Result) for event in read_events(run_file))
    words = [word for word in sys.argv[1:] if word != "--resume"]
    click.echo(
        f"\nInterrupted; {done} results are in {run_file}. Go on with:\n"
        f"  {shlex.join(['drmg-check', *words, '--resume'])}",
        err=True,
    )
