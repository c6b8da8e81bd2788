"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


class _NewFile(click.Path):
    """A file to write; an empty path would mean the current folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if not os.fspath(value):
            self.fail("'' is no path; expected that of the file to write.", param, ctx)
        return super().convert(value, param, ctx)


ledger_option = click.option(
    "--ledger",
    default="drmg_properties.claims:ledger",
    metavar="NAME|MODULE:FUNCTION",
    help="Claims of others: a registered name, or a function on PYTHONPATH.",
)
profile_option = click.option(
    "--profile",
    type=click.Choice(["quick", "ci", "deep"]),
    default="ci",
    show_default=True,
    help="How hard to search: a minute, some minutes, as long as it takes.",
)
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of every search."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show failures and the last line only.")
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = _NewFile(dir_okay=False, path_type=Path)
DEFAULT_RUN = Path("drmg-audit/audit.ndjson")  # what an audit writes unless told otherwise
LEVELS = (  # as drmg_check.targets has them, which costs too much to import for --help
    *("worst-case", "backup", "evaluation", "best-response", "gap"),
    *("equilibrium", "planner", "learner"),
)


def json_option(what: str) -> Callable[[F], F]:
    """Return the option that makes a command print ``what``, as in "the events as NDJSON", for programs."""
    return click.option("--json", "as_json", is_flag=True, help=f"Print {what}, and nothing else.")
