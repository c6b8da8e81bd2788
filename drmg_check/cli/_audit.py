"""``drmg-check audit``: judge the claims of a ledger and report."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import claim_ids, games
from drmg_check.cli._console import console
from drmg_check.cli._folder import only_run_in
from drmg_check.cli._options import (
    DEFAULT_RUN,
    JOBS,
    json_option,
    ledger_option,
    limit_option,
    profile_option,
    quiet_option,
    seed_option,
)
from drmg_check.cli._recorded import record_run

if TYPE_CHECKING:
    from drmg_check.runs import Emit


@click.command(epilog="Exit codes: 0 every verdict as expected, 1 findings or errors, 2 usage or input.")
@click.option(
    "--claims",
    "patterns",
    multiple=True,
    metavar="GLOB,...",
    shell_complete=claim_ids,
    help="Ids, as in A3,B*. [default: all]",
)
@click.option(
    "--game",
    "games",
    multiple=True,
    metavar="FILE|zoo:NAME",
    shell_complete=games,
    help="Judge on this game, not on those of the zoo. Repeatable.",
)
@profile_option
@click.option("--budget", metavar="TIME", help="Search this long, as in 2h or 90m (profile deep).")
@limit_option
@seed_option
@click.option(
    "--jobs",
    type=JOBS,
    help="Worker processes; 1 judges in this process.  [default: 2, or the number of cores]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_RUN.parent,
    show_default=True,
    help="Folder for audit.ndjson and audit.html.",
)
@click.option("--resume", is_flag=True, help="Go on with the unfinished run in --out.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Show each result and every counterexample.")
@json_option("the events as NDJSON")
@ledger_option
def audit(
    patterns: tuple[str, ...],
    games: tuple[str, ...],
    profile: str,
    budget: str | None,
    limit: float | None,
    seed: int,
    jobs: int | None,
    out: Path,
    resume: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    ledgers: tuple[str, ...],
) -> int:
    """Judge the claims of a ledger and report.

    Each result is on disk the moment it is there: an interrupted run loses nothing
    and goes on with --resume.
    """
    from drmg_check.runs import earlier_events
    from drmg_check.zoo import named_games, resolve_game
    from drmg_properties.audit import audit as judge_all
    from drmg_properties.audit import limited, list_claims, parse_duration, plan, select_claims

    wanted = [pattern.strip() for text in patterns for pattern in text.split(",") if pattern.strip()]
    selected = select_claims(list_claims(ledgers), wanted)
    for game in games:
        resolve_game(game)  # a game that the user names must load before anything runs
    jobs = jobs or min(2, os.cpu_count() or 1)
    run_file = out / DEFAULT_RUN.name
    planned = plan(
        selected,
        games or [f"zoo:{name}" for name in named_games()],
        profile,
        seed,
        spend=parse_duration(budget) * jobs / len(selected) if budget else 0.0,
        run_file="" if run_file == DEFAULT_RUN else str(run_file),
    )
    if limit is not None:
        planned = limited(planned, limit)
    with only_run_in(out):
        earlier = earlier_events(run_file, planned.header, resume=resume)

        def run(emit: Emit, begin: Callable[[str], None]) -> None:
            judge_all(planned, jobs=jobs, emit=emit, resume_from=earlier, begin=begin)

        record_run(run, run_file, earlier, quiet=quiet, verbose=verbose, as_json=as_json)
        return _report(run_file, quiet=quiet, verbose=verbose, as_json=as_json)


def _report(run_file: Path, *, quiet: bool, verbose: bool, as_json: bool) -> int:
    from drmg_check.runs import Footer, Result, read_events
    from drmg_properties.audit import DEFAULT_LEDGERS, ledger_address
    from drmg_reports import Shown, print_summary, write_html

    events = read_events(run_file)
    page = run_file.with_suffix(".html")
    write_html(events, page)
    if not as_json:
        notes = [f"Written: {page}, {run_file}"]
        if refuted := [event for event in events if isinstance(event, Result) and event.counterexample]:
            words = ["drmg-check", "replay", refuted[0].case]
            if run_file != DEFAULT_RUN:
                words += ["--run", str(run_file)]
            if (address := ledger_address(refuted[0].claim, events)) not in DEFAULT_LEDGERS:
                words += ["--ledger", address]
            notes.append(f"Replay a refutation: {shlex.join(words)}")
        print_summary(console(), events, Shown(quiet=quiet, verbose=verbose), notes=notes)
    footer = events[-1]
    assert isinstance(footer, Footer)
    return 1 if footer.unexpected or footer.errors else 0
