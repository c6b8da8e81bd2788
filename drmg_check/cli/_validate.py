"""``drmg-check validate``: judge somebody's implementation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drmg_check.cli._completion import check_ids
from drmg_check.cli._completion import sets as complete_sets
from drmg_check.cli._console import console
from drmg_check.cli._folder import only_run_in, write_file
from drmg_check.cli._options import (
    MEMORY_SIZE,
    Seconds,
    existing_file,
    json_option,
    profile_option,
    quiet_option,
    seed_option,
)
from drmg_check.cli._recorded import record_run
from drmg_check.cli._replay_check import given_question, replay_notes
from drmg_check.words import CONCEPTS, LEVELS, PRECISIONS, QUANTITIES

if TYPE_CHECKING:
    from drmg_check.referee import Session, Validation
    from drmg_check.runs import Emit, Event


@click.command(epilog="Exit codes: 0 no check failed, 1 findings, 2 usage or a target that does not start.")
@click.argument("target")
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="SET",
    shell_complete=complete_sets,
    help="As in tv, kl, tv:nominal. Repeatable.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    metavar="LEVEL",
    help=f"{', '.join(LEVELS[:-1])} or {LEVELS[-1]}.  [default: worst-case]",
)
@click.option("--concept", type=click.Choice(CONCEPTS), help="Which equilibrium it aims at.")
@click.option("--quantity", type=click.Choice(QUANTITIES), help="What it takes V to be.")
@click.option("--radius-factor", metavar="X", help="It wants X times the radius, as in 2 for L1.")
@click.option("--radius-power", type=click.Choice(["1/2", "1", "2"]), help="It wants this power of it.")
@click.option("--accuracy", metavar="X", help="It may be off by X of the span of V.  [default: 1e-9]")
@click.option("--accuracy-absolute", metavar="X", help="It may be off by X besides.  [default: 0]")
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    metavar="FORMAT",
    help="It computes in float64 or float32.  [default: float64]",
)
@click.option("--distribution", is_flag=True, default=None, help="It returns (value, distribution).")
@click.option(
    "--checks",
    "patterns",
    multiple=True,
    metavar="GLOB,...",
    shell_complete=check_ids,
    help="Ids, as in tv/law/*.",
)
@click.option("--row", metavar="JSON", help="Judge this row only, and record nothing.")
@click.option("--game", type=existing_file, help="Judge this game only, or the input of a failure.")
@click.option("--xfails", type=existing_file, help="TOML file of expected failures and their reasons.")
@profile_option
@seed_option
@click.option("--time-limit", type=Seconds(), help="Seconds for one answer.  [default: 10]")
@click.option("--memory", type=MEMORY_SIZE, help="GiB of address space.  [default: 4]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("drmg-validate"),
    show_default=True,
    help="Folder for validate.ndjson, validate.html and badge.json.",
)
@click.option("--resume", is_flag=True, help="Go on with the unfinished run in --out.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Show each check and every failure.")
@json_option("the events as NDJSON")
def validate(
    target: str,
    sets: tuple[str, ...],
    patterns: tuple[str, ...],
    row: str | None,
    game: Path | None,
    xfails: Path | None,
    profile: str,
    seed: int,
    time_limit: float | None,
    memory: int | None,
    out: Path,
    resume: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **declaration: str | bool | None,
) -> int:
    """Judge somebody's implementation, of one row, a stage game or whole games.

    TARGET is module:function, path/to/file.py:function, an installed entry point,
    or 'cmd: COMMAND' that speaks the protocol (see drmg-check protocol).
    It runs in a process of its own: a crash, a hang or nonsense is a finding.
    """
    from drmg_check.referee import (
        CALL_LIMIT,
        MEMORY,
        idle_patterns,
        on_one_question,
        open_target,
        plan_validation,
        read_expected,
    )
    from drmg_check.referee import validate as judge_all
    from drmg_check.runs import earlier_events

    changes = {key: value for key, value in declaration.items() if value is not None}
    expected = read_expected(xfails) if xfails else {}
    wanted = [pattern.strip() for text in patterns for pattern in text.split(",") if pattern.strip()]
    told = {**({"sets": list(sets)} if sets else {}), **changes}
    with open_target(
        target,
        told,
        limit=time_limit or CALL_LIMIT,
        memory=memory * 2**30 if memory else MEMORY,
    ) as (subject, session):
        validation = plan_validation(subject, profile=profile, seed=seed, patterns=wanted, expected=expected)
        for sentence in idle_patterns(expected, validation.header.cases):
            click.echo(f"Warning: {sentence}", err=True)
        if row is not None or game is not None:
            question = given_question(row, game, subject.declared.level)
            return _judge_one(on_one_question(validation, question), session, as_json=as_json)
        run_file = out / "validate.ndjson"
        with only_run_in(out):
            earlier = earlier_events(run_file, validation.header, resume=resume)

            def run(emit: Emit, _: Callable[[str], None]) -> None:
                judge_all(validation, session, emit=emit, resume_from=earlier)

            record_run(run, run_file, earlier, quiet=quiet, verbose=verbose, as_json=as_json)
            return _report(run_file, subject.address, quiet=quiet, verbose=verbose, as_json=as_json)


def _judge_one(validation: Validation, session: Session[Any], *, as_json: bool) -> int:
    from drmg_check.referee import validate as judge_all
    from drmg_check.runs import encode_event
    from drmg_reports import Shown, print_summary

    events: list[Event] = []
    judge_all(validation, session, emit=events.append)
    if as_json:
        for event in events:
            click.echo(encode_event(event), nl=False)
    else:
        print_summary(console(), events, Shown(verbose=True))
    return _status(events)


def _report(run_file: Path, address: str, *, quiet: bool, verbose: bool, as_json: bool) -> int:
    from drmg_check.runs import read_events
    from drmg_reports import Shown, print_summary, render_badge, write_html

    events = read_events(run_file)
    page, badge = run_file.with_suffix(".html"), run_file.with_name("badge.json")
    write_html(events, page)
    write_file(badge, render_badge(events))
    if not as_json:
        notes = [f"Written: {page}, {run_file}", f"Badge: {badge}", *replay_notes(events, run_file, address)]
        print_summary(console(), events, Shown(quiet=quiet, verbose=verbose), notes=notes)
    return _status(events)


def _status(events: Sequence[Event]) -> int:
    from drmg_check.runs import Footer

    footer = events[-1]
    assert isinstance(footer, Footer)
    return 1 if footer.unexpected else 0
