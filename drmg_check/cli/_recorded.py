"""Runs that a command records while they last, and goes on with when they were interrupted."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.runs import Emit, Event


def record_run(
    run: Callable[[Emit, Callable[[str], None]], None],
    run_file: Path,
    earlier: Sequence[Event],
    *,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Run what emits events, and says which case begins; each event is on disk before it is shown.

    Interrupted, say how to go on.
    """
    from drmg_check.runs import encode_event, recording
    from drmg_reports import progress_handler

    try:
        with ExitStack() as stack:
            record = stack.enter_context(recording(run_file, resume=bool(earlier)))
            show: Callable[[Event], object] = lambda event: click.echo(encode_event(event), nl=False)  # noqa: E731
            begin: Callable[[str], None] = lambda case: None  # noqa: E731
            if not as_json:
                watch = stack.enter_context(progress_handler(console(), verbose=verbose, quiet=quiet))
                show, begin = watch.show, watch.begin

            def emit(event: Event) -> None:
                record(event)  # first of all to disk
                show(event)

            for event in earlier:
                show(event)
            run(emit, begin)
    except KeyboardInterrupt:
        _say_what_is_there(run_file)
        raise


def say_how_to_go_on(what: str) -> None:
    """Say that the run was interrupted, what there is of it, and the line that goes on with it."""
    words = [word for word in sys.argv[1:] if word != "--resume"]
    line = shlex.join(["drmg-check", *words, "--resume"])
    click.echo(f"\nInterrupted; {what}. Go on with:\n  {line}", err=True)


def _say_what_is_there(run_file: Path) -> None:
    from drmg_check.runs import Check, Result, read_events, whole_lines

    if not whole_lines(run_file):
        return
    done = sum(isinstance(event, Result | Check) for event in read_events(run_file))
    say_how_to_go_on(f"{done} results are in {run_file}")
