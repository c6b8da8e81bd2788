"""``drmg-check replay tv/oracle/small``: judge a failure of a validation again, from its record."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console
from drmg_check.cli._options import DEFAULT_VALIDATION

if TYPE_CHECKING:
    from drmg_check.referee import Replayed
    from drmg_check.runs import Check, Event, TargetText
    from drmg_check.words import LevelName


def replay_of_check(
    case: str,
    run_file: Path | None,
    *,
    row: str | None,
    game: Path | None,
    value: str | None,
    target: str | None,
) -> int:
    """Print the question, the answer and the judgement; return 1 if the answer is wrong."""
    from drmg_check.referee import replay_check

    if value is not None and target is not None:
        raise click.UsageError("give --value or --target, not both")
    recorded, judged = _recorded(run_file or DEFAULT_VALIDATION, case)
    instance = "" if row is None and game is None else given_question(row, game, _level_of(judged))
    replayed = replay_check(recorded, judged, ask=target or "", value=value or "", instance=instance)
    out = console()
    out.print(f"{recorded.case}  {recorded.title}", style="bold", soft_wrap=True)
    for line in replayed.lines:
        out.print(f"  {line}", soft_wrap=True)
    out.print()
    whose = target or ("The answer given" if value else f"What {judged.address} answered")
    out.print(_judgement(replayed, whose), soft_wrap=True)
    return 1 if replayed.fault else 0


def replay_of_validation(run_file: Path, *, target: str | None, **other: object) -> int:
    """Judge every failure of a run again, a line each; return 1 if an answer is still wrong."""
    from drmg_check.referee import replay_check
    from drmg_check.vocabulary import InputError

    if stray := [f"--{name}" for name, given in other.items() if given is not None]:
        raise click.UsageError(
            f"{', '.join(stray)}: of one check; name it, and the record by --run {run_file}"
        )
    checks, judged = _run_of(run_file)
    out, counts = console(), {"still wrong": 0, "right": 0, "not judged": 0}
    for check in checks:
        if check.failure is None:
            continue
        try:
            replayed = replay_check(check, judged, ask=target or "")
        except InputError as error:
            said, outcome = str(error), "not judged"
        else:
            said = _judgement(replayed, check.case)
            outcome = "still wrong" if replayed.fault else "right"
        counts[outcome] += 1
        out.print(said, soft_wrap=True)
    wrong = counts["still wrong"]
    last = ", ".join(f"{n} {outcome}" for outcome, n in counts.items() if n) or "no failure recorded"
    out.print(last, style="bold red" if wrong else "bold green")
    return 1 if wrong else 0


def is_validation(run_file: Path) -> bool:
    """Return whether a record is that of a validation."""
    from drmg_check.runs import Header, read_events
    from drmg_reports.runs import target_of

    if run_file.suffix != ".ndjson":
        return False
    header = read_events(run_file)[0]
    return isinstance(header, Header) and target_of(header) is not None


def _judgement(replayed: Replayed, whose: str) -> str:
    said = f"{whose}: {replayed.fault or 'no fault found'}"
    if replayed.as_recorded is None:
        return f"{said}."
    return f"{said}, {'as' if replayed.as_recorded else 'otherwise than'} the run recorded."


def given_question(row: str | None, game: Path | None, level: LevelName) -> str:
    """Return the row or the game that options give, for a level.

    Raises
    ------
    click.UsageError
        Both are given, or the one that the level does not ask about.
    """
    from drmg_check.files import read_file

    if row is not None and game is not None:
        raise click.UsageError("give --row or --game, not both")
    if (row is not None) != (level == "worst-case"):
        other, noun = ("--game FILE", "a game") if row is not None else ("--row JSON", "one row")
        raise click.UsageError(f"the level {level} is about {noun}; give {other}")
    if row is not None:
        return row
    assert game is not None
    return read_file(game).decode(errors="replace")


def replay_notes(events: Sequence[Event], run_file: Path, address: str) -> list[str]:
    """Return how to judge the worst failure again from the record, if there is one: a line to paste."""
    from drmg_check.runs import Check

    failed = [event for event in events if isinstance(event, Check) and event.failure is not None]
    if not failed:
        return []
    worst = max(failed, key=_severity)
    words = ["drmg-check", "replay", worst.case, "--run", str(run_file), "--target", address]
    return ["Replay from the record:", f"  {shlex.join(words)}"]


def _severity(check: Check) -> float:
    return 0.0 if check.failure is None else check.failure.severity


def _level_of(target: TargetText) -> LevelName:
    from drmg_check.referee import recorded_declaration

    return recorded_declaration(target).level


def _recorded(run_file: Path, case: str) -> tuple[Check, TargetText]:
    from drmg_check.vocabulary import InputError

    checks, target = _run_of(run_file)
    for check in checks:
        if check.case == case:
            return check, target
    failed = ", ".join(check.case for check in checks if check.failure is not None)
    raise InputError(f"{run_file} has no check {case!r}; it has failures of: {failed or 'none'}")


def _run_of(run_file: Path) -> tuple[list[Check], TargetText]:
    from drmg_check.runs import Check, Header, read_events
    from drmg_check.vocabulary import InputError
    from drmg_reports.runs import target_of

    if not run_file.exists():
        raise InputError(f"no run at {run_file}; give --run FILE, the validate.ndjson of a validation")
    header, *events = read_events(run_file)
    target = target_of(header) if isinstance(header, Header) else None
    if target is None:
        raise InputError(f"{run_file} is no validation; give --run FILE, the validate.ndjson of one")
    return [event for event in events if isinstance(event, Check)], target
