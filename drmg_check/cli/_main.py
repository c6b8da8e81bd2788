"""The command ``drmg-check``: its subcommands, and how every failure leaves."""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from drmg_check.cli._audit import audit
from drmg_check.cli._bound import bound
from drmg_check.cli._certificates import verify_certificate
from drmg_check.cli._certify import certify
from drmg_check.cli._claims import claims
from drmg_check.cli._compare import diff, trend
from drmg_check.cli._completion import VARIABLE, completion
from drmg_check.cli._doctor import doctor
from drmg_check.cli._experiment import experiment
from drmg_check.cli._games import convert, show
from drmg_check.cli._learn import learn
from drmg_check.cli._plan import plan
from drmg_check.cli._prove import prove
from drmg_check.cli._replay import replay
from drmg_check.cli._report import report
from drmg_check.cli._targets import init_adapter, protocol
from drmg_check.cli._validate import validate
from drmg_check.cli._vectors import vectors
from drmg_check.version import __version__

USAGE, INTERRUPTED, NO_READER, TERMINATED, INTERNAL = 2, 130, 141, 143, 3
_asked_to_end = False


class _NobodyReadsError(Exception):
    """Standard output is a pipe whose reader is gone."""


class _Commands(click.Group):
    """The group; click would turn a broken pipe into an exit that looks like anybody's ``sys.exit(1)``."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _NobodyReadsError from error


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Exit codes: 0 all as expected, 1 findings, 2 wrong usage or input.",
)
@click.version_option(__version__, prog_name="drmg-check", message="%(prog)s %(version)s")
@click.option("--traceback", is_flag=True, help="Show where an internal error comes from.")
def drmg_check(traceback: bool) -> None:
    """Check theory, code and policies of distributionally robust Markov games.

    Each answer comes with evidence that a stranger can re-check.
    """


for command in (
    audit,
    bound,
    certify,
    claims,
    completion,
    convert,
    diff,
    doctor,
    experiment,
    init_adapter,
    learn,
    plan,
    protocol,
    prove,
    replay,
    report,
    show,
    trend,
    validate,
    vectors,
    verify_certificate,
):
    drmg_check.add_command(command)


def main() -> NoReturn:
    """Run the command line and exit: 0 as expected, 1 findings, 2 usage or input.

    Bad input never shows a traceback. Beyond the three, 3 is an internal error, 130 an interrupt,
    141 a pipe whose reader is gone and 143 a request to end.
    """
    _open_streams()
    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without a ✓ shows a question mark
    warnings.showwarning = partial(_note, warnings.showwarning)
    sys.exit(_run())


def _end(*_: object) -> None:
    """Leave on a request to end as on Ctrl-C: what is half written is taken away, what is recorded said."""
    global _asked_to_end
    _asked_to_end = True
    raise KeyboardInterrupt


def _open_streams() -> None:
    """Put nothing in the place of streams that are closed, so that no file gets their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the end


def _run() -> int:
    try:
        status = drmg_check.main(prog_name="drmg-check", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        return TERMINATED if _asked_to_end else INTERRUPTED
    except click.ClickException as error:
        return _refuse_usage(error)
    except (BrokenPipeError, _NobodyReadsError):
        return _left()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # rich exits when nobody reads
            return _left()
        if VARIABLE in os.environ:  # click exits after a completion
            return int(end.code or 0)
        return _refuse(
            f"sys.exit({end.code!r}) was called by code that this command runs, and nothing was judged; "
            "expected a module that returns: take the call out"
        )
    except OSError as error:
        why = error.strerror or str(error)
        if error.filename is None:
            return _refuse(why)
        return _refuse(f"{error.filename}: {why}; mend that, or choose another path")
    except Exception as error:
        return _explain(error)
    return int(status or 0)


def _explain(error: Exception) -> int:
    from drmg_check.vocabulary import DrmgError

    if isinstance(error, DrmgError):
        return _refuse(str(error))
    if "--traceback" in sys.argv:
        traceback.print_exc()
    _say(
        f"Internal error: {type(error).__name__}: {_readable(str(error))}\n"
        "This is a bug in drmg-check. Please report it with the command line, the output of\n"
        "`drmg-check doctor` and of the same command as `drmg-check --traceback ...`."
    )
    return INTERNAL


def _note(otherwise: Callable[..., None], message: Warning | str, *rest: Any) -> None:  # noqa: ANN401
    """Say in a line what was made of an input; where the code that says so stands is nobody's business."""
    if type(message).__name__ == "InputWarning":
        _say(f"Note: {_readable(str(message))}")
    else:
        otherwise(message, *rest)


def _refuse(message: str) -> int:
    _say(f"Error: {_readable(message)}")
    return USAGE


def _refuse_usage(error: click.ClickException) -> int:
    shown = io.StringIO()
    error.show(shown)
    text = shown.getvalue().rstrip()
    help_only = isinstance(error, click.exceptions.NoArgsIsHelpError)  # our own words, in no time
    _say(text if help_only else _readable(text))
    return USAGE


def _say(text: str) -> None:
    with _unless_unheard():
        click.echo(text, err=True)


@contextmanager
def _unless_unheard() -> Iterator[None]:
    """Go on where standard error is full or gone: the exit code still says what happened."""
    try:
        yield
        sys.stderr.flush()
    except OSError:
        sys.stderr = io.StringIO()


def _left() -> int:
    sys.stdout = io.StringIO()
    return NO_READER


def _readable(message: str) -> str:
    from drmg_check.vocabulary import readable

    return readable(message)
